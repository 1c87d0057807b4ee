// SPDX-License-Identifier: Apache-2.0

/// What a run has measured so far: every step and every epoch of it, over all stages.
public struct TrainingHistory: Sendable, Hashable, Codable {
    /// One step.
    public struct Step: Sendable, Hashable {
        /// From 0.
        public let stage: Int
        /// From 1, within the stage; so is the step.
        public let epoch: Int
        public let step: Int
        public let loss: Float
        public let learningRate: Float
        /// Of the gradient before clipping.
        public let gradientNorm: Float
    }

    /// One epoch.
    public struct Epoch: Sendable, Hashable, Codable {
        public let stage: Int
        public let epoch: Int
        /// Steps of the stage so far.
        public let steps: Int
        /// The mean of the losses of the epoch's steps.
        public let loss: Double
        public let learningRate: Float
        /// What was measured on the held-out identities, by name; empty where nothing was.
        public let figures: [String: Double]
        /// Whether it is the best of its stage so far.
        public let isBest: Bool

        public init(
            stage: Int, epoch: Int, steps: Int, loss: Double, learningRate: Float, figures: [String: Double],
            isBest: Bool
        ) {
            self.stage = stage
            self.epoch = epoch
            self.steps = steps
            self.loss = loss
            self.learningRate = learningRate
            self.figures = figures
            self.isBest = isBest
        }
    }

    public internal(set) var steps: [Step] = []
    public internal(set) var epochs: [Epoch] = []

    /// The steps are many and go into a checkpoint's arrays, see ``columns``.
    private enum CodingKeys: String, CodingKey {
        case epochs
    }

    public init() {}

    /// A line for each step, with a header. Numbers are the shortest that read back as the same number.
    public var stepsCSV: String { Self.stepsHeader + steps.map(Self.line).joined() }

    public static let stepsHeader = "stage,epoch,step,loss,learning_rate,gradient_norm\n"

    public static func line(_ step: Step) -> String {
        "\(step.stage + 1),\(step.epoch),\(step.step),\(step.loss),\(step.learningRate),\(step.gradientNorm)\n"
    }

    /// A line for each epoch, with a header; figures that were not measured are left empty.
    ///
    /// - Parameter figures: the names of the figures, a column each.
    public func epochsCSV(figures: [String]) -> String {
        Self.epochsHeader(figures: figures) + epochs.map { Self.line($0, figures: figures) }.joined()
    }

    public static func epochsHeader(figures: [String]) -> String {
        (["stage", "epoch", "steps", "loss", "learning_rate"] + figures + ["best"]).joined(separator: ",") + "\n"
    }

    public static func line(_ epoch: Epoch, figures: [String]) -> String {
        let measured = figures.map { name in epoch.figures[name].map { "\($0)" } ?? "" }
        let numbers = [
            "\(epoch.stage + 1)", "\(epoch.epoch)", "\(epoch.steps)", "\(epoch.loss)", "\(epoch.learningRate)",
        ]
        return (numbers + measured + [epoch.isBest ? "1" : "0"]).joined(separator: ",") + "\n"
    }
}

extension TrainingHistory {
    private static let columnNames = ["stage", "epoch", "step", "loss", "learning-rate", "gradient-norm"]

    /// The steps, number by number; whole numbers are exact up to 2²⁴, more steps than anyone makes.
    var columns: [String: [Float]] {
        [
            "stage": steps.map { Float($0.stage) }, "epoch": steps.map { Float($0.epoch) },
            "step": steps.map { Float($0.step) },
            "loss": steps.map(\.loss), "learning-rate": steps.map(\.learningRate),
            "gradient-norm": steps.map(\.gradientNorm),
        ]
    }

    /// Takes the steps from their columns.
    /// - Returns: whether these are columns of one length.
    mutating func takeSteps(_ columns: [String: [Float]]) -> Bool {
        let taken = Self.columnNames.compactMap { columns[$0] }
        guard taken.count == Self.columnNames.count, taken.allSatisfy({ $0.count == taken[0].count }) else {
            return false
        }
        let whole = taken[0...2].allSatisfy { $0.allSatisfy { (0...16_777_216).contains($0) } }
        guard whole else { return false }
        steps = taken[0].indices.map { index in
            Step(
                stage: Int(taken[0][index]), epoch: Int(taken[1][index]), step: Int(taken[2][index]),
                loss: taken[3][index],
                learningRate: taken[4][index], gradientNorm: taken[5][index])
        }
        return true
    }
}
