// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import Recognition
import Training

/// What a run came to: the network, what was measured on the way, and what can be measured with it.
public struct TrainedNetwork {
    public let recipe: Recipe
    public let history: TrainingHistory
    /// Whether the stop request was heard before the end; the network is then as far as it came.
    public let isInterrupted: Bool
    let builder: StageBuilder

    private let whitening: WithinIdentityWhitening?

    /// - Throws: `TrainingError` when the recipe asks for a whitening that cannot be found.
    init(recipe: Recipe, builder: StageBuilder, history: TrainingHistory, isInterrupted: Bool) throws(TrainingError) {
        self.recipe = recipe
        self.builder = builder
        self.history = history
        self.isInterrupted = isInterrupted
        guard let shrinkage = recipe.package.whitening, !isInterrupted, let fitted = builder.whiteningSamples else {
            whitening = nil
            return
        }
        let values = try Self.embeddings(of: fitted.images, in: fitted.source, by: builder)
        whitening = try WithinIdentityWhitening(
            values, dimension: builder.dimension, labels: fitted.labels, shrinkage: shrinkage)
    }

    /// The network for inference, without dropout, for batches of any size.
    public func graph() throws(TrainingError) -> Graph {
        let graph = builder.network.inferenceGraph()
        return try whitening.map { (whitening) throws(TrainingError) in try whitening.appended(to: graph) } ?? graph
    }

    /// The names of the identities that no step saw.
    public var heldOutIdentities: [String] { builder.partition.heldOut.identities.map(\.name) }

    /// Measures the left-out part of cross-validation, or else the held-out identities, with 1, 3 and 5 references. Of
    /// several sources every comparison counts the same, and impostors are of the same source.
    ///
    /// - Returns: nothing when there are none of either.
    public func evaluate(
        draws: Int = 10, bootstrap: BootstrapSettings = BootstrapSettings()
    ) throws -> [VerificationResult] {
        let sets = try measured(draws: draws, bootstrap: bootstrap)
        guard sets.count > 1 else { return sets.first?.results.results ?? [] }
        let counts = Set(sets.flatMap { $0.results.results.map(\.referenceCount) }).sorted()
        return counts.compactMap { count in
            VerificationResult.pooled(sets.compactMap { $0.part(references: count) }, bootstrap: bootstrap)
        }
    }

    /// The same source by source.
    public func evaluateSets(draws: Int = 10, bootstrap: BootstrapSettings = BootstrapSettings()) throws -> [SetResults]
    {
        try measured(draws: draws, bootstrap: bootstrap).map(\.results)
    }

    private func measured(draws: Int, bootstrap: BootstrapSettings) throws -> [HeldOutMeasure.MeasuredSet] {
        guard let measure = builder.measure(builder.partition.test ?? builder.partition.heldOut) else { return [] }
        return try measure.results(try embeddings(measure), draws: draws, bootstrap: bootstrap)
    }

    /// Measures the held-out pairs of the last stage; nil when it has none.
    func evaluatePairs() throws -> PairEvaluation? {
        guard let stage = recipe.stages.last, let measure = builder.measure(of: stage) else { return nil }
        return try measure.pairEvaluation(try embeddings(measure))
    }

    /// The embeddings of a measurement's images, one after another, as the trainer computes them.
    func embeddings(_ measure: HeldOutMeasure) throws(TrainingError) -> [Float] {
        try embeddings(of: measure.images, in: measure.source)
    }

    func embeddings(of images: [Int], in source: TrainingImages) throws(TrainingError) -> [Float] {
        let values = try Self.embeddings(of: images, in: source, by: builder)
        return whitening?.applied(to: values) ?? values
    }

    private static func embeddings(
        of images: [Int], in source: TrainingImages, by builder: StageBuilder
    ) throws(TrainingError) -> [Float] {
        let size = min(max(images.count, 1), 16), data = builder.recipe.data
        let pass = try builder.network.makePass(inputShape: [size, 1, data.height, data.width])
        return try pass.embeddings(of: images, in: source)
    }
}
