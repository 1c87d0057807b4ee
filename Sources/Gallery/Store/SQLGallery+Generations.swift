// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Crypto
import Foundation

extension SQLGallery {
    public func activate(_ models: [ModelDescription]) async throws(GalleryError) -> [Generation] {
        try await write { transaction in try models.map(transaction.activate) }
    }

    public func generations() async throws(GalleryError) -> [GenerationContent] {
        try await read { transaction in
            let records = try transaction.identities().records.values
            let outcomes = try transaction.outcomeCounts()
            return try transaction.generations().map { generation in
                let total = records.reduce(0) { $0 + ($1.modality == generation.model.modality ? $1.numbers.count : 0) }
                let (embedded, refused) = outcomes[generation.id] ?? (0, 0)
                return GenerationContent(
                    generation: generation, embedded: embedded, refused: refused,
                    pending: max(0, total - embedded - refused))
            }
        }
    }

    public func everyGeneration() async throws(GalleryError) -> [Generation] {
        try await read { transaction in try transaction.generations() }
    }
}

extension GalleryTransaction {
    private static let generationColumns =
        "id, model_sha256, modality, model_name, model_version, embedding_size, state, created, purpose, seal"

    fileprivate func activate(_ model: ModelDescription) throws -> Generation {
        let generations = try generations()
        if let active = generations.first(where: { $0.model.modality == model.modality && $0.state == .active }) {
            if active.model.digest == model.digest { return try refresh(active, with: model) }
            let samples = try number(
                "SELECT COUNT(*) FROM embedding WHERE generation_id = ?", [.integer(active.id)])
            guard samples == 0 else {
                throw GalleryError.madeWithAnotherModel(
                    modality: model.modality, made: active.model, offered: model, samples: Int(samples))
            }
            // Nothing was embedded by it: there is nothing to go back to.
            try delete(active)
        }
        let generation = try insert(model, state: .active, purpose: nil)
        try record(AuditEvent(.activateModel, by: nil, model: model.digest))
        return generation
    }

    /// All of them, by modality and number, but for retired ones that were changed: these cost the way back and nothing
    /// else.
    ///
    /// - Throws: ``GalleryError/damagedRecord(_:)`` where what was changed may be more than that.
    func generations() throws -> [Generation] {
        let (readable, damage) = try readGenerations()
        if let other = damage.first(where: { !$0.isSpare }) { throw GalleryError.damagedRecord(other.what) }
        return readable
    }

    /// Those that were not changed, and what there is to say of the others. One is spare when another of its modality
    /// is the active one and it claims only to be retired.
    func readGenerations() throws -> (readable: [Generation], damage: [(id: Int64, what: String, isSpare: Bool)]) {
        var readable: [Generation] = [], changed: [(row: SQLRow, what: String)] = []
        for row in try sql.rows("SELECT \(Self.generationColumns) FROM generation ORDER BY modality, id") {
            do {
                readable.append(try generation(row))
            } catch GalleryError.damagedRecord(let what) {
                changed.append((row, what))
            }
        }
        let active = Set(readable.filter { $0.state == .active }.map(\.model.modality.rawValue))
        return (
            readable,
            try changed.map { row, what in
                (
                    try row.integer(0), what,
                    try row.text(6) == Generation.State.retired.rawValue && active.contains(try row.text(2))
                )
            }
        )
    }

    /// How many samples each generation has an embedding of, and how many its model refuses, which lengths tell without
    /// keys.
    fileprivate func outcomeCounts() throws -> [Int64: (embedded: Int, refused: Int)] {
        let beside = OutcomeCoding.byteCount(embeddingSize: 0) + DataKeys.sealedOverhead
        let rows = try sql.rows(
            """
            SELECT generation.id, COUNT(*), COUNT(CASE WHEN length(embedding.sealed) = ? + 4 * generation.embedding_size THEN 1 END)
            FROM embedding JOIN generation ON generation.id = embedding.generation_id GROUP BY generation.id
            """,
            [.integer(beside)])
        return try rows.reduce(into: [:]) { counts, row in
            let all = Int(try row.integer(1)), embedded = Int(try row.integer(2))
            counts[try row.integer(0)] = (embedded, all - embedded)
        }
    }

    func generation(_ id: Int64) throws -> Generation {
        guard
            let row = try sql.row(
                "SELECT \(Self.generationColumns) FROM generation WHERE id = ?", [.integer(id)])
        else {
            throw GalleryError.noSuchGeneration(reason: "number \(id) was cancelled or pruned")
        }
        return try generation(row)
    }

    func insert(_ model: ModelDescription, state: Generation.State, purpose: Generation.Purpose?) throws -> Generation {
        let generation = Generation(
            id: summary.nextGeneration, model: model, state: state, purpose: purpose,
            created: Date(timeIntervalSince1970: TimeInterval(now)))
        summary.nextGeneration += 1
        try sql.execute(
            "INSERT INTO generation (\(Self.generationColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values(of: generation))
        try announceGenerations()
        return generation
    }

    func save(_ generation: Generation) throws {
        let values = values(of: generation)
        try sql.execute(
            """
            UPDATE generation SET model_sha256 = ?, modality = ?, model_name = ?, model_version = ?, embedding_size = ?, state = ?,
                created = ?, purpose = ?, seal = ? WHERE id = ?
            """,
            Array(values.dropFirst()) + [values[0]])
        try announceGenerations()
    }

    func delete(_ generation: Generation) throws {
        try sql.execute("DELETE FROM embedding WHERE generation_id = ?", [.integer(generation.id)])
        try sql.execute("DELETE FROM generation WHERE id = ?", [.integer(generation.id)])
        try announceGenerations()
    }

    /// A model keeps its digest when it is renamed; the gallery then follows the name.
    func refresh(_ active: Generation, with model: ModelDescription) throws -> Generation {
        guard active.model != model else { return active }
        guard active.model.embeddingSize == model.embeddingSize else {
            throw GalleryError.damagedRecord(
                "model \(model.digest.short) has embeddings of \(active.model.embeddingSize) numbers in the gallery and of \(model.embeddingSize) in its package"
            )
        }
        let renamed = Generation(
            id: active.id, model: model, state: active.state, purpose: active.purpose, created: active.created)
        try save(renamed)
        return renamed
    }

    /// The number that a statement answers with.
    func number(_ statement: String, _ arguments: [SQLValue] = []) throws -> Int64 {
        try sql.row(statement, arguments)?.integer(0) ?? 0
    }

    private func values(of generation: Generation) -> [SQLValue] {
        let model = generation.model
        return [
            .integer(generation.id), .bytes(Data(model.digest.bytes)), .text(model.modality.rawValue),
            .text(model.name),
            .text(model.version), .integer(model.embeddingSize), .text(generation.state.rawValue),
            .integer(generation.created.wholeSeconds), .text(generation.purpose?.text ?? ""),
            .bytes(seal(of: generation)),
        ]
    }

    private func generation(_ row: SQLRow) throws -> Generation {
        let id = try row.integer(0), purpose = try row.text(8)
        guard
            let digest = ModelDigest(bytes: [UInt8](try row.bytes(1))),
            let modality = Modality(rawValue: try row.text(2)),
            let state = Generation.State(rawValue: try row.text(6)),
            purpose.isEmpty || Generation.Purpose(purpose) != nil
        else { throw GalleryError.damagedRecord("generation \(id) is none that there can be") }
        let generation = Generation(
            id: id,
            model: ModelDescription(
                digest: digest, modality: modality, name: try row.text(3), version: try row.text(4),
                embeddingSize: Int(try row.integer(5))),
            state: state, purpose: Generation.Purpose(purpose),
            created: Date(timeIntervalSince1970: TimeInterval(try row.integer(7))))
        guard try row.bytes(9) == seal(of: generation) else {
            throw GalleryError.damagedRecord("generation \(id), of the model \(generation.model), was changed")
        }
        return generation
    }

    /// An authentication code over the whole row, bound to the gallery.
    private func seal(of generation: Generation) -> Data {
        var record = RecordWriter()
        record.bytes(keys.gallery)
        record.integer(generation.id)
        record.bytes(Data(generation.model.digest.bytes))
        for text in [
            generation.model.modality.rawValue, generation.model.name, generation.model.version,
            generation.state.rawValue,
        ] {
            record.text(text)
        }
        record.integer(Int64(generation.model.embeddingSize))
        record.integer(generation.created.wholeSeconds)
        record.text(generation.purpose?.text ?? "")
        return Data(HMAC<SHA256>.authenticationCode(for: record.data, using: keys.secrets.generations))
    }
}
