// SPDX-License-Identifier: Apache-2.0

/// Adam (Kingma and Ba, *Adam: A Method for Stochastic Optimization*, 2015) with weight decay as a part of the
/// gradient, as `torch.optim.Adam`.
public final class Adam: Optimizer {
    public let settings: AdamSettings
    private var moments: AdamMoments

    public init(_ settings: AdamSettings) {
        self.settings = settings
        moments = AdamMoments()
    }

    public func step(_ parameters: [Parameter], learningRate: Float) {
        moments.step(parameters, settings, learningRate: learningRate, decoupled: false)
    }

    public var state: OptimizerState { moments.memory.state }

    public func restore(_ state: OptimizerState, for parameters: [Parameter]) throws(TrainingError) {
        try moments.memory.restore(state, for: parameters)
    }
}

/// Adam with weight decay apart from the gradient (Loshchilov and Hutter, *Decoupled Weight Decay Regularization*,
/// 2019), as `torch.optim.AdamW`: weights shrink by the learning rate times the decay, before the step.
public final class AdamW: Optimizer {
    public let settings: AdamSettings
    private var moments: AdamMoments

    public init(_ settings: AdamSettings) {
        self.settings = settings
        moments = AdamMoments()
    }

    public func step(_ parameters: [Parameter], learningRate: Float) {
        moments.step(parameters, settings, learningRate: learningRate, decoupled: true)
    }

    public var state: OptimizerState { moments.memory.state }

    public func restore(_ state: OptimizerState, for parameters: [Parameter]) throws(TrainingError) {
        try moments.memory.restore(state, for: parameters)
    }
}

/// What ``Adam`` and ``AdamW`` are told.
public struct AdamSettings: Sendable, Hashable, Codable {
    /// How much of the mean gradient a step keeps.
    public let firstDecay: Float
    /// How much of the mean square a step keeps.
    public let secondDecay: Float
    /// What keeps the divisor above zero.
    public let epsilon: Float
    public let weightDecay: WeightDecay

    /// - Throws: ``TrainingError/invalidInput(reason:)`` when a decay of the means is not in 0..<1, or epsilon not
    ///   above 0.
    public init(
        firstDecay: Float = 0.9, secondDecay: Float = 0.999, epsilon: Float = 1e-8, weightDecay: WeightDecay = .none
    ) throws(TrainingError) {
        for decay in [firstDecay, secondDecay] where !(0..<1).contains(decay) {
            throw .invalidInput(reason: "a beta of Adam is \(decay), and has to be at least 0 and less than 1")
        }
        guard epsilon.isFinite, epsilon > 0 else {
            throw .invalidInput(reason: "the epsilon of Adam is \(epsilon), and has to be above 0")
        }
        self.firstDecay = firstDecay
        self.secondDecay = secondDecay
        self.epsilon = epsilon
        self.weightDecay = weightDecay
    }
}
