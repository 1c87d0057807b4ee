import Biometrics
import Foundation

/// Reads and opens every row of a gallery, and notes what cannot be, with what a repair would do.
final class GalleryInspection {
    /// What a repair does about a damage.
    enum Remedy {
        /// Takes the damaged row out.
        case deletion(_ statement: String, _ arguments: [SQLValue])
        /// Brings the records that count and list into agreement with the rows that are left, as after every deletion.
        case agreement
    }

    private let transaction: GalleryTransaction
    private let progress: (_ done: Int, _ total: Int) -> Void
    private(set) var damage: [(damage: GalleryDamage, remedy: Remedy?)] = []
    private(set) var rows = 0
    private var total = 0
    private var identities: [Int64: IdentityRecord] = [:]
    private var samples: [Int64: (identity: Int64, number: Int)] = [:]

    init(_ transaction: GalleryTransaction, progress: @escaping (_ done: Int, _ total: Int) -> Void) {
        self.transaction = transaction
        self.progress = progress
    }

    func run() throws {
        total = try ["identity", "sample", "image", "embedding"].reduce(0) { sum, table in
            sum + Int(try transaction.number("SELECT COUNT(*) FROM \(table)"))
        }
        try inspectIdentities()
        try inspectSamples()
        try inspectImages()
        try inspectEmbeddings()
        try inspectAbsences()
        progress(rows, max(rows, total))
    }

    private func read() {
        rows += 1
        if rows % 64 == 0 { progress(rows, max(rows, total)) }
    }

    private func note(
        _ kind: GalleryDamage.Kind, identity: IdentityName? = nil, sample: Int? = nil, _ what: String, _ remedy: Remedy? = nil
    ) {
        damage.append((GalleryDamage(kind: kind, identity: identity, sample: sample, what: what), remedy))
    }

    private func inspectIdentities() throws {
        try transaction.forEach("SELECT id, data_key, sealed, name_hash FROM identity WHERE id > ? ORDER BY id LIMIT ?") { row in
            read()
            let id = try row.integer(0)
            let deletion = Remedy.deletion("DELETE FROM identity WHERE id = ?", [.integer(id)])
            do {
                let record = try transaction.identity(id: id, key: row.integer(1), sealed: row.bytes(2)).record
                guard try row.bytes(3) == transaction.keys.hash(of: record.name) else {
                    return note(
                        .identity, identity: record.name, "“\(record.name)” would not be found under the name", deletion)
                }
                identities[id] = record
            } catch GalleryError.damagedRecord(let what) {
                note(.identity, what, deletion)
            }
        }
    }

    private func inspectSamples() throws {
        try transaction.forEach("SELECT id, identity_id, number, data_key, sealed FROM sample WHERE id > ? ORDER BY id LIMIT ?") { row in
            read()
            let id = try row.integer(0), identity = try row.integer(1), number = Int(try row.integer(2))
            // An identity that is damaged takes its samples with it.
            guard let record = identities[identity] else { return }
            let deletion = Remedy.deletion("DELETE FROM sample WHERE id = ?", [.integer(id)])
            do {
                guard record.numbers.contains(number) else { throw GalleryError.damagedRecord("the identity has no such sample") }
                _ = try transaction.sample(
                    id: id, identity: identity, number: number, key: row.integer(3), sealed: row.bytes(4)
                ).enrolledSample(number: number)
                samples[id] = (identity, number)
            } catch GalleryError.damagedRecord(let what) {
                note(
                    .sample, identity: record.name, sample: number, "sample \(number) of “\(record.name)”: \(what)", deletion)
            }
        }
    }

    private func inspectImages() throws {
        // Images are large: the rows are listed first and read one by one.
        try transaction.forEach("SELECT sample_id FROM image WHERE sample_id > ? ORDER BY sample_id LIMIT ?") { row in
            read()
            let id = try row.integer(0)
            guard let (identity, number) = samples[id], let name = identities[identity]?.name else { return }
            do {
                _ = try transaction.image(ofSample: id, identity: identity)
            } catch GalleryError.damagedRecord(let what) {
                note(
                    .image, identity: name, sample: number, "the image of sample \(number) of “\(name)”: \(what)",
                    .deletion("DELETE FROM image WHERE sample_id = ?", [.integer(id)]))
            }
        }
    }

    private func inspectEmbeddings() throws {
        let ids = try transaction.connection.rows("SELECT id FROM generation ORDER BY id").map { try $0.integer(0) }
        for id in ids {
            let generation: Generation
            do {
                generation = try transaction.generation(id)
            } catch GalleryError.damagedRecord(let what) {
                note(.generation, what)
                continue
            }
            try transaction.forEach(
                "SELECT sample_id, data_key, sealed FROM embedding WHERE generation_id = ? AND sample_id > ? ORDER BY sample_id LIMIT ?",
                [.integer(id)]
            ) { row in
                read()
                let sample = try row.integer(0)
                guard let (identity, number) = samples[sample], let name = identities[identity]?.name else { return }
                do {
                    _ = try transaction.outcome(
                        sealed: row.bytes(2), key: row.integer(1), sample: sample, identity: identity, number: number, in: generation)
                } catch GalleryError.damagedRecord(let what) {
                    note(
                        .embedding, identity: name, sample: number,
                        "the embedding of sample \(number) of “\(name)” by \(generation.model): \(what)",
                        .deletion(
                            "DELETE FROM embedding WHERE sample_id = ? AND generation_id = ?", [.integer(sample), .integer(id)]))
                }
            }
        }
    }

    private func inspectAbsences() throws {
        var found: [Int64: Set<Int>] = [:]
        for (identity, number) in samples.values { found[identity, default: []].insert(number) }
        let noted = Set(damage.compactMap { entry in
            entry.damage.kind == .sample ? entry.damage.sample.map { "\(entry.damage.identity?.text ?? "")\u{0}\($0)" } : nil
        })
        for (id, record) in identities {
            for number in record.numbers
            where found[id]?.contains(number) != true && !noted.contains("\(record.name.text)\u{0}\(number)") {
                note(
                    .sample, identity: record.name, sample: number, "sample \(number) of “\(record.name)” is absent", .agreement)
            }
        }
        let there = try transaction.number("SELECT COUNT(*) FROM identity")
        if there != transaction.summary.identities {
            note(
                .structure, "\(there) identities are there where \(transaction.summary.identities) are enrolled", .agreement)
        }
    }
}
