import Biometrics
import Foundation
import Recognition

/// Embeds the images of a data set with a model and measures how well it tells identities apart.
public struct EvaluationRun: Sendable {
    /// All that was measured; what reports, plots and pictures are made of.
    public struct Outcome: Sendable {
        enum Measured: Sendable {
            case identities([VerificationResult])
            case pairs(PairEvaluation)
        }

        let model: ModelPackage
        let data: EvaluationData
        let options: EvaluationOptions
        let measured: Measured
        /// For each image why it has no embedding; nil where it has one.
        let refusals: [String?]
        /// For each row of the evaluation its image in the data.
        let rows: [Int]
    }

    private let model: ModelPackage
    private let recognizer: Recognizer

    /// - Throws: a failure when the engine does not take the model.
    public init(model: ModelPackage) throws(CommandFailure) {
        self.model = model
        do throws(ModelPackageError) {
            recognizer = try Recognizer(package: model)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// - Parameter progress: is called with the number of images done, from any thread.
    /// - Throws: a failure when too few images are of use, or pure ink is asked of what is no signature.
    public func evaluate(
        _ data: EvaluationData, options: EvaluationOptions, progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws(CommandFailure) -> Outcome {
        if options.pureInk != nil, model.manifest.modality == .face {
            throw CommandFailure(
                .usage, name: "Usage", message: "faces have no ink: --pure-ink is for models of signatures and glyphs")
        }
        let acquired = try await acquire(data, options, progress: progress)
        var embeddings: [Embedding?] = [], refusals: [String?] = []
        for outcome in acquired {
            switch outcome {
            case .embedding(let embedding):
                embeddings.append(embedding)
                refusals.append(nil)
            case .refused(let reason):
                embeddings.append(nil)
                refusals.append(reason)
            }
        }
        do {
            let rows: [Int], measured: Outcome.Measured
            switch data.content {
            case .identities(let identities):
                rows = embeddings.indices.filter { embeddings[$0] != nil }
                let samples = try LabelledEmbeddings(
                    embeddings.compactMap { $0 }, identities: rows.map { identities[$0] },
                    isForgery: rows.map { data.images[$0].kind == .forgery })
                measured = .identities(
                    try VerificationProtocol(
                        referenceCounts: options.references, draws: options.draws, seed: options.seed,
                        rule: model.manifest.defaultReferenceRule, bootstrap: options.bootstrap).evaluate(samples))
            case .pairs(let pairs, let identities):
                // The number of a pair stands for it in what is measured.
                rows = pairs.indices.filter { embeddings[pairs[$0].first] != nil && embeddings[pairs[$0].second] != nil }
                let distances = try rows.map { row -> Float in
                    guard let first = embeddings[pairs[row].first], let second = embeddings[pairs[row].second] else { return .infinity }
                    return try EmbeddingPair(first, second).distance
                }
                measured = .pairs(
                    try PairEvaluation(
                        distances: distances, isSame: rows.map { pairs[$0].isSame }, identities: rows.map { identities[pairs[$0].first] },
                        bootstrap: options.bootstrap))
            }
            return Outcome(model: model, data: data, options: options, measured: measured, refusals: refusals, rows: rows)
        } catch {
            throw CommandFailure(error)
        }
    }

    private func acquire(
        _ data: EvaluationData, _ options: EvaluationOptions, progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws(CommandFailure) -> [SampleAcquisition.Outcome] {
        let acquisition: SampleAcquisition
        if let pureInk = options.pureInk {
            acquisition = SampleAcquisition(recognizer: recognizer) { image throws(RecognitionError) in try pureInk.render(image) }
        } else {
            acquisition = SampleAcquisition(recognizer: recognizer)
        }
        do {
            return try await acquisition.embed(data.readable, progress: progress)
        } catch {
            throw CommandFailure(error)
        }
    }
}
