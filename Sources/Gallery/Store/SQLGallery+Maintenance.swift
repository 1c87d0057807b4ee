// SPDX-License-Identifier: Apache-2.0

import Foundation

extension SQLGallery {
    public func requireUndisturbed() async throws(GalleryError) {
        try await database.requireUndisturbed()
    }

    public func check(
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws(GalleryError) -> GalleryCheck {
        var structure = try await database.structuralDamage().map { GalleryDamage(kind: .structure, what: $0) }
        do throws(GalleryError) {
            try await database.requireUndisturbed()
        } catch {
            guard case .disturbed = error else { throw error }
            structure.append(GalleryDamage(kind: .structure, what: error.description))
        }
        var check = try await read { transaction in
            let inspection = GalleryInspection(transaction, progress: progress)
            try inspection.run()
            return GalleryCheck(rows: inspection.rows, damage: inspection.damage.map(\.damage))
        }
        check.damage = structure + check.damage
        if let problem = try await verifyAudit().problem {
            check.damage.append(GalleryDamage(kind: .audit, what: "the audit log: \(problem)"))
        }
        return check
    }

    public func repair(by actor: AuditActor?) async throws(GalleryError) -> [GalleryDamage] {
        let repaired = try await write { transaction in
            let inspection = GalleryInspection(transaction) { _, _ in }
            try inspection.run()
            var repaired: [GalleryDamage] = []
            for (damage, remedy) in inspection.damage {
                guard let remedy else { continue }
                switch remedy {
                case .deletion(let statement, let arguments): try transaction.sql.execute(statement, arguments)
                case .withoutImage(let sample): try transaction.forgetImage(ofSample: sample)
                case .original(let sample, let hash):
                    try transaction.sql.execute(
                        "UPDATE sample SET original_hash = ? WHERE id = ?", [.bytes(hash), .integer(sample)])
                case .agreement: break
                }
                repaired.append(damage)
            }
            guard !repaired.isEmpty else { return repaired }
            try transaction.agreeWithRows()
            try transaction.sql.announce("everything")
            try transaction.record(AuditEvent(.repair, by: actor, result: "\(repaired.count) damaged rows removed"))
            return repaired
        }
        if !repaired.isEmpty { await database.forgetRemoved() }
        return repaired
    }

    /// Writes a consistent copy of the gallery, sealed as it is, to a file that must not exist yet, while it is used.
    ///
    /// It is the one thing that is done while the gallery's file is not in its place, and then enters nothing in the
    /// audit log.
    ///
    /// - Throws: ``GalleryError/notSupported(_:)`` where the database has better means of its own.
    public func backUp(to path: String, by actor: AuditActor?) async throws(GalleryError) {
        try await database.copy(to: path)
        do {
            try await record([AuditEvent(.backup, by: actor)])
        } catch {
            // What there is of a file that is gone is worth more than an entry that cannot be made.
            if case .disturbed(_, .displaced) = error { return }
            // A backup that the log does not know of is none.
            unlink(path)
            throw error
        }
    }
}

/// What a check found.
public struct GalleryCheck: Sendable, Hashable {
    /// How many rows were read.
    public let rows: Int
    public var damage: [GalleryDamage]
}

extension GalleryTransaction {
    /// Takes a sample's image out, and has its record say that none is kept.
    fileprivate func forgetImage(ofSample id: Int64) throws {
        try sql.execute("DELETE FROM image WHERE sample_id = ?", [.integer(id)])
        guard
            let row = try sql.row(
                "SELECT identity_id, number, data_key, sealed FROM sample WHERE id = ?", [.integer(id)])
        else {
            return
        }
        let identity = try row.integer(0), number = Int(try row.integer(1))
        var record = try sample(id: id, identity: identity, number: number, key: row.integer(2), sealed: row.bytes(3))
        record.kept = nil
        try sql.execute(
            "UPDATE sample SET data_key = ?, sealed = ? WHERE id = ?",
            [
                .integer(keys.current),
                .bytes(try keys.seal(record.data, as: .sample(id, identity: identity, number: number))),
                .integer(id),
            ])
    }

    /// Brings the records that count and list samples into agreement with the rows that are left.
    func agreeWithRows() throws {
        for (id, record) in try identities().records {
            let numbers = try sql.rows(
                "SELECT number FROM sample WHERE identity_id = ? ORDER BY number", [.integer(id)]
            )
            .map { Int(try $0.integer(0)) }
            var identity = StoredIdentity(id: id, record: record)
            if numbers.isEmpty {
                try sql.execute("DELETE FROM identity WHERE id = ?", [.integer(id)])
                try announce(record.name)
            } else if numbers != record.numbers.sorted() {
                identity.record.numbers = numbers
                identity.record.nextNumber = max(record.nextNumber, (numbers.last ?? 0) + 1)
                identity.record.updated = now
                try save(identity)
            }
        }
        summary.identities = try number("SELECT COUNT(*) FROM identity")
        summary.samples = try number("SELECT COUNT(*) FROM sample")
    }
}
