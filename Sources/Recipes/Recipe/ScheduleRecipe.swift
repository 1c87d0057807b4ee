// SPDX-License-Identifier: Apache-2.0

import Recognition
import Training

/// The learning rate over the steps of a stage.
public struct ScheduleRecipe: Sendable, Hashable {
    /// The rate after the warm-up.
    public var learningRate: Double
    /// Steps over which the rate rises from 0 to that.
    public var warmUp: Int
    public var shape: Shape

    public enum Shape: Sendable, Hashable {
        case constant
        /// Falls along half a cosine to `final` × the rate at the stage's last step.
        case cosine(final: Double)
        /// Is multiplied by `factor` every so many epochs.
        case step(epochs: Int, factor: Double)
    }

    enum Kind: String, CaseIterable {
        case constant, cosine, step
    }

    public init(learningRate: Double, warmUp: Int = 0, shape: Shape = .constant) {
        self.learningRate = learningRate
        self.warmUp = warmUp
        self.shape = shape
    }

    init(_ table: RecipeTable) throws(RecipeError) {
        let common = ["kind", "learning_rate", "warm_up"]
        switch try table.choice("kind", of: Kind.self, default: .constant) {
        case .constant:
            try table.requireKeys(common)
            shape = .constant
        case .cosine:
            try table.requireKeys(common + ["final"])
            shape = .cosine(final: try table.number("final", in: 0...1, default: 0))
        case .step:
            try table.requireKeys(common + ["epochs", "factor"])
            shape = .step(
                epochs: try table.integer("epochs", in: 1...1_000_000),
                factor: try table.number("factor", in: 1e-6...1, default: 0.1))
        }
        learningRate = try table.number("learning_rate", in: 1e-9...100)
        warmUp = try table.integer("warm_up", in: 0...10_000_000, default: 0)
    }

    var entries: [RecipeText.Entry] {
        let (kind, own): (Kind, [RecipeText.Entry]) =
            switch shape {
            case .constant: (.constant, [])
            case .cosine(let final): (.cosine, [("final", .number(final))])
            case .step(let epochs, let factor): (.step, [("epochs", .integer(epochs)), ("factor", .number(factor))])
            }
        return [
            ("kind", .string(kind.rawValue)), ("learning_rate", .number(learningRate)), ("warm_up", .integer(warmUp)),
        ] + own
    }

    func make(stepsPerEpoch: Int, epochs: Int) throws(TrainingError) -> LearningRateSchedule {
        let (total, overflows) = stepsPerEpoch.multipliedReportingOverflow(by: epochs)
        guard !overflows else { throw .invalidInput(reason: "\(epochs) epochs of \(stepsPerEpoch) steps are too many") }
        let made: LearningRateSchedule.Shape =
            switch shape {
            case .constant: .constant
            case .cosine(let final): .cosine(totalSteps: total, final: Float(final))
            case .step(let period, let factor):
                .step(
                    at: Array(stride(from: period * stepsPerEpoch, to: total, by: period * stepsPerEpoch)),
                    factor: Float(factor))
            }
        return try LearningRateSchedule(base: Float(learningRate), shape: made, warmUpSteps: warmUp)
    }
}
