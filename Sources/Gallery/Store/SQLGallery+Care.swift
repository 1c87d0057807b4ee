import Biometrics
import Foundation

extension SQLGallery {
    public func check(progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void) async throws(GalleryError) -> GalleryCheck {
        let structure = try await database.structuralDamage().map { GalleryDamage(kind: .structure, what: $0) }
        var check = try await look { transaction in
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
        let repaired = try await change { transaction in
            let inspection = GalleryInspection(transaction) { _, _ in }
            try inspection.run()
            var repaired: [GalleryDamage] = []
            for (damage, remedy) in inspection.damage {
                guard let remedy else { continue }
                if case .deletion(let statement, let arguments) = remedy { try transaction.connection.execute(statement, arguments) }
                repaired.append(damage)
            }
            guard !repaired.isEmpty else { return repaired }
            try transaction.agreeWithRows()
            try transaction.connection.announce("everything")
            try transaction.record(AuditEvent(.repair, by: actor, result: "\(repaired.count) damaged rows removed"))
            return repaired
        }
        if !repaired.isEmpty { await database.forgetRemoved() }
        return repaired
    }

    /// Writes a consistent copy of the gallery, sealed as it is, to a file that must not exist yet, while it is used.
    ///
    /// - Throws: ``GalleryError/notSupported(_:)`` where the database has better means of its own.
    public func backUp(to path: String, by actor: AuditActor?) async throws(GalleryError) {
        try await database.copy(to: path)
        do {
            try await record([AuditEvent(.backup, by: actor)])
        } catch {
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
    /// Brings the records that count and list samples into agreement with the rows that are left.
    func agreeWithRows() throws {
        for (id, record) in try identities().records {
            let numbers = try connection.rows("SELECT number FROM sample WHERE identity_id = ? ORDER BY number", [.integer(id)])
                .map { Int(try $0.integer(0)) }
            var identity = StoredIdentity(id: id, record: record)
            if numbers.isEmpty {
                try connection.execute("DELETE FROM identity WHERE id = ?", [.integer(id)])
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
