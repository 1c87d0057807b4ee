import Biometrics
import Foundation

extension SQLGallery {
    /// How many entries are read at a time when the whole log is looked through.
    private static let page: Int64 = 4096

    public func record(_ events: [AuditEvent]) async throws(GalleryError) {
        guard !events.isEmpty else { return }
        try await change { transaction in
            for event in events { try transaction.record(event) }
        }
    }

    public func auditTrail(_ query: AuditQuery) async throws(GalleryError) -> [AuditEntry] {
        try await look { transaction in
            var conditions: [String] = [], arguments: [SQLValue] = []
            if let name = query.identity {
                conditions.append("name_hash = ?")
                arguments.append(.bytes(transaction.keys.hash(of: name)))
            }
            if let number = query.after {
                conditions.append(query.newestFirst ? "number < ?" : "number > ?")
                arguments.append(.integer(number))
            }
            let condition = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
            let rows = try transaction.connection.rows(
                "SELECT \(AuditRow.columns) FROM audit\(condition) ORDER BY number \(query.newestFirst ? "DESC" : "ASC") LIMIT ?",
                arguments + [.integer(max(0, query.limit))])
            var names: [Data: IdentityName?] = [:]
            return try rows.map { row in
                let row = try AuditRow(row)
                return try row.entry(identity: row.nameHash.flatMap { hash in
                    if let known = names[hash] { return known }
                    // A record that cannot be read has no name to show.
                    let name = (try? transaction.identity(withHash: hash))?.record.name
                    names[hash] = .some(name)
                    return name
                })
            }
        }
    }

    public func verifyAudit() async throws(GalleryError) -> AuditVerification {
        try await look { transaction in
            var link = transaction.summary.auditStart, entries = 0
            let first = link.number + 1
            func broken(_ what: String) -> AuditVerification {
                AuditVerification(entries: entries, first: entries > 0 ? first : 0, last: entries > 0 ? link.number : 0, problem: what)
            }
            while true {
                let rows = try transaction.connection.rows(
                    "SELECT \(AuditRow.columns) FROM audit WHERE number > ? ORDER BY number LIMIT ?",
                    [.integer(link.number), .integer(Self.page)])
                if rows.isEmpty { break }
                for row in rows {
                    let entry: AuditRow, chain: Data
                    do throws(GalleryError) {
                        entry = try AuditRow(row)
                        chain = try row.bytes(10)
                    } catch {
                        return broken("the entry after \(link.number) cannot be read: \(error)")
                    }
                    guard entry.number == link.number + 1 else {
                        return broken("the entries \(link.number + 1) to \(entry.number - 1) are absent")
                    }
                    guard entry.chain(after: link.chain, key: transaction.keys.secrets.audit) == chain else {
                        return broken("entry \(entry.number) was changed, or does not follow the one before it")
                    }
                    link = AuditLink(number: entry.number, chain: chain)
                    entries += 1
                }
            }
            let end = transaction.summary.auditEnd
            if link.number < end.number { return broken("the entries \(link.number + 1) to \(end.number) are absent") }
            if link != end { return broken("the log goes on after its last entry, \(end.number)") }
            return AuditVerification(entries: entries, first: entries > 0 ? first : 0, last: entries > 0 ? link.number : 0, problem: nil)
        }
    }

    public func trimAudit(_ retention: AuditRetention) async throws(GalleryError) -> Int {
        try await change { transaction in
            let end = transaction.summary.auditEnd.number
            var last = transaction.summary.auditStart.number
            if let entries = retention.entries { last = max(last, end - Int64(max(0, entries))) }
            if let age = retention.age {
                let oldest = transaction.now - Int64(age)
                let row = try transaction.connection.row("SELECT MAX(number) FROM audit WHERE time < ?", [.integer(oldest)])
                if let number = try row?.optionalInteger(0) { last = max(last, number) }
            }
            // The last entry stays: a log that was emptied could not be told from one that was.
            last = min(last, end - 1)
            guard last > transaction.summary.auditStart.number,
                  let row = try transaction.connection.row("SELECT chain FROM audit WHERE number = ?", [.integer(last)])
            else { return 0 }
            let removed = try transaction.connection.execute("DELETE FROM audit WHERE number <= ?", [.integer(last)])
            transaction.summary.auditStart = AuditLink(number: last, chain: try row.bytes(0))
            try transaction.record(AuditEvent(.trimAudit, by: nil, result: "entries up to \(last) removed"))
            return removed
        }
    }
}

/// Which entries of the audit log are asked for.
public struct AuditQuery: Sendable, Hashable {
    /// Only those about this identity, enrolled or not.
    public var identity: IdentityName?
    /// Only those after this number in the order that is asked for.
    public var after: Int64?
    public var limit: Int
    public var newestFirst: Bool

    public init(identity: IdentityName? = nil, after: Int64? = nil, limit: Int, newestFirst: Bool = true) {
        self.identity = identity
        self.after = after
        self.limit = limit
        self.newestFirst = newestFirst
    }
}
