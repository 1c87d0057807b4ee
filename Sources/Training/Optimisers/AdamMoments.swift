import COpenBLAS
import Foundation

/// The step of ``Adam`` and ``AdamW``, with the operations in PyTorch's order.
struct AdamMoments {
    var memory = OptimiserMemory(kinds: ["first-moment", "second-moment"])
    private static let first = 0, second = 1

    mutating func step(_ parameters: [Parameter], _ settings: AdamSettings, learningRate: Float, decoupled: Bool) {
        memory.beginStep(parameters)
        // Bias corrections in double precision, as PyTorch has them: 1 − 0.999 in single has four digits.
        let firstCorrection = 1 - pow(double(settings.firstDecay), Double(memory.steps))
        let secondCorrection = 1 - pow(double(settings.secondDecay), Double(memory.steps))
        let rate = double(learningRate)
        for (index, parameter) in parameters.enumerated() {
            let decay = settings.weightDecay.strength(for: parameter), count = parameter.values.count
            let update = Update(
                firstShare: Float(1 - double(settings.firstDecay)),
                secondDecay: settings.secondDecay, secondShare: Float(1 - double(settings.secondDecay)),
                epsilon: settings.epsilon, rate: Float(rate / firstCorrection), divisor: Float(secondCorrection.squareRoot()),
                coupledDecay: decoupled ? 0 : decay, shrinkage: decoupled ? Float(1 - rate * double(decay)) : 1)
            parameter.gradient.withUnsafeBufferPointer { gradients in
                parameter.values.withUnsafeMutableBufferPointer { values in
                    guard let gradients = gradients.baseAddress, let values = values.baseAddress else { return }
                    memory.withArrays(Self.first, Self.second, of: index) { firsts, seconds in
                        ParameterSweep.run(count) { _, range in
                            update.run(range, values: values, gradients: gradients, firsts: firsts, seconds: seconds)
                        }
                    }
                }
            }
        }
    }

    /// The double nearest to what was written as a decimal: 0.999 and not 0.99900001.
    private func double(_ value: Float) -> Double { Double(value.description) ?? Double(value) }

    private struct Update {
        let firstShare: Float
        let secondDecay: Float
        let secondShare: Float
        let epsilon: Float
        let rate: Float
        let divisor: Float
        let coupledDecay: Float
        let shrinkage: Float

        /// Two plain loops over a few values at a time, which the compiler turns into vectors, square roots and divisions
        /// included. It gives up on one loop over four arrays, or where a store could change a factor.
        func run(
            _ range: Range<Int>, values: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
            firsts: UnsafeMutablePointer<Float>, seconds: UnsafeMutablePointer<Float>
        ) {
            var start = range.lowerBound
            while start < range.upperBound {
                let count = min(Self.blockCount, range.upperBound - start)
                withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.blockCount) { block in
                    guard let block = block.baseAddress else { return }
                    prepare(block, count, values + start, gradients + start)
                    average(block, count, firsts + start, seconds + start)
                    apply(count, values + start, firsts + start, seconds + start)
                }
                start += count
            }
        }

        /// Enough for a loop to be worth its start, and few enough to stay in the first cache.
        private static let blockCount = 1024

        /// Shrinks values, and puts their gradients with the decay into a block.
        @inline(never)
        private func prepare(
            _ block: UnsafeMutablePointer<Float>, _ count: Int, _ values: UnsafeMutablePointer<Float>,
            _ gradients: UnsafePointer<Float>
        ) {
            let coupledDecay = coupledDecay, shrinkage = shrinkage
            for place in 0..<count {
                let value = values[place] * shrinkage
                values[place] = value
                block[place] = gradients[place] + coupledDecay * value
            }
        }

        @inline(never)
        private func average(
            _ block: UnsafePointer<Float>, _ count: Int, _ firsts: UnsafeMutablePointer<Float>,
            _ seconds: UnsafeMutablePointer<Float>
        ) {
            let firstShare = firstShare, secondDecay = secondDecay, secondShare = secondShare
            for place in 0..<count {
                let gradient = block[place]
                firsts[place] += firstShare * (gradient - firsts[place])
                seconds[place] = seconds[place] * secondDecay + secondShare * gradient * gradient
            }
        }

        @inline(never)
        private func apply(
            _ count: Int, _ values: UnsafeMutablePointer<Float>, _ firsts: UnsafePointer<Float>, _ seconds: UnsafePointer<Float>
        ) {
            let rate = rate, divisor = divisor, epsilon = epsilon
            var place = 0
            while place + 4 <= count {
                let root = likeness_square_roots(UnsafeRawPointer(seconds + place).loadUnaligned(as: SIMD4<Float>.self))
                let first = UnsafeRawPointer(firsts + place).loadUnaligned(as: SIMD4<Float>.self)
                let value = UnsafeRawPointer(values + place).loadUnaligned(as: SIMD4<Float>.self)
                UnsafeMutableRawPointer(values + place).storeBytes(
                    of: value - rate * (first / (root / divisor + epsilon)), as: SIMD4<Float>.self)
                place += 4
            }
            while place < count {
                values[place] -= rate * (firsts[place] / (seconds[place].squareRoot() / divisor + epsilon))
                place += 1
            }
        }
    }
}
