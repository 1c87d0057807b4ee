// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

/// From schema 1, which kept everything as it was, to schema 2, which seals it.
struct SealingMigration {
    let sql: any SQLTransaction
    /// What the data key is wrapped with.
    let keys: WrappingKeys
    let now: Int64

    func run() throws {
        for index in ["sample_by_original", "one_active_generation", "embedding_by_generation"] {
            try sql.execute("DROP INDEX \(index)")
        }
        for table in ["embedding", "sample", "identity", "generation", "audit"] {
            try sql.execute("ALTER TABLE \(table) RENAME TO \(table)_1")
        }
        try GalleryTables.make(in: sql)
        let dataKeys = try GalleryTables.begin(GallerySummary(), wrappedBy: keys.current, in: sql)
        let transaction = GalleryTransaction(
            sql: sql, keys: dataKeys, summary: GallerySummary(), now: now)
        try moveGenerations(transaction)
        try moveIdentities(transaction)
        try moveAudit(transaction)
        // A gallery that was made a moment ago has nothing to tell.
        if transaction.summary.auditEnd != .origin {
            try transaction.record(AuditEvent(.migrate, by: nil, result: "schema 2"))
        }
        for table in ["embedding", "sample", "identity", "generation", "audit"] {
            try sql.execute("DROP TABLE \(table)_1")
        }
        try transaction.finish()
    }

    private func moveGenerations(_ transaction: GalleryTransaction) throws {
        let rows = try sql.rows(
            """
            SELECT id, model_sha256, modality, model_name, model_version, embedding_size, state, created FROM generation_1
            WHERE state <> 'building' ORDER BY id
            """)
        for row in rows {
            guard
                let digest = ModelDigest(bytes: [UInt8](try row.bytes(1))),
                let modality = Modality(rawValue: try row.text(2)),
                let state = Generation.State(rawValue: try row.text(6))
            else { throw GalleryError.damagedRecord("generation \(try row.integer(0)) is none that there can be") }
            // Nothing is left of what a retired one embedded that could not be embedded again.
            guard state == .active else { continue }
            transaction.summary.nextGeneration = try row.integer(0)
            _ = try transaction.insert(
                ModelDescription(
                    digest: digest, modality: modality, name: try row.text(3), version: try row.text(4),
                    embeddingSize: Int(try row.integer(5))),
                state: .active, purpose: nil)
        }
    }

    private func moveIdentities(_ transaction: GalleryTransaction) throws {
        let generations = try transaction.generations()
        let rows = try sql.rows(
            "SELECT id, name, modality, next_number, enrolled, updated FROM identity_1 ORDER BY id")
        for row in rows {
            guard let modality = Modality(rawValue: try row.text(2)) else {
                throw GalleryError.damagedRecord("an identity has the unknown modality “\(try row.text(2))”")
            }
            let name = try row.text(1)
            guard let name = try? IdentityName(name) else {
                throw GalleryError.damagedRecord("an identity has an impossible name")
            }
            var record = IdentityRecord(name: name, modality: modality, enrolled: try row.integer(4))
            record.updated = try row.integer(5)
            record.nextNumber = Int(try row.integer(3))
            transaction.summary.nextIdentity = try row.integer(0)
            var identity = try transaction.insert(record)
            identity.record.numbers = try moveSamples(of: identity, transaction, generations)
            try transaction.save(identity)
        }
    }

    /// Returns their numbers.
    private func moveSamples(
        of identity: GalleryTransaction.StoredIdentity, _ transaction: GalleryTransaction, _ generations: [Generation]
    ) throws -> [Int] {
        let rows = try sql.rows(
            """
            SELECT id, number, prepared_image, width, height, original_sha256, measurements, enrolled FROM sample_1
            WHERE identity_id = ? ORDER BY number
            """,
            [.integer(identity.id)])
        var numbers: [Int] = []
        for row in rows {
            let number = Int(try row.integer(1))
            let record = SampleRecord(
                enrolled: try row.integer(7), kept: .chip, width: Int(try row.integer(3)),
                height: Int(try row.integer(4)),
                original: try row.bytes(5), measurements: try row.text(6))
            let id = try transaction.insert(record, number: number, of: identity.id)
            try transaction.insert(image: try row.bytes(2), of: id, identity: identity.id)
            for generation in generations {
                let vector = try sql.row(
                    "SELECT vector FROM embedding_1 WHERE sample_id = ? AND generation_id = ?",
                    [.integer(try row.integer(0)), .integer(generation.id)])
                guard let vector else { continue }
                let embedding = try OutcomeCoding.embedding(vector.bytes(0), of: generation.model)
                try transaction.insert(
                    .embedded(embedding), of: id, identity: identity.id, number: number, in: generation)
            }
            numbers.append(number)
        }
        return numbers
    }

    private func moveAudit(_ transaction: GalleryTransaction) throws {
        let rows = try sql.rows(
            "SELECT number, time, action, user, process, identity, sample, model_sha256 FROM audit_1 ORDER BY number")
        for row in rows {
            let name = try row.optionalText(5).flatMap { try? IdentityName($0) }
            try transaction.append(
                AuditRow(
                    number: transaction.summary.auditEnd.number + 1, time: try row.integer(1), action: try row.text(2),
                    user: try row.optionalInteger(3), process: try row.optionalInteger(4), executable: nil,
                    nameHash: name.map(transaction.keys.hash(of:)), sample: try row.optionalInteger(6),
                    model: try row.optionalBytes(7), result: nil))
        }
    }
}
