// SPDX-License-Identifier: Apache-2.0

/// A running mean of weights over steps, which usually judges better than the weights of the last step (Polyak and
/// Juditsky, *Acceleration of Stochastic Approximation by Averaging*, 1992).
///
/// After step *n* (from 1) a mean keeps min(`decay`, (1 + *n*) / (10 + *n*)) of itself: early on, when the weights are
/// still far from anything, it follows them quickly. Statistics of batch normalisation can be averaged along with them.
public final class ExponentialMovingAverage {
    public let decay: Float
    private let parameters: [Parameter]
    private var averages: [[Float]]
    private var steps = 0
    private var isSwapped = false

    /// - Throws: ``TrainingError/invalidInput(reason:)`` when the decay is not in 0..<1.
    public init(of parameters: [Parameter], decay: Float) throws(TrainingError) {
        guard (0..<1).contains(decay) else {
            throw .invalidInput(
                reason: "the decay of the averaged weights is \(decay), and has to be at least 0 and less than 1")
        }
        self.decay = decay
        self.parameters = parameters
        averages = parameters.map(\.values)
    }

    /// Takes the weights of a step into the means.
    ///
    /// - Precondition: not within ``withAverages(_:)``.
    public func update() {
        precondition(!isSwapped)
        steps += 1
        let kept = min(decay, Float(1 + steps) / Float(10 + steps)), taken = 1 - kept
        for (index, parameter) in parameters.enumerated() {
            let count = parameter.values.count
            parameter.values.withUnsafeBufferPointer { values in
                averages[index].withUnsafeMutableBufferPointer { averages in
                    guard let values = values.baseAddress, let averages = averages.baseAddress else { return }
                    ParameterSweep.run(count) { _, range in
                        for position in range { averages[position] += taken * (values[position] - averages[position]) }
                    }
                }
            }
        }
    }

    /// Runs `body` while the parameters hold the means; afterwards they hold their own values again.
    public func withAverages<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        swap()
        defer { swap() }
        return try body()
    }

    private func swap() {
        for (index, parameter) in parameters.enumerated() { Swift.swap(&parameter.values, &averages[index]) }
        isSwapped.toggle()
    }

    /// The means, by `parameter name/average`.
    public var state: OptimizerState {
        let averages = isSwapped ? parameters.map(\.values) : averages
        let named = zip(parameters, averages).map { ("\($0.name)/average", $1) }
        return OptimizerState(steps: steps, arrays: Dictionary(named) { first, _ in first })
    }

    /// - Throws: ``TrainingError/invalidInput(reason:)`` when the state does not hold a mean of every parameter.
    public func restore(_ state: OptimizerState) throws(TrainingError) {
        var restored: [[Float]] = []
        for parameter in parameters {
            guard let average = state.arrays["\(parameter.name)/average"], average.count == parameter.values.count
            else {
                throw .invalidInput(
                    reason: "the saved averages hold none of “\(parameter.name)”, or one of another size")
            }
            restored.append(average)
        }
        guard state.steps >= 0 else { throw .invalidInput(reason: "the saved averages are over \(state.steps) steps") }
        averages = restored
        steps = state.steps
    }
}
