// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery

/// What a gallery answers, as lines that two galleries can be compared by and a person can read.
enum GalleryLines {
    /// An error with all that it says, except where the words are the implementation's own.
    static func error(_ error: GalleryError) -> String {
        switch error {
        case .wrongEmbedding: "error: wrong embedding"
        case .noSuchGeneration: "error: no such generation"
        case .damagedRecord: "error: damaged record"
        default: "error: \(error)"
        }
    }

    static func identity(
        _ name: IdentityName, _ modality: Modality, _ samples: Int, _ enrolled: Date, _ updated: Date
    ) -> String {
        "\(name): \(modality), \(samples) samples, \(seconds(enrolled)) to \(seconds(updated))"
    }

    static func sample(_ sample: EnrolledSample) -> String {
        let measurements = sample.measurements.map {
            "\($0.quantity) \($0.value) \($0.minimum ?? -1) \($0.maximum ?? -1)"
        }
        return
            "sample \(sample.number): \(seconds(sample.enrolled)), \(sample.kept?.rawValue ?? "no image"), \(sample.width) × \(sample.height), "
            + "\(measurements), \(sample.original)"
    }

    static func generation(_ generation: Generation) -> String {
        let purpose = generation.purpose.map { "\($0)" } ?? "nothing"
        return
            "generation \(generation.id): \(generation.model), \(generation.model.modality), \(generation.state) for \(purpose), \(seconds(generation.created))"
    }

    static func embeddings(
        _ generation: Generation, _ embeddings: [(SampleReference, Embedding)], _ refusals: [SampleReference: String]
    ) -> [String] {
        [Self.generation(generation)]
            + embeddings.map { "\($0.identity) \($0.number): \($1.values) of \($1.model.short)" }
            + refusals.sorted { isBefore($0.key, $1.key) }.map { "\($0.identity) \($0.number): refused, \($1)" }
    }

    static func entry(
        _ number: Int64, _ time: Date, _ action: AuditEntry.Action, _ actor: AuditActor?, _ identity: IdentityName?,
        _ sample: Int?, to destination: (identity: IdentityName?, sample: Int)?,
        _ model: ModelDigest?, _ result: String?
    ) -> String {
        let actor = actor.map { "\($0.user) \($0.process) \($0.executable ?? "-")" } ?? "-"
        return
            "\(number): \(seconds(time)), \(action.rawValue) by \(actor), \(identity?.text ?? "-") \(sample ?? 0), \(destination.map { "to \($0.identity?.text ?? "-") \($0.sample), " } ?? "")\(model?.short ?? "-"), \(result ?? "-")"
    }

    static func content(_ content: IdentityContent) -> [String] {
        [identity(content.name, content.modality, content.samples.count, content.enrolled, content.updated)]
            + content.samples.flatMap { sample in
                [Self.sample(sample.sample), "image \(sample.image ?? [])"]
                    + sample.outcomes.sorted { $0.key.short < $1.key.short }.map { "\($0.short): \($1)" }
            } + content.damage.map(\.what)
    }

    /// - Parameter isOfAnybody: it is of no identity; one that is has no name where that is not enrolled.
    static func attempts(
        _ caller: UInt32, isOfAnybody: Bool, _ identity: IdentityName?, _ record: AttemptRecord
    ) -> String {
        let whom = isOfAnybody ? "anybody" : identity?.text ?? "somebody"
        return
            "attempts of \(caller) with \(whom): \(record.failures), \(seconds(record.last)), blocked until \(record.blockedUntil.map(seconds) ?? "-")"
    }

    private static func seconds(_ date: Date) -> String { "\(Int(date.timeIntervalSince1970))" }
}

extension GalleryStore {
    func identityLines() async throws(GalleryError) -> [String] {
        try await identities().map {
            GalleryLines.identity($0.name, $0.modality, $0.sampleCount, $0.enrolled, $0.updated)
        }
    }

    func trailLines(_ query: AuditQuery) async throws(GalleryError) -> [String] {
        try await auditTrail(query).map {
            GalleryLines.entry(
                $0.number, $0.time, $0.action, $0.actor, $0.identity, $0.sample,
                to: $0.destination.map { ($0.identity, $0.sample) }, $0.model, $0.result)
        }
    }

    func embeddingLines(_ content: GenerationEmbeddings) -> [String] {
        GalleryLines.embeddings(
            content.generation, content.embeddings.map { ($0.sample, $0.embedding) }, content.refusals)
            + content.damage.map(\.what)
    }

    /// Everything that can be asked for.
    func lines() async throws(GalleryError) -> [String] {
        var lines = try await identityLines()
        for identity in try await identities() {
            guard let content = try await content(of: identity.name) else { continue }
            lines += GalleryLines.content(content)
        }
        for content in try await generations() {
            lines.append("\(content.embedded) embedded, \(content.refused) refused, \(content.pending) pending")
            lines += embeddingLines(try await embeddings(ofGeneration: content.generation.id))
        }
        lines += try await trailLines(AuditQuery(limit: 10_000))
        lines += try await attempts().map {
            GalleryLines.attempts($0.caller, isOfAnybody: $0.nameHash == nil, $0.identity, $0.record)
        }.sorted()
        lines += ["\(try await counts())", "\(try await verifyAudit())"]
        let check = try await check { _, _ in }
        return lines + ["\(check.rows) rows"] + check.damage.map(\.what)
    }
}

extension OracleGallery {
    var identityLines: [String] {
        identities.sorted { $0.key.text < $1.key.text }.map {
            GalleryLines.identity($0, $1.modality, $1.samples.count, $1.enrolled, $1.updated)
        }
    }

    func trailLines(_ query: AuditQuery) -> [String] {
        trail(query).map { entry in
            let event = entry.event
            // A name is seen while it is enrolled.
            func seen(_ name: IdentityName) -> IdentityName? { identities[name] == nil ? nil : name }
            return GalleryLines.entry(
                entry.number, entry.time, event.action, event.actor, event.identity.flatMap(seen), event.sample,
                to: event.destination.map { (seen($0.identity), $0.number) }, event.model, event.result)
        }
    }

    func embeddingLines(_ generation: Generation) -> [String] {
        var embeddings: [(SampleReference, Embedding)] = [], refusals: [SampleReference: String] = [:]
        for (reference, sample) in references {
            switch sample.outcomes[generation.id] {
            case .embedded(let embedding)?: embeddings.append((reference, embedding))
            case .refused(let reason)?: refusals[reference] = reason
            case nil: break
            }
        }
        return GalleryLines.embeddings(generation, embeddings.sorted { isBefore($0.0, $1.0) }, refusals)
    }

    var lines: [String] {
        var lines = identityLines
        for name in identities.keys.sorted(by: { $0.text < $1.text }) {
            if let content = content(of: name) { lines += GalleryLines.content(content) }
        }
        for generation in generations {
            let outcomes = references.compactMap { $0.sample.outcomes[generation.id] }
            let refused = outcomes.count { if case .refused = $0 { true } else { false } }
            let pending = (try? pending(in: generation.id).count) ?? 0
            lines.append("\(outcomes.count - refused) embedded, \(refused) refused, \(pending) pending")
            lines += embeddingLines(generation)
        }
        lines += trailLines(AuditQuery(limit: 10_000))
        lines += attempts.map { key, record in
            GalleryLines.attempts(
                key.caller, isOfAnybody: key.identity == nil, key.identity.flatMap { identities[$0] == nil ? nil : $0 },
                record)
        }.sorted()
        return lines + ["\(counts)", "\(verification)", "\(rows) rows"]
    }
}
