// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Imaging
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
        let decoding: any PictureDecoding
    }

    /// Several sets, each by itself and all together.
    public struct SetsOutcome: Sendable {
        let sets: [(name: String, outcome: Outcome)]
        /// Each set weighs the same.
        let pooled: [PooledResult]
        /// Sets that are in no figure, and why, as sentences.
        let remarks: [String]
    }

    private let model: ModelPackage
    /// One network, or one for each part of the cross-validation.
    private let recognizers: [Recognizer]
    private let validated: CrossValidatedModel?
    private let decoding: any PictureDecoding

    /// - Parameters:
    ///   - faceCover: what covered faces are measured by.
    ///   - decoding: where images are decoded.
    /// - Throws: a failure when the engine does not take the model.
    public init(
        model: ModelPackage, faceCover: FaceCoverPackage? = nil, decoding: any PictureDecoding
    ) throws(CommandFailure) {
        self.model = model
        self.decoding = decoding
        recognizers = [try Self.recognizer(model, faceCover: faceCover)]
        validated = nil
    }

    /// Measures each identity by the network that did not see it, all of them together with one threshold.
    ///
    /// - Throws: a failure when the engine does not take a network.
    public init(_ validated: CrossValidatedModel, decoding: any PictureDecoding) throws(CommandFailure) {
        var recognizers: [Recognizer] = []
        for part in validated.parts { recognizers.append(try Self.recognizer(part.package)) }
        guard let first = validated.parts.first else {
            throw CommandFailure(.badData, name: "DataUnsuitable", message: "the cross-validation has no parts")
        }
        model = first.package
        self.recognizers = recognizers
        self.validated = validated
        self.decoding = decoding
    }

    private static func recognizer(
        _ model: ModelPackage, faceCover: FaceCoverPackage? = nil
    ) throws(CommandFailure) -> Recognizer {
        do throws(ModelPackageError) {
            return try Recognizer(package: model, faceCover: faceCover)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// - Parameter progress: is called with the number of images done, from any thread.
    /// - Throws: a failure when too few images are of use, or pure ink is asked of what is no signature.
    public func evaluate(
        _ data: EvaluationData, options: EvaluationOptions,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws(CommandFailure) -> Outcome {
        try check(data, options)
        let embedding = EmbeddedSets(
            [data], sources: [validated?.source(folder: data.path, name: EvaluationSets.name(of: data.path))])
        let embedded = try await embed(embedding, options, progress: progress)
        do {
            return try outcome(0, of: embedded, options)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Measures each set by itself, so that impostors are of the same set, and all together, each set weighing the
    /// same.
    ///
    /// Sets of which there is too little, or none that a part of the cross-validation left out, are left out and
    /// remarked upon.
    public func evaluate(
        _ sets: EvaluationSets, options: EvaluationOptions,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws(CommandFailure) -> SetsOutcome {
        var known: [EvaluationSets.Member] = [], sources: [String?] = [], remarks: [String] = []
        for member in sets.members {
            try check(member.data, options)
            let source = validated?.source(folder: member.data.path, name: member.name)
            if let validated, source == nil {
                let names = validated.sources.map(\.name).joined(separator: ", ")
                remarks.append(
                    "\(member.name): left out, because the cross-validation has no source of this name or folder, only \(names)"
                )
                continue
            }
            known.append(member)
            sources.append(source)
        }
        guard !known.isEmpty else {
            throw CommandFailure(.badData, name: "DataUnsuitable", message: remarks.joined(separator: "; "))
        }
        let embedded = try await embed(EmbeddedSets(known.map(\.data), sources: sources), options, progress: progress)
        var measured: [(name: String, outcome: Outcome)] = [], problem: CommandFailure?
        for (position, member) in known.enumerated() {
            do {
                measured.append((member.name, try outcome(position, of: embedded, options)))
            } catch {
                let failure = CommandFailure(error)
                remarks.append("\(member.name): left out, because \(failure.message)")
                problem = failure
            }
        }
        if measured.isEmpty, let problem { throw problem }
        let results = measured.compactMap { name, outcome -> SetResults? in
            guard case .identities(let results) = outcome.measured else { return nil }
            return SetResults(name: name, results: results)
        }
        return SetsOutcome(
            sets: measured, pooled: PooledResult.all(results, bootstrap: options.bootstrap),
            remarks: sets.remarks + remarks)
    }

    private func check(_ data: EvaluationData, _ options: EvaluationOptions) throws(CommandFailure) {
        if options.pureInk != nil, model.manifest.modality == .face {
            throw CommandFailure(
                .usage, name: "Usage", message: "faces have no ink: --pure-ink is for models of signatures and glyphs")
        }
        if validated != nil, case .pairs = data.content {
            throw CommandFailure(
                .usage, name: "Usage",
                message: "a cross-validation is evaluated on the identities that its parts left out: name their folder")
        }
    }

    /// Each image of each set goes through the network that measures it, once.
    private func embed(
        _ sets: EmbeddedSets, _ options: EvaluationOptions, progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws(CommandFailure) -> EmbeddedSets {
        var sets = sets
        let selections = recognizers.indices.map { part in
            sets.images { identity, source in leavesOut(identity, of: source, part: part) }
        }
        let total = selections.reduce(0) { $0 + $1.count }
        guard total > 0 else {
            let names = validated?.sources.map(\.name) ?? []
            throw CommandFailure(
                .badData, name: "DataUnsuitable",
                message:
                    "\(sets.data.map(\.path).joined(separator: ", ")): none of its identities was left out by a part of the cross-validation"
                    + (names.count > 1
                        ? "; of its sources \(names.joined(separator: ", ")), a folder is the one of its path or its name"
                        : ""))
        }
        var done = 0
        for (recognizer, selection) in zip(recognizers, selections) {
            let before = done
            do {
                let outcomes = try await acquisition(recognizer, options).embed(
                    selection.map { sets.data[$0.set].readable($0.image) }
                ) { count, _ in
                    progress(before + count, total)
                }
                sets.add(outcomes, of: selection)
            } catch {
                throw CommandFailure(error)
            }
            done += selection.count
        }
        return sets
    }

    private func leavesOut(_ identity: String, of source: String?, part: Int) -> Bool {
        validated?.parts[part].leavesOut(identity, of: source) ?? true
    }

    private func acquisition(_ recognizer: Recognizer, _ options: EvaluationOptions) -> SampleAcquisition {
        guard let pureInk = options.pureInk else {
            return SampleAcquisition(recognizer: recognizer, decoding: decoding)
        }
        return SampleAcquisition(recognizer: recognizer, decoding: decoding) { image throws(RecognitionError) in
            try pureInk.render(image)
        }
    }

    /// What one set comes to.
    private func outcome(_ position: Int, of sets: EmbeddedSets, _ options: EvaluationOptions) throws -> Outcome {
        let data = sets.data[position], set = sets.members[position]
        let rows: [Int], measured: Outcome.Measured
        switch data.content {
        case .identities(let identities):
            let (results, used) = try measure(set, of: data, identities: identities, options)
            (rows, measured) = (used, .identities(results))
        case .pairs(let pairs, let identities):
            // The number of a pair stands for it in what is measured.
            let embeddings = set.embeddings
            rows = pairs.indices.filter { embeddings[pairs[$0].first] != nil && embeddings[pairs[$0].second] != nil }
            let distances = try rows.map { row -> Float in
                guard let first = embeddings[pairs[row].first], let second = embeddings[pairs[row].second] else {
                    return .infinity
                }
                return try EmbeddingPair(first, second).distance
            }
            measured = .pairs(
                try PairEvaluation(
                    distances: distances, isSame: rows.map { pairs[$0].isSame },
                    identities: rows.map { identities[pairs[$0].first] },
                    bootstrap: options.bootstrap))
        }
        return Outcome(
            model: model, parts: validated.map(\.parts.count), data: data, options: options, measured: measured,
            refusals: set.refusals,
            rows: rows, decoding: decoding)
    }

    /// The results, and for each row in them its image.
    private func measure(
        _ set: EmbeddedSets.Member, of data: EvaluationData, identities: [Int], _ options: EvaluationOptions
    ) throws -> (results: [VerificationResult], rows: [Int]) {
        func results(_ rows: [Int], bootstrap: BootstrapSettings) throws(EvaluationError) -> [VerificationResult] {
            // Each part numbers its own identities.
            var numbers: [Int: Int] = [:]
            for row in rows where numbers[identities[row]] == nil { numbers[identities[row]] = numbers.count }
            let samples = try LabeledEmbeddings(
                rows.compactMap { set.embeddings[$0] }, identities: rows.map { numbers[identities[$0]] ?? 0 },
                isForgery: rows.map { data.images[$0].kind == .forgery })
            return try VerificationProtocol(
                referenceCounts: options.references, draws: options.draws, seed: options.seed,
                rule: model.manifest.defaultReferenceRule, bootstrap: bootstrap
            ).evaluate(samples)
        }
        guard validated != nil else { return (try results(set.rows[0], bootstrap: options.bootstrap), set.rows[0]) }
        var parts: [[VerificationResult.Part]] = [], used: [Int] = [], problem: EvaluationError?
        for rows in set.rows where !rows.isEmpty {
            do throws(EvaluationError) {
                parts.append(
                    try results(rows, bootstrap: .none).map { VerificationResult.Part($0, sampleCount: rows.count) })
                used += rows
            } catch {
                // A part that left out one or two identities of this set has nobody to compare them with.
                problem = error
            }
        }
        guard !parts.isEmpty else {
            throw problem
                ?? EvaluationError.tooLittle("none of its identities was left out by a part of the cross-validation")
        }
        let pooled = options.references.indices.compactMap { position in
            VerificationResult.pooled(parts.map { $0[position] }, bootstrap: options.bootstrap)
        }
        return (pooled, used)
    }
}
