// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

/// What another daemon on the same gallery has changed.
public enum GalleryAnnouncement: Sendable, Hashable {
    /// Something of an identity, or that it is enrolled at all.
    case identity(IdentityName)
    /// Which generations there are, or which of them is active.
    case generations
    /// Which keys the gallery is sealed with.
    case keys
    /// Nobody knows what: announcements may have been missed.
    case anything
}

extension SQLGallery {
    public var isShared: Bool { database.dialect == .postgres }

    public func embeddings(
        of name: IdentityName, inGeneration id: Int64
    ) async throws(GalleryError) -> GenerationEmbeddings {
        try await read { transaction in
            let generation = try transaction.generation(id)
            var samples: [NumberedEmbedding] = [], refusals: [SampleReference: String] = [:],
                damage: [GalleryDamage] = []
            do {
                guard let identity = try transaction.identity(named: name) else {
                    return GenerationEmbeddings(generation: generation, identities: [], refusals: [:], damage: [])
                }
                let rows = try transaction.sql.rows(
                    """
                    SELECT sample.id, sample.number, embedding.data_key, embedding.sealed
                    FROM sample JOIN embedding ON embedding.sample_id = sample.id AND embedding.generation_id = ?
                    WHERE sample.identity_id = ? ORDER BY sample.number
                    """,
                    [.integer(id), .integer(identity.id)])
                for row in rows {
                    let number = Int(try row.integer(1))
                    guard identity.record.numbers.contains(number) else { continue }
                    do {
                        let outcome = try transaction.outcome(
                            sealed: row.bytes(3), key: row.integer(2), sample: row.integer(0), identity: identity.id,
                            number: number,
                            in: generation)
                        switch outcome {
                        case .embedded(let embedding):
                            samples.append(NumberedEmbedding(number: number, embedding: embedding))
                        case .refused(let reason):
                            refusals[SampleReference(identity: name, number: number)] = reason
                        }
                    } catch GalleryError.damagedRecord(let what) {
                        damage.append(.unreadable(embedding: number, of: name, by: generation.model, what))
                    }
                }
            } catch GalleryError.damagedRecord(let what) {
                damage.append(GalleryDamage(kind: .identity, identity: name, what: what))
            }
            return GenerationEmbeddings(
                generation: generation,
                identities: samples.isEmpty ? [] : [IdentityEmbeddings(name: name, samples: samples)],
                refusals: refusals, damage: damage)
        }
    }

    /// What other daemons change from now on, each after it is stored. A gallery that one daemon holds alone has none.
    public func announcements() -> AsyncStream<GalleryAnnouncement> {
        let told = database.announcements()
        let (stream, continuation) = AsyncStream.makeStream(
            of: GalleryAnnouncement.self, bufferingPolicy: .bufferingNewest(1024))
        let reading = Task { [weak self] in
            for await text in told {
                guard let announcement = await self?.announcement(text) else { break }
                // What was dropped is older than what is told after it.
                if case .dropped = continuation.yield(announcement) { continuation.yield(.anything) }
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in reading.cancel() }
        return stream
    }

    /// Whether this daemon is the one that embeds for a rotation, from now on or still: a daemon that does asks again
    /// from time to time, and leaves the rotation to another daemon when it is not.
    public func takeRotation() async throws(GalleryError) -> Bool {
        try await database.takeLock(.rotation)
    }

    public func releaseRotation() async throws(GalleryError) {
        try await database.releaseLock(.rotation)
    }

    private func announcement(_ text: String?) async -> GalleryAnnouncement {
        let words = (text ?? "").split(separator: " ")
        switch words.first {
        case "generations" where words.count == 1: return .generations
        case "keys" where words.count == 1: return .keys
        case "identity" where words.count == 3:
            guard let key = Int64(words[1]), let sealed = Data(base64Encoded: String(words[2])) else {
                return .anything
            }
            // The key may be one that another daemon has made since this one last looked, or has removed since it was
            // told.
            let name = try? await read { transaction in
                String(decoding: try transaction.keys.open(sealed, key: key, as: .announcement), as: UTF8.self)
            }
            return name.flatMap { try? IdentityName($0) }.map(GalleryAnnouncement.identity) ?? .anything
        default: return .anything
        }
    }
}
