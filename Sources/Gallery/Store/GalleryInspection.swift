// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

/// Reads and opens every row of a gallery, and notes what cannot be, with what a repair would do.
final class GalleryInspection {
    /// What a repair does about a damage.
    enum Remedy {
        /// Takes the damaged row out.
        case deletion(_ statement: String, _ arguments: [SQLValue])
        /// Keeps the sample without its image.
        case withoutImage(sample: Int64)
        /// Lets the file that the sample was made from be known again.
        case original(sample: Int64, hash: Data)
        /// Brings the records that count and list into agreement with the rows that are left, as after every deletion.
        case agreement
    }

    private let transaction: GalleryTransaction
    private let progress: (_ done: Int, _ total: Int) -> Void
    private(set) var damage: [(damage: GalleryDamage, remedy: Remedy?)] = []
    private(set) var rows = 0
    private var total = 0
    private var identities: [Int64: IdentityRecord] = [:]
    private var samples: [Int64: Sample] = [:]
    private var active: [ModelDescription] = []

    private struct Sample {
        let identity: Int64
        let number: Int
        let keepsImage: Bool
        var hasImage = false
        /// Whether the active model has an embedding of it, or has refused it.
        var isEmbedded = false
    }

    init(_ transaction: GalleryTransaction, progress: @escaping (_ done: Int, _ total: Int) -> Void) {
        self.transaction = transaction
        self.progress = progress
    }

    func run() throws {
        total = try ["identity", "sample", "image", "embedding", "attempt"].reduce(0) { sum, table in
            sum + Int(try transaction.number("SELECT COUNT(*) FROM \(table)"))
        }
        try inspectIdentities()
        try inspectSamples()
        try inspectImages()
        try inspectEmbeddings()
        try inspectAbsences()
        try inspectAttempts()
        try inspectStrays()
        progress(rows, max(rows, total))
    }

    private func read() {
        rows += 1
        if rows % 64 == 0 { progress(rows, max(rows, total)) }
    }

    private func note(
        _ kind: GalleryDamage.Kind, identity: IdentityName? = nil, sample: Int? = nil, _ what: String,
        _ remedy: Remedy? = nil
    ) {
        note(GalleryDamage(kind: kind, identity: identity, sample: sample, what: what), remedy)
    }

    private func note(_ damage: GalleryDamage, _ remedy: Remedy? = nil) {
        self.damage.append((damage, remedy))
    }

    private func inspectIdentities() throws {
        try transaction.forEachIdentity { id, record in
            read()
            do {
                identities[id] = try record.get()
            } catch GalleryError.damagedRecord(let what) {
                note(.identity, what, .deletion("DELETE FROM identity WHERE id = ?", [.integer(id)]))
            }
        }
    }

    private func inspectSamples() throws {
        try transaction.forEach(
            "SELECT id, identity_id, number, data_key, sealed, original_hash FROM sample WHERE id > ? ORDER BY id LIMIT ?"
        ) { row in
            read()
            let id = try row.integer(0), identity = try row.integer(1), number = Int(try row.integer(2))
            // An identity that is damaged takes its samples with it.
            guard let record = identities[identity] else { return }
            let deletion = Remedy.deletion("DELETE FROM sample WHERE id = ?", [.integer(id)])
            do {
                guard record.numbers.contains(number) else {
                    throw GalleryError.damagedRecord("the identity has no such sample")
                }
                let sample = try transaction.sample(
                    id: id, identity: identity, number: number, key: row.integer(3), sealed: row.bytes(4))
                _ = try sample.enrolledSample(number: number)
                let hash = transaction.keys.hash(ofOriginal: sample.original)
                if try row.bytes(5) != hash {
                    note(
                        .sample, identity: record.name, sample: number,
                        "the file that sample \(number) of “\(record.name)” was made from would not be known again",
                        .original(sample: id, hash: hash))
                }
                samples[id] = Sample(identity: identity, number: number, keepsImage: sample.kept != nil)
            } catch GalleryError.damagedRecord(let what) {
                note(
                    .sample, identity: record.name, sample: number, "sample \(number) of “\(record.name)”: \(what)",
                    deletion)
            }
        }
    }

    private func inspectImages() throws {
        // Images are large: the rows are listed first and read one by one.
        try transaction.forEach("SELECT sample_id FROM image WHERE sample_id > ? ORDER BY sample_id LIMIT ?") { row in
            read()
            let id = try row.integer(0)
            guard let sample = samples[id], let name = identities[sample.identity]?.name else { return }
            samples[id]?.hasImage = true
            do {
                _ = try transaction.image(ofSample: id, identity: sample.identity)
            } catch GalleryError.damagedRecord(let what) {
                note(
                    .image, identity: name, sample: sample.number,
                    "the image of sample \(sample.number) of “\(name)”: \(what)",
                    .withoutImage(sample: id))
            }
        }
    }

    private func inspectEmbeddings() throws {
        let (generations, damage) = try transaction.readGenerations()
        for (id, what, isSpare) in damage {
            note(.generation, what, isSpare ? .deletion("DELETE FROM generation WHERE id = ?", [.integer(id)]) : nil)
        }
        active = generations.filter { $0.state == .active }.map(\.model)
        for generation in generations {
            try transaction.forEach(
                "SELECT sample_id, data_key, sealed FROM embedding WHERE generation_id = ? AND sample_id > ? ORDER BY sample_id LIMIT ?",
                [.integer(generation.id)]
            ) { row in
                read()
                let id = try row.integer(0)
                guard let sample = samples[id], let record = identities[sample.identity] else { return }
                let number = sample.number, name = record.name
                if generation.state == .active, generation.model.modality == record.modality {
                    samples[id]?.isEmbedded = true
                }
                do {
                    _ = try transaction.outcome(
                        sealed: row.bytes(2), key: row.integer(1), sample: id, identity: sample.identity,
                        number: number, in: generation)
                } catch GalleryError.damagedRecord(let what) {
                    note(
                        .embedding, identity: name, sample: number,
                        "the embedding of sample \(number) of “\(name)” by \(generation.model): \(what)",
                        .deletion(
                            "DELETE FROM embedding WHERE sample_id = ? AND generation_id = ?",
                            [.integer(id), .integer(generation.id)]))
                }
            }
        }
    }

    private func inspectAbsences() throws {
        var found: [Int64: Set<Int>] = [:]
        for sample in samples.values { found[sample.identity, default: []].insert(sample.number) }
        let noted = Set(
            damage.compactMap { entry in
                entry.damage.kind == .sample
                    ? entry.damage.sample.map { "\(entry.damage.identity?.text ?? "")\u{0}\($0)" } : nil
            })
        for (id, record) in identities.sorted(by: { $0.key < $1.key }) {
            for number in record.numbers
            where found[id]?.contains(number) != true && !noted.contains("\(record.name.text)\u{0}\(number)") {
                note(.absent(.sample, sample: number, of: record.name), .agreement)
            }
        }
        for (id, sample) in samples.sorted(by: { $0.key < $1.key }) {
            guard let record = identities[sample.identity] else { continue }
            if sample.keepsImage, !sample.hasImage {
                note(.absent(.image, sample: sample.number, of: record.name), .withoutImage(sample: id))
            }
            if !sample.isEmbedded, let model = active.first(where: { $0.modality == record.modality }) {
                // What is made again is made after the repair.
                note(.absent(.embedding, sample: sample.number, of: record.name, by: model), .agreement)
            }
        }
        for modality in Set(identities.values.map(\.modality)).subtracting(active.map(\.modality)).sorted(by: {
            $0.rawValue < $1.rawValue
        }) {
            note(
                .generation,
                "people are enrolled by their \(modality.rawValue), and no model that compares them is active")
        }
        for absence in transaction.absence(of: Int(try transaction.number("SELECT COUNT(*) FROM identity"))) {
            note(absence, .agreement)
        }
    }

    private func inspectAttempts() throws {
        for row in try transaction.attemptRows() {
            read()
            guard let what = AttemptRow.damage(of: row, keys: transaction.keys) else { continue }
            let caller = try row.integer(0), hash = try row.bytes(1)
            let name = hash.isEmpty ? nil : (try? transaction.identity(withHash: hash))?.record.name
            let whose = hash.isEmpty ? "" : " with \(name.map { "“\($0)”" } ?? "somebody who is not enrolled")"
            note(
                .attempts, identity: name,
                "the failed comparisons of user \(caller)\(whose), who is blocked for that: \(what)",
                .deletion("DELETE FROM attempt WHERE caller = ? AND name_hash = ?", [.integer(caller), .bytes(hash)]))
        }
    }

    /// Rows that belong to nothing: a database that holds to its references has none.
    private func inspectStrays() throws {
        let strays = [
            (
                "samples of no identity",
                "sample WHERE NOT EXISTS (SELECT 1 FROM identity WHERE identity.id = sample.identity_id)"
            ),
            ("images of no sample", "image WHERE NOT EXISTS (SELECT 1 FROM sample WHERE sample.id = image.sample_id)"),
            (
                "embeddings of no sample",
                "embedding WHERE NOT EXISTS (SELECT 1 FROM sample WHERE sample.id = embedding.sample_id)"
            ),
            (
                "embeddings of no generation",
                "embedding WHERE NOT EXISTS (SELECT 1 FROM generation WHERE generation.id = embedding.generation_id)"
            ),
        ]
        for (what, rows) in strays {
            let count = try transaction.number("SELECT COUNT(*) FROM \(rows)")
            if count > 0 { note(.structure, "\(what): \(count)", .deletion("DELETE FROM \(rows)", [])) }
        }
        for row in try transaction.sql.rows("SELECT id FROM data_key ORDER BY id") {
            let id = try row.integer(0)
            if transaction.keys.keys[id] == nil {
                note(
                    .structure, "the data key \(id) is none of the gallery's; somebody has put it there",
                    .deletion("DELETE FROM data_key WHERE id = ?", [.integer(id)]))
            }
        }
    }
}
