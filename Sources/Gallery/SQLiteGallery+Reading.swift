import Biometrics
import Foundation
import GRDB

extension SQLiteGallery {
    public func identities(
        after name: IdentityName?, limit: Int
    ) async throws(GalleryError) -> [EnrolledIdentity] {
        try await look { database in
            // The empty text is before every name, since no name is empty.
            try Row.fetchAll(
                database, sql: Self.identitySelection + " WHERE name > ? ORDER BY name LIMIT ?",
                arguments: [name?.text ?? "", max(0, limit)]
            ).map(Self.identity)
        }
    }

    public func details(of name: IdentityName) async throws(GalleryError) -> IdentityDetails? {
        try await look { database in
            guard
                let row = try Row.fetchOne(
                    database, sql: Self.identitySelection + " WHERE name = ?", arguments: [name.text])
            else { return nil }
            let samples = try Row.fetchAll(
                database,
                sql: """
                    SELECT number, enrolled, width, height, measurements FROM sample
                    WHERE identity_id = ? ORDER BY number
                    """,
                arguments: [row["id"] as Int64])
            return IdentityDetails(identity: try Self.identity(row), samples: try samples.map(Self.sample))
        }
    }

    public func preparedImage(of sample: SampleReference) async throws(GalleryError) -> [UInt8]? {
        try await look { database in
            try Data.fetchOne(
                database,
                sql: """
                    SELECT prepared_image FROM sample JOIN identity ON identity.id = identity_id
                    WHERE name = ? AND number = ?
                    """,
                arguments: [sample.identity.text, sample.number]
            ).map { [UInt8]($0) }
        }
    }

    public func embeddings(of modality: Modality) async throws(GalleryError) -> [EnrolledEmbedding] {
        try await look { database in
            guard let generation = try Self.activeGeneration(of: modality, in: database) else { return [] }
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT name, number, vector FROM embedding
                    JOIN sample ON sample.id = sample_id JOIN identity ON identity.id = identity_id
                    WHERE generation_id = ? ORDER BY name, number
                    """,
                arguments: [generation.id])
            var embeddings: [EnrolledEmbedding] = []
            while let row = try rows.next() {
                embeddings.append(
                    EnrolledEmbedding(
                        sample: try Self.reference(row),
                        embedding: try VectorCoding.embedding(
                            row["vector"], count: generation.model.embeddingSize, model: generation.model.digest)))
            }
            return embeddings
        }
    }

    public func counts() async throws(GalleryError) -> GalleryCounts {
        try await look { database in
            GalleryCounts(
                identities: try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM identity") ?? 0,
                samples: try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sample") ?? 0)
        }
    }

    public func auditTrail(limit: Int) async throws(GalleryError) -> [AuditEntry] {
        try await look { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM audit ORDER BY number DESC LIMIT ?", arguments: [max(0, limit)]
            ).map(Self.auditEntry)
        }
    }

    static func samples(ofOriginal digest: [UInt8], in database: Database) throws -> [SampleReference] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT name, number FROM sample JOIN identity ON identity.id = identity_id
                WHERE original_sha256 = ? ORDER BY name, number LIMIT ?
                """,
            arguments: [Data(digest), Enrolment.maximumDuplicates]
        ).map(reference)
    }

    // MARK: Rows

    private static let identitySelection = """
        SELECT id, name, modality, enrolled, updated,
            (SELECT COUNT(*) FROM sample WHERE identity_id = identity.id) AS samples
        FROM identity
        """

    private static func name(_ text: String) throws -> IdentityName {
        do {
            return try IdentityName(text)
        } catch {
            throw GalleryError.damagedRecord("an identity has an impossible name: \(error.reason)")
        }
    }

    private static func reference(_ row: Row) throws -> SampleReference {
        SampleReference(identity: try name(row["name"]), number: row["number"])
    }

    private static func time(_ seconds: Int64) -> Date {
        Date(timeIntervalSince1970: TimeInterval(seconds))
    }

    private static func identity(_ row: Row) throws -> EnrolledIdentity {
        let name = try name(row["name"])
        let modality: String = row["modality"]
        guard let modality = Modality(rawValue: modality) else {
            throw GalleryError.damagedRecord("“\(name)” has the unknown modality “\(modality)”")
        }
        return EnrolledIdentity(
            name: name, modality: modality, sampleCount: row["samples"], enrolled: time(row["enrolled"]),
            updated: time(row["updated"]))
    }

    private static func sample(_ row: Row) throws -> EnrolledSample {
        EnrolledSample(
            number: row["number"], enrolled: time(row["enrolled"]), width: row["width"], height: row["height"],
            measurements: try StoredMeasurement.measurements(in: row["measurements"]))
    }

    private static func auditEntry(_ row: Row) throws -> AuditEntry {
        let action: String = row["action"]
        guard let action = AuditEntry.Action(rawValue: action) else {
            throw GalleryError.damagedRecord("the audit log has the unknown action “\(action)”")
        }
        let user: UInt32? = row["user"]
        let process: Int32? = row["process"]
        let identity: String? = row["identity"]
        let model: Data? = row["model_sha256"]
        return AuditEntry(
            number: row["number"], time: time(row["time"]), action: action,
            actor: user.flatMap { user in process.map { AuditActor(user: user, process: $0) } },
            identity: try identity.map(name), sample: row["sample"],
            model: model.flatMap { ModelDigest(bytes: [UInt8]($0)) })
    }
}
