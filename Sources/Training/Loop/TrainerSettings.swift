// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How long a stage trains, and what it watches.
public struct TrainerSettings: Sendable, Hashable {
    /// The stage's number, from 0, for the history and the checkpoints.
    public var stage: Int
    public var epochs: Int
    public var stepsPerEpoch: Int
    /// The gradient's norm is kept at most this; nil does not limit it.
    public var clip: Float?
    /// The decay of the weights' moving average; nil averages nothing.
    public var averageDecay: Float?
    /// Epochs from one evaluation to the next; the last epoch is always evaluated.
    public var evaluateEvery: Int
    /// What an epoch is judged by, the smaller the better: the mean of the figures of these names, or where there are
    /// none the loss of its steps.
    public var metric: [String]
    /// The stage ends after so many epochs without anything better; nil trains them all.
    public var patience: Int?
    /// Steps from one checkpoint to the next, besides the one after each epoch.
    public var checkpointSteps: Int?

    public init(
        stage: Int = 0, epochs: Int, stepsPerEpoch: Int, clip: Float? = nil, averageDecay: Float? = nil,
        evaluateEvery: Int = 1,
        metric: [String] = [], patience: Int? = nil, checkpointSteps: Int? = nil
    ) {
        self.stage = stage
        self.epochs = epochs
        self.stepsPerEpoch = stepsPerEpoch
        self.clip = clip
        self.averageDecay = averageDecay
        self.evaluateEvery = evaluateEvery
        self.metric = metric
        self.patience = patience
        self.checkpointSteps = checkpointSteps
    }
}

/// Measures a network on images that no step sees.
public struct HeldOutEvaluation {
    /// Where the images are; nil for those that are trained on.
    public let source: TrainingImages?
    /// Indices into the cache.
    public let images: [Int]
    /// Takes the images' embeddings, one after another in their order, and says what they are worth, by name.
    public let figures: ([Float]) throws -> [String: Double]

    public init(source: TrainingImages? = nil, images: [Int], figures: @escaping ([Float]) throws -> [String: Double]) {
        self.source = source
        self.images = images
        self.figures = figures
    }
}

/// How far a stage has come, after each step.
public struct TrainingProgress: Sendable, Hashable {
    public let stage: Int
    /// From 1.
    public let epoch: Int
    public let epochs: Int
    /// Steps of the stage that are done, and that there are.
    public let step: Int
    public let steps: Int
    /// The mean loss of the epoch so far.
    public let loss: Double
    public let learningRate: Float
    /// Over the steps since the run began or went on.
    public let imagesPerSecond: Double
    public let secondsLeft: Double

    public init(
        stage: Int, epoch: Int, epochs: Int, step: Int, steps: Int, loss: Double, learningRate: Float,
        imagesPerSecond: Double,
        secondsLeft: Double
    ) {
        self.stage = stage
        self.epoch = epoch
        self.epochs = epochs
        self.step = step
        self.steps = steps
        self.loss = loss
        self.learningRate = learningRate
        self.imagesPerSecond = imagesPerSecond
        self.secondsLeft = secondsLeft
    }
}

/// Asks a run to stop after the step at hand, from any thread or signal.
public final class StopRequest: Sendable {
    private let asked = Atomic(false)
    private let listeners = Atomic(0)

    public init() {}

    public func stop() { asked.store(true, ordering: .relaxed) }

    public var isStopping: Bool { asked.load(ordering: .relaxed) }

    /// Whether a trainer makes steps at this moment, so that there is something to be finished.
    public var isHeard: Bool { listeners.load(ordering: .relaxed) > 0 }

    func listen() { listeners.wrappingAdd(1, ordering: .relaxed) }

    func leave() { listeners.wrappingSubtract(1, ordering: .relaxed) }
}
