// SPDX-License-Identifier: Apache-2.0

import Recognition
import Training

/// Makes the parts of a stage's trainer out of a recipe and its data.
struct StageBuilder {
    let recipe: Recipe
    let data: TrainingData
    let partition: Partition
    let network: TrainableNetwork
    /// Values of an embedding.
    let dimension: Int
    let rule: IdentityReference.Rule

    private var scaling: PixelScaling {
        PixelScaling(mean: recipe.data.mean, standardDeviation: recipe.data.standardDeviation)
    }

    /// What the held-out part measures, for a stage; nil when it holds none.
    func measure(of stage: StageRecipe) -> HeldOutMeasure? {
        if case .listedPairs = stage.batch {
            guard let name = listName(of: stage), let list = data.lists[name],
                let heldOut = partition.lists[name]?.heldOut
            else { return nil }
            return HeldOutMeasure(heldOut, source: TrainingImages(cache: list.cache, scaling: scaling))
        }
        return measure(partition.heldOut)
    }

    /// What a table of identities measures.
    func measure(_ table: IdentityTable) -> HeldOutMeasure? {
        guard let cache = data.cache else { return nil }
        return HeldOutMeasure(
            table, source: TrainingImages(cache: cache, scaling: scaling), rule: rule, sets: data.sources)
    }

    /// What a whitening is fitted to: genuine samples of evaluated sources that were trained on, or where none are
    /// evaluated, of all; nil where there are no identities. So many of an identity at most that none counts for most.
    var whiteningSamples: (images: [Int], labels: [Int], source: TrainingImages)? {
        guard let cache = data.cache else { return nil }
        let evaluated = Set(recipe.evaluatedSources)
        let own = partition.training.identities.filter { data.sources[$0.name].map(evaluated.contains) ?? false }
        var images: [Int] = [], labels: [Int] = []
        for (label, identity) in (own.isEmpty ? partition.training.identities : own).enumerated()
        where identity.name == identity.original {
            let taken = identity.genuine.prefix(12)
            images += taken
            labels += taken.map { _ in label }
        }
        return images.isEmpty ? nil : (images, labels, TrainingImages(cache: cache, scaling: scaling))
    }

    /// The names of all figures that stages of the run can say, in a fixed order.
    var figures: [String] {
        let names = Set(recipe.stages.flatMap { measure(of: $0)?.names ?? [] })
        return [HeldOutMeasure.skilled, HeldOutMeasure.random, HeldOutMeasure.pairs].filter(names.contains)
    }

    /// - Parameters:
    ///   - state: where the run stands.
    ///   - checkpoint: where to go on from within the stage; nil begins it.
    func trainer(
        _ number: Int, state: Checkpoint.State, resuming checkpoint: Checkpoint?, stopRequest: StopRequest,
        hooks: Trainer.Hooks
    ) throws -> Trainer {
        let stage = recipe.stages[number]
        // What a stage draws does not depend on how long those before it were.
        var random = RandomSource(seed: UInt64(recipe.run.seed) &+ UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15)
        let (sampler, images, classes) = try batches(stage, seed: random.next())
        let stepsPerEpoch = stage.training.stepsPerEpoch ?? sampler.batchesPerEpoch
        let measure = measure(of: stage)
        try check(stage, measure)
        let settings = TrainerSettings(
            stage: number, epochs: stage.training.epochs, stepsPerEpoch: stepsPerEpoch,
            clip: stage.training.clip.map { Float($0) },
            averageDecay: stage.training.averageDecay.map { Float($0) }, evaluateEvery: stage.training.evaluateEvery,
            metric: measure == nil ? [] : stage.training.metric.figures, patience: stage.training.patience,
            checkpointSteps: stage.training.checkpointSteps)
        return try Trainer(
            network: network,
            loss: PerEpisodeLoss(try stage.loss.make(classes: classes, dimension: dimension, random: &random)),
            optimizer: try stage.optimizer.make(),
            schedule: try stage.schedule.make(stepsPerEpoch: stepsPerEpoch, epochs: stage.training.epochs),
            images: images,
            sampler: sampler, settings: settings, evaluation: measure?.evaluation, state: state, resuming: checkpoint,
            stopRequest: stopRequest, hooks: hooks)
    }

    private func batches(_ stage: StageRecipe, seed: UInt64) throws -> (any BatchSampler, TrainingImages, classes: Int)
    {
        let augmentation = stage.augmentation == Augmentation() ? nil : stage.augmentation
        if case .listedPairs(let count) = stage.batch {
            guard let name = listName(of: stage), let list = data.lists[name], let part = partition.lists[name] else {
                throw RunError.unsuitable(reason: "the stage “\(stage.name)” has no list of pairs")
            }
            let images = TrainingImages(cache: list.cache, scaling: scaling, augmentation: augmentation)
            return (
                try PairListSampler(part.training, pairsPerBatch: count, seed: seed), images,
                1 + (part.training.labels.max() ?? 0)
            )
        }
        let table = partition.training(of: stage, data)
        guard let cache = data.cache, table.count > 0 else {
            throw RunError.unsuitable(reason: "the stage “\(stage.name)” has no identities to train on")
        }
        let images = TrainingImages(cache: cache, scaling: scaling, augmentation: augmentation)
        switch stage.batch {
        case .pairs(let count, let genuine, let forgery):
            let shares = PairSampler.Shares(
                genuine: genuine, randomImpostor: 1 - genuine - forgery, skilledForgery: forgery)
            let sampler = try PairSampler(
                table, pairsPerBatch: count, shares: shares, batchesPerEpoch: stage.training.stepsPerEpoch, seed: seed)
            return (sampler, images, table.count)
        case .episodes(let identities, let samples, let forgeries, let withinGroup, let eachSource):
            let sampler = try EpisodeSampler(
                eachSource ? table.grouped(by: { data.sources[$0] }) : table, identities: identities, genuine: samples,
                forgeries: forgeries, grouping: eachSource ? .each : withinGroup ? .within : .none,
                batchesPerEpoch: stage.training.stepsPerEpoch, seed: seed)
            return (sampler, images, table.count)
        case .listedPairs: throw RunError.unsuitable(reason: "the stage “\(stage.name)” has no list of pairs")
        }
    }

    private func listName(of stage: StageRecipe) -> String? {
        recipe.data.sources.first { stage.sources?.contains($0.name) ?? true }?.name
    }

    /// A metric that is never measured would silently never stop a stage, nor choose anything.
    private func check(_ stage: StageRecipe, _ measure: HeldOutMeasure?) throws(RunError) {
        guard let measure, let missing = stage.training.metric.figures.first(where: { !measure.names.contains($0) })
        else { return }
        throw .unsuitable(
            reason: "the stage “\(stage.name)” is judged by \(missing), and the held-out data tell only "
                + measure.names.joined(separator: ", ") + "; set its training.metric to another")
    }
}
