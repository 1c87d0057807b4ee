// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

extension SQLGallery {
    public func changeAttempts<Answer: Sendable>(
        of keys: Set<AttemptKey>,
        _ decide:
            @escaping @Sendable ([AttemptKey: AttemptRecord]) -> (
                changes: [AttemptKey: AttemptRecord?], events: [AuditEvent], answer: Answer
            )
    ) async throws(GalleryError) -> Answer {
        try await write { transaction in
            var records: [AttemptKey: AttemptRecord] = [:], unreadable: Set<AttemptKey> = []
            for key in keys {
                switch try transaction.attempts(of: key) {
                case .success(let record): records[key] = record
                case .failure:
                    records[key] = .unreadable
                    unreadable.insert(key)
                }
            }
            let (changes, events, answer) = decide(records)
            // One that cannot be read blocks until somebody has looked at it.
            for (key, record) in changes where !unreadable.contains(key) { try transaction.set(record, of: key) }
            for event in events { try transaction.record(event) }
            return answer
        }
    }

    public func attempts() async throws(GalleryError) -> [StoredAttempts] {
        try await read { transaction in
            var names: [Data: IdentityName?] = [:]
            return try transaction.attemptRows().compactMap { row in
                // One that is of no user blocks nobody: a check names it.
                guard let caller = UInt32(exactly: try row.integer(0)) else { return nil }
                let hash = try row.bytes(1)
                if !hash.isEmpty, names[hash] == nil {
                    names[hash] = .some((try? transaction.identity(withHash: hash))?.record.name)
                }
                return StoredAttempts(
                    caller: caller, nameHash: hash.isEmpty ? nil : [UInt8](hash), identity: names[hash] ?? nil,
                    record: (try? AttemptRow(row, keys: transaction.keys).record) ?? .unreadable)
            }
        }
    }

    public func removeAttempts(
        caller: UInt32?, identity: IdentityName?, by actor: AuditActor?
    ) async throws(GalleryError) -> Int {
        try await write { transaction in
            var conditions = ["1 = 1"], arguments: [SQLValue] = []
            if let caller {
                conditions.append("caller = ?")
                arguments.append(.integer(Int64(caller)))
            }
            if let identity {
                conditions.append("name_hash = ?")
                arguments.append(.bytes(transaction.keys.hash(of: identity)))
            }
            let removed = try transaction.sql.execute(
                "DELETE FROM attempt WHERE \(conditions.joined(separator: " AND "))", arguments)
            let whose = caller.map { "of user \($0)" } ?? "of everybody"
            try transaction.record(
                AuditEvent(
                    .unlock, by: actor, identity: identity,
                    result: "\(removed) record\(removed == 1 ? "" : "s") \(whose) removed"))
            return removed
        }
    }

    public func trimAttempts(before: Date) async throws(GalleryError) -> Int {
        let now = Date(timeIntervalSince1970: TimeInterval(now))
        return try await write { transaction in
            var removed = 0
            for row in try transaction.attemptRows() {
                // What a row claims is believed only if it is the gallery's.
                guard let attempts = try? AttemptRow(row, keys: transaction.keys), attempts.record.last < before,
                    attempts.record.blockedUntil.map({ $0 <= now }) ?? true
                else { continue }
                removed += try transaction.sql.execute(
                    "DELETE FROM attempt WHERE caller = ? AND name_hash = ?",
                    [.integer(row.integer(0)), .bytes(row.bytes(1))])
            }
            return removed
        }
    }

    public func nameHash(of name: IdentityName) -> [UInt8] {
        [UInt8](currentKeys.hash(of: name))
    }
}

extension GalleryTransaction {
    /// Every row, the totals of each caller before the others.
    func attemptRows() throws -> [SQLRow] {
        try sql.rows("SELECT \(AttemptRow.columns) FROM attempt ORDER BY caller, name_hash")
    }

    /// Keeps with one identity what `carrying` makes of everybody's failed comparisons with another.
    func carryAttempts(
        with name: IdentityName, to other: IdentityName, isMade: Bool, _ carrying: CarriedAttempts
    ) throws {
        let rows = try sql.rows(
            "SELECT \(AttemptRow.columns) FROM attempt WHERE name_hash = ? ORDER BY caller",
            [.bytes(keys.hash(of: name))])
        for row in rows {
            // One that is of no user blocks nobody.
            guard let caller = UInt32(exactly: try row.integer(0)) else { continue }
            let key = AttemptKey(caller: caller, identity: other)
            // One that cannot be read blocks until somebody has looked at it.
            guard case .success(let found) = try attempts(of: key) else { continue }
            let left = (try? AttemptRow(row, keys: keys).record) ?? .unreadable
            if let carried = try carrying(caller, left, found, isMade) { try set(carried, of: key) }
        }
    }

    /// What is kept of a key: nil where that is nothing, and a failure where it cannot be read.
    fileprivate func attempts(of key: AttemptKey) throws -> Result<AttemptRecord?, GalleryError> {
        let row = try sql.row(
            "SELECT \(AttemptRow.columns) FROM attempt WHERE caller = ? AND name_hash = ?",
            [.integer(Int64(key.caller)), .bytes(hash(of: key))])
        guard let row else { return .success(nil) }
        do throws(GalleryError) {
            return .success(try AttemptRow(row, keys: keys).record)
        } catch {
            return .failure(error)
        }
    }

    fileprivate func set(_ record: AttemptRecord?, of key: AttemptKey) throws {
        guard let record else {
            try sql.execute(
                "DELETE FROM attempt WHERE caller = ? AND name_hash = ?",
                [.integer(Int64(key.caller)), .bytes(hash(of: key))])
            return
        }
        try sql.execute(
            """
            INSERT INTO attempt (\(AttemptRow.columns)) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (caller, name_hash) DO UPDATE SET failures = excluded.failures, last_ms = excluded.last_ms,
                blocked_until_ms = excluded.blocked_until_ms, seal = excluded.seal
            """,
            AttemptRow(caller: key.caller, nameHash: hash(of: key), record: record).values(keys))
    }

    private func hash(of key: AttemptKey) -> Data {
        key.identity.map(keys.hash(of:)) ?? Data()
    }
}
