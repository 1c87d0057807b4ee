import Biometrics
import Foundation
import Recipes
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
        /// How many networks of a cross-validation measured, each the identities it had not seen; nil for one model.
        let parts: Int?
        let data: EvaluationData
        let options: EvaluationOptions
        let measured: Measured
        /// For each image why it has no embedding; nil where it has one.
        let refusals: [String?]
        /// For each row of the evaluation its image in the data.
        let rows: [Int]
    }

    /// A network, and whom it measures; nil for everybody.
    private struct Part {
        let recognizer: Recognizer
        let identities: Set<String>?
    }

    private let model: ModelPackage
    private let parts: [Part]

    /// - Throws: a failure when the engine does not take the model.
    public init(model: ModelPackage) throws(CommandFailure) {
        self.model = model
        parts = [try Self.part(model, identities: nil)]
    }

    /// Measures each identity by the network that did not see it, all of them together with one threshold.
    ///
    /// - Throws: a failure when the engine does not take a network.
    public init(_ validated: CrossValidatedModel) throws(CommandFailure) {
        var parts: [Part] = []
        for part in validated.parts { parts.append(try Self.part(part.package, identities: part.identities)) }
        guard let first = validated.parts.first else {
            throw CommandFailure(.badData, name: "DataUnsuitable", message: "the cross-validation has no parts")
        }
        model = first.package
        self.parts = parts
    }

    private var isCrossValidation: Bool { parts.contains { $0.identities != nil } }

    private static func part(_ model: ModelPackage, identities: Set<String>?) throws(CommandFailure) -> Part {
        do throws(ModelPackageError) {
            return Part(recognizer: try Recognizer(package: model), identities: identities)
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
        if isCrossValidation, case .pairs = data.content {
            throw CommandFailure(
                .usage, name: "Usage", message: "a cross-validation is evaluated on the identities that its parts left out: name their folder")
        }
        let embedded = try await embed(data, options, progress: progress)
        do {
            let rows: [Int], measured: Outcome.Measured
            switch data.content {
            case .identities(let identities):
                rows = embedded.rows.flatMap { $0 }
                measured = .identities(try measure(embedded, of: data, identities: identities, options))
            case .pairs(let pairs, let identities):
                // The number of a pair stands for it in what is measured.
                let embeddings = embedded.embeddings
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
            return Outcome(
                model: model, parts: isCrossValidation ? parts.count : nil, data: data, options: options, measured: measured,
                refusals: embedded.refusals, rows: rows)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// What the networks made of the images.
    private struct Embedded {
        var embeddings: [Embedding?]
        var refusals: [String?]
        /// For each part the images it embedded.
        var rows: [[Int]] = []
    }

    private func embed(
        _ data: EvaluationData, _ options: EvaluationOptions, progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws(CommandFailure) -> Embedded {
        let selections = parts.map { part in
            data.images.indices.filter { part.identities?.contains(data.images[$0].identity) ?? true }
        }
        let total = selections.reduce(0) { $0 + $1.count }
        guard total > 0 else {
            throw CommandFailure(
                .badData, name: "DataUnsuitable", message: "\(data.path): none of its identities was left out by a part of the cross-validation")
        }
        var embedded = Embedded(
            embeddings: Array(repeating: nil, count: data.images.count), refusals: Array(repeating: nil, count: data.images.count))
        var done = 0
        for (part, selection) in zip(parts, selections) {
            let images = selection.map(data.readable), before = done
            do {
                let outcomes = try await acquisition(part.recognizer, options).embed(images) { count, _ in progress(before + count, total) }
                for (image, outcome) in zip(selection, outcomes) {
                    switch outcome {
                    case .embedding(let embedding): embedded.embeddings[image] = embedding
                    case .refused(let reason): embedded.refusals[image] = reason
                    }
                }
            } catch {
                throw CommandFailure(error)
            }
            embedded.rows.append(selection.filter { embedded.embeddings[$0] != nil })
            done += images.count
        }
        return embedded
    }

    private func acquisition(_ recognizer: Recognizer, _ options: EvaluationOptions) -> SampleAcquisition {
        guard let pureInk = options.pureInk else { return SampleAcquisition(recognizer: recognizer) }
        return SampleAcquisition(recognizer: recognizer) { image throws(RecognitionError) in try pureInk.render(image) }
    }

    private func measure(
        _ embedded: Embedded, of data: EvaluationData, identities: [Int], _ options: EvaluationOptions
    ) throws -> [VerificationResult] {
        func results(_ rows: [Int], bootstrap: BootstrapSettings) throws -> [VerificationResult] {
            // Each part numbers its own identities.
            var numbers: [Int: Int] = [:]
            for row in rows where numbers[identities[row]] == nil { numbers[identities[row]] = numbers.count }
            let samples = try LabelledEmbeddings(
                rows.compactMap { embedded.embeddings[$0] }, identities: rows.map { numbers[identities[$0]] ?? 0 },
                isForgery: rows.map { data.images[$0].kind == .forgery })
            return try VerificationProtocol(
                referenceCounts: options.references, draws: options.draws, seed: options.seed,
                rule: model.manifest.defaultReferenceRule, bootstrap: bootstrap).evaluate(samples)
        }
        guard isCrossValidation else { return try results(embedded.rows[0], bootstrap: options.bootstrap) }
        let parts = try embedded.rows.filter { !$0.isEmpty }.map { rows in
            try results(rows, bootstrap: .none).map { VerificationResult.Part($0, sampleCount: rows.count) }
        }
        return options.references.indices.compactMap { place in
            VerificationResult.pooled(parts.map { $0[place] }, bootstrap: options.bootstrap)
        }
    }
}
