import Biometrics
import Foundation
import GRDB

extension SQLiteGallery {
    public func activate(_ model: ModelDescription) async throws(GalleryError) -> Generation {
        try await change { database, now in
            if let active = try Self.activeGeneration(of: model.modality, in: database) {
                if active.model.digest == model.digest {
                    return try Self.refresh(active, with: model, in: database)
                }
                let samples = try Int.fetchOne(
                    database, sql: "SELECT COUNT(*) FROM embedding WHERE generation_id = ?", arguments: [active.id]) ?? 0
                guard samples == 0 else {
                    throw GalleryError.madeWithAnotherModel(
                        modality: model.modality, made: active.model, offered: model, samples: samples)
                }
                try database.execute(sql: "UPDATE generation SET state = 'retired' WHERE id = ?", arguments: [active.id])
            }
            try database.execute(
                sql: """
                    INSERT INTO generation (model_sha256, modality, model_name, model_version, embedding_size, state, created)
                    VALUES (?, ?, ?, ?, ?, 'active', ?)
                    """,
                arguments: [
                    Data(model.digest.bytes), model.modality.rawValue, model.name, model.version, model.embeddingSize, now,
                ])
            let generation = Generation(id: database.lastInsertedRowID, model: model, state: .active)
            try Self.audit(.activateModel, at: now, by: nil, model: model.digest, in: database)
            return generation
        }
    }

    public func activeGenerations() async throws(GalleryError) -> [Generation] {
        try await look { database in
            try Row.fetchAll(database, sql: "SELECT * FROM generation WHERE state = 'active' ORDER BY modality")
                .map(Self.generation)
        }
    }

    static func activeGeneration(of modality: Modality, in database: Database) throws -> Generation? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM generation WHERE modality = ? AND state = 'active'",
            arguments: [modality.rawValue]
        ).map(generation)
    }

    /// A model keeps its digest when it is renamed; the gallery then follows the name.
    private static func refresh(
        _ active: Generation, with model: ModelDescription, in database: Database
    ) throws -> Generation {
        guard active.model.embeddingSize == model.embeddingSize else {
            throw GalleryError.damagedRecord(
                "model \(model.digest.short) has embeddings of \(active.model.embeddingSize) numbers in the gallery and of \(model.embeddingSize) in its package")
        }
        try database.execute(
            sql: "UPDATE generation SET model_name = ?, model_version = ? WHERE id = ?",
            arguments: [model.name, model.version, active.id])
        return Generation(id: active.id, model: model, state: .active)
    }

    private static func generation(_ row: Row) throws -> Generation {
        let digest: Data = row["model_sha256"]
        let modality: String = row["modality"]
        let state: String = row["state"]
        guard
            let digest = ModelDigest(bytes: [UInt8](digest)), let modality = Modality(rawValue: modality),
            let state = Generation.State(rawValue: state)
        else {
            throw GalleryError.damagedRecord("a generation has the modality “\(modality)” and the state “\(state)”")
        }
        return Generation(
            id: row["id"],
            model: ModelDescription(
                digest: digest, modality: modality, name: row["model_name"], version: row["model_version"],
                embeddingSize: row["embedding_size"]),
            state: state)
    }
}
