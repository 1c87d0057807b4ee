// SPDX-License-Identifier: Apache-2.0

/// Trains a network through one stage: batches, loss, gradient, step; evaluation, early stopping and checkpoints.
///
/// From the same beginning the same numbers come, whatever the scheduling of threads, and a stage that is resumed from
/// a checkpoint goes on as if it had never stopped. Not `Sendable`: use it from one thread at a time.
public final class Trainer {
    /// How a stage ended.
    public enum Ending: Sendable, Hashable {
        case finished
        /// Nothing better came for as long as the patience lasts.
        case stoppedEarly
        /// The stop request was heard; a checkpoint holds all.
        case interrupted
    }

    /// What is called on the way; each may be left out.
    public struct Hooks {
        public var stepDone: (TrainingProgress) -> Void = { _ in }
        /// After an epoch, before its checkpoint.
        public var epochDone: (TrainingHistory, _ imagesPerSecond: Double) throws -> Void = { _, _ in }
        public var checkpoint: (Checkpoint) throws -> Void = { _ in }
        /// The weights as they were evaluated, whenever a figure is better than all before.
        public var best: (Checkpoint) throws -> Void = { _ in }

        public init() {}
    }

    let network: TrainableNetwork
    let loss: any EmbeddingLoss
    let optimizer: any Optimizer
    let schedule: LearningRateSchedule
    let images: TrainingImages
    let settings: TrainerSettings
    let evaluation: HeldOutEvaluation?
    private let stopRequest: StopRequest
    private var hooks: Hooks
    private var feed: BatchFeed
    private var passes: [Int: TrainingPass] = [:]
    var state: Checkpoint.State
    let average: ExponentialMovingAverage?
    private let clipping: GradientClipping

    /// - Parameters:
    ///   - state: where the run stands, with nothing of this stage done; its random sources are what is drawn from.
    ///   - checkpoint: where to go on from within this stage; nil begins it.
    /// - Throws: ``TrainingError``, ``DataSetError`` or ``CheckpointError`` when the checkpoint does not fit the parts.
    public init(
        network: TrainableNetwork, loss: any EmbeddingLoss, optimizer: any Optimizer, schedule: LearningRateSchedule,
        images: TrainingImages, sampler: any BatchSampler, settings: TrainerSettings,
        evaluation: HeldOutEvaluation? = nil,
        state: Checkpoint.State, resuming checkpoint: Checkpoint? = nil, stopRequest: StopRequest = StopRequest(),
        hooks: Hooks = Hooks()
    ) throws {
        self.network = network
        self.loss = loss
        self.optimizer = optimizer
        self.schedule = schedule
        self.images = images
        self.settings = settings
        self.evaluation = evaluation
        self.stopRequest = stopRequest
        self.hooks = hooks
        var sampler = sampler
        if let checkpoint {
            self.state = checkpoint.state
            if let drawn = checkpoint.state.sampler { try sampler.restore(drawn) }
        } else {
            self.state = state
            self.state.stage = settings.stage
        }
        feed = BatchFeed(images: images, sampler: sampler, random: self.state.augmentation)
        clipping = try GradientClipping(maximumNorm: settings.clip)
        average = try settings.averageDecay.map { (decay) throws(TrainingError) in
            try ExponentialMovingAverage(of: network.parameters + network.statistics, decay: decay)
        }
        if let checkpoint { try restore(checkpoint) }
    }

    /// The run's state after what has been done, to begin the next stage with.
    public var reached: Checkpoint.State { state }

    /// Whether the stage ends with the weights of its best epoch, rather than with its last.
    public var choosesBest: Bool { !settings.metric.isEmpty }

    /// What is averaged, evaluated and packaged: weights and running statistics.
    var averaged: [Parameter] { network.parameters + network.statistics }
    /// What the optimiser changes.
    var trained: [Parameter] { network.parameters + loss.parameters }

    /// Trains to the end of the stage, or to the stop request.
    ///
    /// - Throws: ``TrainingError/diverged(reason:)``, which leaves the last checkpoint as it is; what a hook throws.
    public func run() throws -> Ending {
        stopRequest.listen()
        defer { stopRequest.leave() }
        var clock = StepClock(steps: settings.epochs * settings.stepsPerEpoch - state.step)
        while state.epoch < settings.epochs {
            if hasTimedOut { return .stoppedEarly }
            while state.step < (state.epoch + 1) * settings.stepsPerEpoch {
                if stopRequest.isStopping { return try interrupted() }
                let count = try step()
                clock.note(images: count)
                hooks.stepDone(progress(clock))
                if let every = settings.checkpointSteps, state.step % every == 0,
                    state.step % settings.stepsPerEpoch != 0
                {
                    try hooks.checkpoint(try checkpoint())
                }
            }
            try finishEpoch(clock)
        }
        return hasTimedOut ? .stoppedEarly : .finished
    }

    /// The weights and statistics that the network ends with: averaged where there is an average.
    public func finalWeights() throws -> Checkpoint {
        try withAverages { Checkpoint(state: state, arrays: weights()) }
    }

    private func interrupted() throws -> Ending {
        try hooks.checkpoint(try checkpoint())
        return .interrupted
    }

    /// - Returns: how many images were looked at.
    private func step() throws -> Int {
        let isLast = state.step + 1 == settings.epochs * settings.stepsPerEpoch
        let batch = try feed.next(isLast: isLast)
        let count = batch.drawn.images.count
        let pass = try pass(count: count)
        for parameter in trained { parameter.clearGradient() }
        let output = try pass.forward(batch.values, random: &state.dropout)
        let value = try located { () throws(TrainingError) in
            try loss.evaluate(
                EmbeddingBatch(
                    values: output, dimension: output.count / count, labels: batch.drawn.labels,
                    isForgery: batch.drawn.isForgery,
                    pairs: batch.drawn.pairs, episodes: batch.drawn.episodes))
        }
        guard value.loss.isFinite else { throw diverged("the loss is \(value.loss)") }
        try pass.backward(value.gradient)
        let norm = try located { () throws(TrainingError) in try clipping.apply(to: trained) }
        guard norm.isFinite else { throw diverged("the gradient's norm is \(norm)") }
        let rate = schedule.rate(at: state.step)
        optimizer.step(trained, learningRate: rate)
        average?.update()
        state.step += 1
        state.lossSum += Double(value.loss)
        state.sampler = batch.sampler
        state.augmentation = batch.random
        state.history.steps.append(
            TrainingHistory.Step(
                stage: settings.stage, epoch: state.epoch + 1, step: state.step, loss: value.loss, learningRate: rate,
                gradientNorm: norm))
        return count
    }

    private func finishEpoch(_ clock: StepClock) throws {
        state.epoch += 1
        let loss = state.lossSum / Double(settings.stepsPerEpoch)
        state.lossSum = 0
        let isDue = state.epoch % settings.evaluateEvery == 0 || state.epoch == settings.epochs
        var figures: [String: Double] = [:]
        var isBest = false
        try withAverages {
            if isDue, let evaluation {
                // The pass of training is used again: another size would be as many buffers once more.
                let pass = try pass(count: passes.keys.max() ?? min(max(evaluation.images.count, 1), 32))
                figures = try evaluation.figures(
                    try pass.embeddings(of: evaluation.images, in: evaluation.source ?? images))
            }
            let value = settings.metric.isEmpty ? loss : Self.mean(settings.metric.map { figures[$0] })
            if let value, value < state.best?.value ?? .infinity {
                state.best = Checkpoint.Best(epoch: state.epoch, value: value)
                isBest = true
                if choosesBest {
                    try requireFinite()
                    try hooks.best(Checkpoint(state: state, arrays: weights()))
                }
            }
        }
        state.history.epochs.append(
            TrainingHistory.Epoch(
                stage: settings.stage, epoch: state.epoch, steps: state.step, loss: loss,
                learningRate: schedule.rate(at: state.step - 1), figures: figures, isBest: isBest))
        try hooks.epochDone(state.history, clock.imagesPerSecond)
        try hooks.checkpoint(try checkpoint())
    }

    /// Nil where one was not measured.
    private static func mean(_ figures: [Double?]) -> Double? {
        let measured = figures.compactMap { $0 }
        return measured.count == figures.count ? measured.reduce(0, +) / Double(measured.count) : nil
    }

    private func withAverages<Result>(_ body: () throws -> Result) throws -> Result {
        if let average { try average.withAverages(body) } else { try body() }
    }

    private var hasTimedOut: Bool {
        guard let patience = settings.patience, let best = state.best else { return false }
        return state.epoch - best.epoch >= patience
    }

    private func progress(_ clock: StepClock) -> TrainingProgress {
        let done = state.step - state.epoch * settings.stepsPerEpoch
        return TrainingProgress(
            stage: settings.stage, epoch: state.epoch + 1, epochs: settings.epochs, step: state.step,
            steps: settings.epochs * settings.stepsPerEpoch, loss: state.lossSum / Double(max(done, 1)),
            learningRate: schedule.rate(at: state.step - 1), imagesPerSecond: clock.imagesPerSecond,
            secondsLeft: clock.secondsLeft)
    }

    private func pass(count: Int) throws(TrainingError) -> TrainingPass {
        if let pass = passes[count] { return pass }
        let pass = try network.makePass(inputShape: [count, 1, images.cache.height, images.cache.width])
        // Batches are of one or two sizes; more would be buffers that nobody uses again.
        if passes.count >= 4 { passes.removeAll() }
        passes[count] = pass
        return pass
    }

    /// Names the step in an error of divergence.
    private func located<Value>(_ body: () throws(TrainingError) -> Value) throws(TrainingError) -> Value {
        do throws(TrainingError) {
            return try body()
        } catch {
            guard case .diverged(let reason) = error else { throw error }
            throw diverged(reason)
        }
    }

    func diverged(_ reason: String) -> TrainingError {
        .diverged(reason: "\(reason) at step \(state.step + 1), in epoch \(state.epoch + 1)")
    }
}

@available(*, unavailable)
extension Trainer: Sendable {}
