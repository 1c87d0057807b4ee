// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The versions of the tables in SQLite, as migrations: one for each version that was ever installed, never edited
/// afterwards.
enum SQLiteSchema {
    /// Marks the file as a gallery (`PRAGMA application_id`): "Like" in ASCII.
    static let applicationID: Int32 = 0x4C69_6B65

    /// - Parameters:
    ///   - keys: what the data key of a gallery that had none is wrapped with.
    ///   - now: whole seconds since 1970.
    static func migrator(keys: WrappingKeys, now: Int64) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 identities, samples, embeddings, generations, audit") { database in
            try database.execute(
                sql: """
                    PRAGMA application_id = \(applicationID);

                    CREATE TABLE identity (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        name TEXT NOT NULL UNIQUE,
                        modality TEXT NOT NULL,
                        next_number INTEGER NOT NULL CHECK (next_number >= 1),
                        enrolled INTEGER NOT NULL,
                        updated INTEGER NOT NULL
                    ) STRICT;

                    CREATE TABLE sample (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        identity_id INTEGER NOT NULL REFERENCES identity (id) ON DELETE CASCADE,
                        number INTEGER NOT NULL CHECK (number >= 1),
                        prepared_image BLOB NOT NULL,
                        width INTEGER NOT NULL,
                        height INTEGER NOT NULL,
                        original_sha256 BLOB NOT NULL CHECK (length(original_sha256) = 32),
                        measurements TEXT NOT NULL,
                        enrolled INTEGER NOT NULL,
                        UNIQUE (identity_id, number)
                    ) STRICT;
                    CREATE INDEX sample_by_original ON sample (original_sha256);

                    CREATE TABLE generation (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        model_sha256 BLOB NOT NULL CHECK (length(model_sha256) = 32),
                        modality TEXT NOT NULL,
                        model_name TEXT NOT NULL,
                        model_version TEXT NOT NULL,
                        embedding_size INTEGER NOT NULL CHECK (embedding_size >= 1),
                        state TEXT NOT NULL CHECK (state IN ('building', 'active', 'retired')),
                        created INTEGER NOT NULL
                    ) STRICT;
                    CREATE UNIQUE INDEX one_active_generation ON generation (modality) WHERE state = 'active';

                    CREATE TABLE embedding (
                        sample_id INTEGER NOT NULL REFERENCES sample (id) ON DELETE CASCADE,
                        generation_id INTEGER NOT NULL REFERENCES generation (id),
                        vector BLOB NOT NULL,
                        PRIMARY KEY (sample_id, generation_id)
                    ) STRICT;
                    CREATE INDEX embedding_by_generation ON embedding (generation_id);

                    CREATE TABLE audit (
                        number INTEGER PRIMARY KEY AUTOINCREMENT,
                        time INTEGER NOT NULL,
                        action TEXT NOT NULL,
                        user INTEGER,
                        process INTEGER,
                        identity TEXT,
                        sample INTEGER,
                        model_sha256 BLOB
                    ) STRICT;
                    """)
        }
        migrator.registerMigration("2 sealed") { database in
            try SealingMigration(sql: SQLiteTransaction(database: database), keys: keys, now: now).run()
        }
        migrator.registerMigration("3 failed comparisons") { database in
            try GalleryTables.addAttempts(in: SQLiteTransaction(database: database))
        }
        return migrator
    }
}
