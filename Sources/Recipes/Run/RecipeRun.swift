// SPDX-License-Identifier: Apache-2.0

import Imaging
import NeuralNet
import Recognition
import Training

/// Follows a recipe from its data to a trained network.
///
/// A program trains without a folder, and gets the network; `enroll train` gives a folder, in which checkpoints, curves
/// and the model package are.
public struct RecipeRun {
    public let recipe: Recipe
    /// Where checkpoints and measurements go; nil keeps nothing.
    public let folder: RunFolder?
    public let stopRequest: StopRequest
    private let fold: Int?
    private let decoding: any PictureDecoding
    private let prepared: String?
    private let events: @Sendable (RunEvent) -> Void

    /// - Parameters:
    ///   - decoding: where images are decoded.
    ///   - fold: the part of cross-validation that is left out, from 0; nil trains on all.
    ///   - prepared: a folder in which prepared images are kept for later runs.
    ///   - events: is called with what happens, some of it on other threads.
    public init(
        _ recipe: Recipe, decoding: any PictureDecoding, folder: RunFolder? = nil, fold: Int? = nil,
        prepared: String? = nil,
        stopRequest: StopRequest = StopRequest(),
        events: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) {
        self.recipe = recipe
        self.folder = folder
        self.fold = fold
        self.decoding = decoding
        self.prepared = prepared
        self.stopRequest = stopRequest
        self.events = events
    }

    /// Reads and prepares the images; it can be used for several runs over the same data.
    public func loadData() throws -> TrainingData {
        let data = try TrainingData(recipe, decoding: decoding, prepared: prepared) { [events] in
            events(.preparing(done: $0, total: $1))
        }
        for report in data.reports {
            for remark in report.remarks.prefix(3) { events(.remark(remark)) }
            if report.remarks.count > 3 { events(.remark("\(report.remarks.count - 3) more remarks like these")) }
            if report.bad > 0 {
                events(
                    .remark(
                        "\(report.bad) of \(report.total) \(report.unit) were left out, the first: \(report.defects.first.map(\.description) ?? "")"
                    ))
            }
        }
        return data
    }

    /// Trains through all stages.
    ///
    /// - Parameters:
    ///   - resuming: goes on from the folder's newest checkpoint, if it has one.
    ///   - stages: how many of the recipe's stages to train; nil trains all.
    ///   - beginning: where the run begins when it does not go on: between two stages of a run on the same data.
    /// - Returns: the trained network, or how far it came when the stop request was heard.
    /// - Throws: ``RunError``, `CheckpointError`, `DataSetError`, `TrainingError`.
    public func train(
        resuming: Bool = false, data given: TrainingData? = nil, stages: Int? = nil, beginning: Checkpoint? = nil
    ) throws -> TrainedNetwork {
        let data = try given ?? loadData()
        let partition = try Partition(data, recipe: recipe, fold: fold)
        var random = RandomSource(seed: UInt64(recipe.run.seed))
        var networkRandom = random.fork()
        let graph = try recipe.network.graph(
            width: recipe.data.width, height: recipe.data.height, random: &networkRandom)
        // Said before the training and not after it.
        guard recipe.package.whitening == nil || graph.isNormalized else {
            throw RunError.unsuitable(
                reason: "package.whitening is for networks whose embeddings have length 1, and these have not")
        }
        guard recipe.package.usualSpread == nil || graph.isNormalized else {
            throw RunError.unsuitable(
                reason: "package.usual_spread is for networks whose embeddings have length 1, and these have not")
        }
        let network = try TrainableNetwork(graph, threads: recipe.run.threads)
        let probe = try network.makePass(inputShape: [1, 1, recipe.data.height, recipe.data.width])
        let builder = StageBuilder(
            recipe: recipe, data: data, partition: partition, network: network,
            dimension: probe.outputShape.dropFirst().reduce(1, *),
            rule: graph.isNormalized ? IdentityReference.Rule(.normalizedMean, spread: recipe.package.spread) : .mean)

        let store = RunStore(folder: folder)
        var state = Checkpoint.State(
            recipe: recipe.digest, data: data.digest + (fold.map { "/fold \($0)" } ?? ""), stage: 0,
            dropout: random.fork(),
            augmentation: random.fork())
        var resumed: Checkpoint?
        // A run that ended before its first checkpoint begins anew.
        if resuming, store.latestPath != nil {
            let checkpoint = try store.latest(recipe: state.recipe, data: state.data)
            try Trainer.load(checkpoint, into: network, path: store.latestPath ?? "")
            state = checkpoint.state
            resumed = state.step > 0 ? checkpoint : nil
        } else {
            if let beginning {
                try Trainer.load(beginning, into: network, path: "")
                let own = state.data
                state = beginning.state
                state.data = own
            }
            try store.save(Trainer.beginning(state, network: network))
        }
        let files = try folder.map { (folder) throws(RunError) in
            try HistoryFiles(folder: folder, history: state.history, figures: builder.figures)
        }
        while state.stage < stages ?? recipe.stages.count {
            events(.stage(name: recipe.stages[state.stage].name, number: state.stage + 1, count: recipe.stages.count))
            let trainer = try builder.trainer(
                state.stage, state: state, resuming: resumed, stopRequest: stopRequest, hooks: hooks(store, files))
            resumed = nil
            let ending: Trainer.Ending
            do {
                ending = try trainer.run()
            } catch let error as TrainingError {
                guard case .diverged = error else { throw error }
                throw RunError.diverged(error, checkpoint: store.latestPath)
            }
            state = trainer.reached
            try files?.update(state.history, imagesPerSecond: 0)
            if ending == .interrupted {
                return try TrainedNetwork(recipe: recipe, builder: builder, history: state.history, isInterrupted: true)
            }
            state = try finish(state, trainer, network: network, store: store)
        }
        return try TrainedNetwork(recipe: recipe, builder: builder, history: state.history, isInterrupted: false)
    }

    /// Puts the weights that a stage ends with into the network, and begins the next.
    private func finish(
        _ reached: Checkpoint.State, _ trainer: Trainer, network: TrainableNetwork, store: RunStore
    ) throws -> Checkpoint.State {
        if trainer.choosesBest, let best = reached.best {
            let checkpoint = try store.best(reached, epoch: best.epoch)
            try Trainer.load(checkpoint, into: network, path: folder?.checkpoints.bestPath ?? "")
            events(.remark("the stage ends with the weights of epoch \(best.epoch), its best"))
        } else {
            try Trainer.load(try trainer.finalWeights(), into: network, path: "")
        }
        let next = reached.beginningNextStage()
        try store.save(Trainer.beginning(next, network: network))
        return next
    }

    private func hooks(_ store: RunStore, _ files: HistoryFiles?) -> Trainer.Hooks {
        var hooks = Trainer.Hooks()
        hooks.stepDone = { [events] in events(.step($0)) }
        hooks.epochDone = { [events] history, speed in
            try files?.update(history, imagesPerSecond: speed)
            if let epoch = history.epochs.last { events(.epoch(epoch)) }
        }
        hooks.checkpoint = { try store.save($0) }
        hooks.best = { try store.saveBest($0) }
        return hooks
    }
}
