// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The tables of a gallery, for every database.
///
/// What tells anything of a person is in columns named `sealed`, under the data key that `data_key` names. Numbers of
/// identities, samples and generations are given once and never again, because sealed bytes are bound to them.
enum GallerySchema {
    /// The version that this program writes.
    static let version = 3

    /// The statements that make the tables of schema 2, one by one.
    static func statements(_ dialect: SQLDialect) -> [String] {
        let bytes = dialect == .sqlite ? "BLOB" : "BYTEA"
        let integer = dialect == .sqlite ? "INTEGER" : "BIGINT"
        let strict = dialect == .sqlite ? " STRICT" : ""
        let tables = [
            """
            CREATE TABLE gallery (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                uid \(bytes) NOT NULL CHECK (length(uid) = 16),
                data_key \(integer) NOT NULL,
                secrets \(bytes) NOT NULL,
                summary \(bytes) NOT NULL
            )
            """,
            """
            CREATE TABLE data_key (
                id \(integer) PRIMARY KEY,
                wrapping_key \(bytes),
                wrapped \(bytes) NOT NULL
            )
            """,
            """
            CREATE TABLE identity (
                id \(integer) PRIMARY KEY,
                name_hash \(bytes) NOT NULL UNIQUE CHECK (length(name_hash) = 32),
                data_key \(integer) NOT NULL,
                sealed \(bytes) NOT NULL
            )
            """,
            """
            CREATE TABLE sample (
                id \(integer) PRIMARY KEY,
                identity_id \(integer) NOT NULL REFERENCES identity (id) ON DELETE CASCADE,
                number \(integer) NOT NULL CHECK (number >= 1),
                original_hash \(bytes) NOT NULL CHECK (length(original_hash) = 32),
                data_key \(integer) NOT NULL,
                sealed \(bytes) NOT NULL,
                UNIQUE (identity_id, number)
            )
            """,
            """
            CREATE TABLE image (
                sample_id \(integer) PRIMARY KEY REFERENCES sample (id) ON DELETE CASCADE,
                data_key \(integer) NOT NULL,
                sealed \(bytes) NOT NULL
            )
            """,
            """
            CREATE TABLE generation (
                id \(integer) PRIMARY KEY,
                model_sha256 \(bytes) NOT NULL CHECK (length(model_sha256) = 32),
                modality TEXT NOT NULL,
                model_name TEXT NOT NULL,
                model_version TEXT NOT NULL,
                embedding_size \(integer) NOT NULL CHECK (embedding_size >= 1),
                state TEXT NOT NULL CHECK (state IN ('building', 'active', 'retired')),
                created \(integer) NOT NULL,
                purpose TEXT NOT NULL,
                seal \(bytes) NOT NULL
            )
            """,
            """
            CREATE TABLE embedding (
                sample_id \(integer) NOT NULL REFERENCES sample (id) ON DELETE CASCADE,
                generation_id \(integer) NOT NULL REFERENCES generation (id) ON DELETE CASCADE,
                data_key \(integer) NOT NULL,
                sealed \(bytes) NOT NULL,
                PRIMARY KEY (sample_id, generation_id)
            )
            """,
            """
            CREATE TABLE audit (
                number \(integer) PRIMARY KEY,
                time \(integer) NOT NULL,
                action TEXT NOT NULL,
                user_id \(integer),
                process_id \(integer),
                executable TEXT,
                name_hash \(bytes),
                sample \(integer),
                model_sha256 \(bytes),
                result TEXT,
                chain \(bytes) NOT NULL
            )
            """,
        ]
        let indexes = [
            "CREATE INDEX sample_by_original ON sample (original_hash)",
            "CREATE UNIQUE INDEX one_active_generation ON generation (modality) WHERE state = 'active'",
            "CREATE UNIQUE INDEX one_building_generation ON generation (modality) WHERE state = 'building'",
            "CREATE INDEX embedding_by_generation ON embedding (generation_id, sample_id)",
            "CREATE INDEX audit_by_name ON audit (name_hash, number)",
        ]
        return tables.map { $0 + strict } + indexes + (dialect == .postgres ? postgres : [])
    }

    /// What schema 3 has besides: failed comparisons. The names of those that were compared with are there as a keyed
    /// hash, empty where it is about anybody, failures in millionths, and times in milliseconds since 1970.
    static func attempts(_ dialect: SQLDialect) -> [String] {
        let bytes = dialect == .sqlite ? "BLOB" : "BYTEA"
        let integer = dialect == .sqlite ? "INTEGER" : "BIGINT"
        let table = """
            CREATE TABLE attempt (
                caller \(integer) NOT NULL,
                name_hash \(bytes) NOT NULL,
                failures \(integer) NOT NULL,
                last_ms \(integer) NOT NULL,
                blocked_until_ms \(integer),
                seal \(bytes) NOT NULL,
                PRIMARY KEY (caller, name_hash)
            )
            """
        return dialect == .sqlite
            ? [table + " STRICT"]
            : [table, "UPDATE gallery_version SET version = 3 WHERE program = '\(PostgreSQLGallery.program)'"]
    }

    /// What a file says in its header and in its migrations, and what a transaction is known again by after its answer
    /// was lost.
    private static let postgres = [
        "CREATE TABLE gallery_version (program TEXT NOT NULL, version BIGINT NOT NULL)",
        "INSERT INTO gallery_version (program, version) VALUES ('\(PostgreSQLGallery.program)', 2)",
        "CREATE TABLE commit_mark (store TEXT PRIMARY KEY, mark BIGINT NOT NULL, day BIGINT NOT NULL)",
    ]

    static let tableNames = [
        "data_key", "identity", "sample", "image", "generation", "embedding", "audit", "attempt", "gallery_version",
        "commit_mark",
    ]

    /// The tables whose rows are sealed, with their keys' columns.
    static let sealedTables = ["identity", "sample", "image", "embedding"]
}
