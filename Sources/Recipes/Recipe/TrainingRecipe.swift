// SPDX-License-Identifier: Apache-2.0

import Recognition
import StrictTOML

/// How long a stage trains, and what it watches.
public struct TrainingRecipe: Sendable, Hashable {
    public var epochs: Int
    /// Steps of an epoch; nil takes as many as show each training image (or listed pair) once on average.
    public var stepsPerEpoch: Int?
    /// The gradient's norm is kept at most this; nil does not limit it.
    public var clip: Double?
    /// The decay of a moving average of the weights, which is what is evaluated and packaged; nil averages nothing.
    public var averageDecay: Double?
    /// Epochs from one evaluation of the held-out identities to the next.
    public var evaluateEvery: Int
    /// The stage ends when so many epochs have brought nothing better; nil trains them all.
    public var patience: Int?
    /// What is best.
    public var metric: Metric
    /// Steps from one checkpoint to the next, besides the one after each epoch; nil makes only those.
    public var checkpointSteps: Int?

    /// What an evaluation is judged by: the smaller the better.
    public enum Metric: String, Sendable, Hashable, CaseIterable {
        /// The equal error rate against forgeries.
        case skilled
        /// The equal error rate against other identities.
        case random
        /// The mean of both.
        case mean
        /// The equal error rate over the held-out pairs of a list.
        case pairs
        /// The loss of the epoch's training steps, where nothing is held out.
        case loss
    }

    public init(
        epochs: Int, stepsPerEpoch: Int? = nil, clip: Double? = nil, averageDecay: Double? = nil,
        evaluateEvery: Int = 1,
        patience: Int? = nil, metric: Metric = .random, checkpointSteps: Int? = nil
    ) {
        self.epochs = epochs
        self.stepsPerEpoch = stepsPerEpoch
        self.clip = clip
        self.averageDecay = averageDecay
        self.evaluateEvery = evaluateEvery
        self.patience = patience
        self.metric = metric
        self.checkpointSteps = checkpointSteps
    }

    static let keys = [
        "epochs", "steps_per_epoch", "clip", "average_decay", "evaluate_every", "patience", "metric",
        "checkpoint_steps",
    ]

    init(_ table: RecipeTable) throws(RecipeError) {
        let counts = 1...1_000_000
        epochs = try table.integer("epochs", in: counts)
        stepsPerEpoch = try table.optionalInteger("steps_per_epoch", in: 1...10_000_000)
        clip = try table.optionalNumber("clip", in: 1e-6...1e9)
        averageDecay = try table.optionalNumber("average_decay", in: 0...0.999999)
        evaluateEvery = try table.integer("evaluate_every", in: counts, default: 1)
        patience = try table.optionalInteger("patience", in: counts)
        metric = try table.choice("metric", of: Metric.self, default: .random)
        checkpointSteps = try table.optionalInteger("checkpoint_steps", in: 1...10_000_000)
    }

    var entries: [RecipeText.Entry] {
        [
            ("epochs", .integer(epochs)), ("steps_per_epoch", stepsPerEpoch.map(TOMLItem.integer)),
            ("clip", clip.map(TOMLItem.number)),
            ("average_decay", averageDecay.map(TOMLItem.number)), ("evaluate_every", .integer(evaluateEvery)),
            ("patience", patience.map(TOMLItem.integer)), ("metric", .string(metric.rawValue)),
            ("checkpoint_steps", checkpointSteps.map(TOMLItem.integer)),
        ]
    }
}
