// SPDX-License-Identifier: Apache-2.0

import COpenBLAS
import Foundation

/// The step of ``Adam`` and ``AdamW``, with the operations in PyTorch's order.
struct AdamMoments {
    var memory = OptimizerMemory(kinds: ["first-moment", "second-moment"])
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
                epsilon: settings.epsilon, rate: Float(rate / firstCorrection),
                divisor: Float(secondCorrection.squareRoot()),
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

        func run(
            _ range: Range<Int>, values: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
            firsts: UnsafeMutablePointer<Float>, seconds: UnsafeMutablePointer<Float>
        ) {
            // Four at a time by hand: the compiler makes no vectors of a loop over four arrays with a root in it.
            var position = range.lowerBound
            while position + 4 <= range.upperBound {
                var value = Self.load(values + position), first = Self.load(firsts + position),
                    second = Self.load(seconds + position)
                value *= shrinkage
                let gradient = Self.load(gradients + position) + coupledDecay * value
                first += firstShare * (gradient - first)
                second = second * secondDecay + secondShare * gradient * gradient
                value -= rate * (first / (likeness_square_roots(second) / divisor + epsilon))
                Self.store(value, values + position)
                Self.store(first, firsts + position)
                Self.store(second, seconds + position)
                position += 4
            }
            while position < range.upperBound {
                let value = values[position] * shrinkage
                let gradient = gradients[position] + coupledDecay * value
                let first = firsts[position] + firstShare * (gradient - firsts[position])
                let second = seconds[position] * secondDecay + secondShare * gradient * gradient
                values[position] = value - rate * (first / (second.squareRoot() / divisor + epsilon))
                firsts[position] = first
                seconds[position] = second
                position += 1
            }
        }

        @inline(__always)
        private static func load(_ pointer: UnsafePointer<Float>) -> SIMD4<Float> {
            UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Float>.self)
        }

        @inline(__always)
        private static func store(_ value: SIMD4<Float>, _ pointer: UnsafeMutablePointer<Float>) {
            UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: SIMD4<Float>.self)
        }
    }
}
