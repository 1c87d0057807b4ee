// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Synchronization

/// Reads all that a generation holds, page by page, by several transactions that see the same state: each takes the
/// next page, opens what is in it, and goes on.
struct GenerationReading: Sendable {
    /// How many identities are read at a time.
    static let usualPage = 512

    /// What one transaction has read.
    struct Part: Sendable {
        let generation: Generation
        /// How many identities the gallery should have.
        let enrolled: Int64
        /// How many rows of identities were read.
        var rows = 0
        var identities: [IdentityEmbeddings] = []
        var refusals: [SampleReference: String] = [:]
        var unreadable: [GalleryDamage] = []
        var damage: [GalleryDamage] = []
        var absent: [GalleryDamage] = []
    }

    private let page: Int
    private let pages = Pages()

    init(page: Int) {
        self.page = page
    }

    /// Where the next page begins.
    private final class Pages: Sendable {
        let last = Mutex<Int64?>(.min)
    }

    /// Reads pages until there are none.
    func run(_ transaction: GalleryTransaction, of generation: Generation) throws -> Part {
        var part = Part(generation: generation, enrolled: transaction.summary.identities)
        while true {
            // What is read under the lock is a fraction of what is then done with it.
            let rows = try pages.last.withLock { last throws -> [SQLRow] in
                guard let start = last else { return [] }
                let rows = try transaction.sql.rows(
                    "SELECT id, data_key, sealed, name_hash FROM identity WHERE id > ? ORDER BY id LIMIT ?",
                    [.integer(start), .integer(page)])
                last = rows.count < page ? nil : try rows.last?.integer(0)
                return rows
            }
            guard let first = try rows.first?.integer(0), let last = try rows.last?.integer(0) else { return part }
            part.rows += rows.count
            var records: [Int64: IdentityRecord] = [:]
            records.reserveCapacity(rows.count)
            for row in rows {
                do {
                    records[try row.integer(0)] = try transaction.identity(row)
                } catch GalleryError.damagedRecord(let what) {
                    part.unreadable.append(GalleryDamage(kind: .identity, what: what))
                }
            }
            try read(&part, first...last, records, transaction)
        }
    }

    /// Reads the embeddings of some identities.
    private func read(
        _ part: inout Part, _ range: ClosedRange<Int64>, _ records: [Int64: IdentityRecord],
        _ transaction: GalleryTransaction
    ) throws {
        let generation = part.generation
        var found: [Int64: [Int]] = [:]
        var identity: (id: Int64, embeddings: IdentityEmbeddings)?
        func finish() {
            if let identity, !identity.embeddings.samples.isEmpty { part.identities.append(identity.embeddings) }
        }
        // In this order of the tables, because otherwise SQLite would look at the whole generation for each page.
        try transaction.sql.forEachRow(
            """
            SELECT sample.identity_id, sample.number, sample.id, embedding.data_key, embedding.sealed
            FROM sample CROSS JOIN embedding
            WHERE embedding.sample_id = sample.id AND embedding.generation_id = ?
                AND sample.identity_id >= ? AND sample.identity_id <= ?
            ORDER BY sample.identity_id, sample.number
            """,
            [.integer(generation.id), .integer(range.lowerBound), .integer(range.upperBound)]
        ) { row in
            let id = try row.integer(0), number = Int(try row.integer(1))
            // Its identity's damage is told already.
            guard let record = records[id] else { return }
            if identity?.id != id {
                finish()
                identity = (id, IdentityEmbeddings(name: record.name, samples: []))
                identity?.embeddings.samples.reserveCapacity(record.numbers.count)
            }
            found[id, default: []].append(number)
            do {
                guard record.numbers.contains(number) else {
                    throw GalleryError.damagedRecord("the identity has no such sample")
                }
                let outcome = try transaction.outcome(
                    sealed: row.bytes(4), key: row.integer(3), sample: row.integer(2), identity: id, number: number,
                    in: generation)
                switch outcome {
                case .embedded(let embedding):
                    identity?.embeddings.samples.append(NumberedEmbedding(number: number, embedding: embedding))
                case .refused(let reason):
                    part.refusals[SampleReference(identity: record.name, number: number)] = reason
                }
            } catch GalleryError.damagedRecord(let what) {
                part.damage.append(.unreadable(embedding: number, of: record.name, by: generation.model, what))
            }
        }
        finish()
        guard generation.state == .active else { return }
        for (id, record) in records where record.modality == generation.model.modality {
            let there = found[id] ?? []
            for number in record.numbers where !there.contains(number) {
                part.absent.append(.absent(.embedding, sample: number, of: record.name, by: generation.model))
            }
        }
    }
}

extension GenerationEmbeddings {
    /// Puts together what several transactions have read of a generation.
    init(_ parts: [GenerationReading.Part], of generation: Generation, enrolled: Int64) {
        let absent = parts.flatMap(\.absent).sorted {
            ($0.identity?.text ?? "", $0.sample ?? 0) < ($1.identity?.text ?? "", $1.sample ?? 0)
        }
        self.init(
            generation: generation,
            identities: parts.flatMap(\.identities).sorted { $0.name.text < $1.name.text },
            refusals: parts.reduce(into: [:]) { all, part in all.merge(part.refusals) { $1 } },
            damage: parts.flatMap(\.unreadable)
                + GalleryDamage.absence(of: parts.reduce(0) { $0 + $1.rows }, where: enrolled)
                + parts.flatMap(\.damage) + absent)
    }
}
