// SPDX-License-Identifier: Apache-2.0

/// All that a run depends on at one moment: with it, the run goes on bit for bit as if it had never stopped.
public struct Checkpoint: Sendable, Equatable {
    /// What the checkpoint belongs to, and where it stands.
    public struct State: Sendable, Hashable, Codable {
        /// Names the run: a digest of its recipe, and one of its data.
        public var recipe: String
        public var data: String
        /// From 0; the number of stages when all are done.
        public var stage: Int
        /// Steps and epochs of the stage that are done.
        public var step: Int
        public var epoch: Int
        /// Nil where no batch has been drawn.
        public var sampler: SamplerState?
        /// What dropout and what augmentation draw from.
        public var dropout: RandomSource
        public var augmentation: RandomSource
        public var optimiserSteps: Int
        /// How many steps the average of the weights is of.
        public var averagedSteps: Int
        /// The sum of the losses of the steps of an epoch that is not done.
        public var lossSum: Double
        /// The best evaluation of the stage, and its epoch.
        public var best: Best?
        public var history: TrainingHistory

        public init(recipe: String, data: String, stage: Int, dropout: RandomSource, augmentation: RandomSource) {
            self.recipe = recipe
            self.data = data
            self.stage = stage
            self.dropout = dropout
            self.augmentation = augmentation
            step = 0
            epoch = 0
            optimiserSteps = 0
            averagedSteps = 0
            lossSum = 0
            history = TrainingHistory()
        }

        /// Where the run stands when this stage is over and the next begins.
        public func beginningNextStage() -> State {
            var next = State(recipe: recipe, data: data, stage: stage + 1, dropout: dropout, augmentation: augmentation)
            next.history = history
            return next
        }
    }

    /// The best evaluation of a stage.
    public struct Best: Sendable, Hashable, Codable {
        public let epoch: Int
        /// The smaller the better.
        public let value: Double
    }

    public var state: State
    /// Weights, running statistics, what the optimiser keeps, averages: by what they are and their names, such as
    /// `weight/conv1.weight`.
    public var arrays: [String: [Float]]

    public init(state: State, arrays: [String: [Float]]) {
        self.state = state
        self.arrays = arrays
    }
}
