// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

extension SQLGallery {
    public func record(_ events: [AuditEvent]) async throws(GalleryError) {
        guard !events.isEmpty else { return }
        try await write { transaction in
            for event in events { try transaction.record(event) }
        }
    }

    public func auditTrail(_ query: AuditQuery) async throws(GalleryError) -> [AuditEntry] {
        try await read { transaction in
            // What was put before the log's first entry is none of it.
            var conditions = ["number > ?"], arguments: [SQLValue] = [.integer(transaction.summary.auditStart.number)]
            if let name = query.identity {
                let hash = transaction.keys.hash(of: name)
                conditions.append("(name_hash = ? OR (action = ? AND result LIKE ?))")
                arguments += [
                    .bytes(hash), .text(AuditEntry.Action.moveSample.rawValue),
                    .text("% of \(AuditDestination.hexadecimal(hash))"),
                ]
            }
            if let number = query.after {
                conditions.append(query.newestFirst ? "number < ?" : "number > ?")
                arguments.append(.integer(number))
            }
            let rows = try transaction.sql.rows(
                "SELECT \(AuditRow.columns) FROM audit WHERE \(conditions.joined(separator: " AND ")) ORDER BY number \(query.newestFirst ? "DESC" : "ASC") LIMIT ?",
                arguments + [.integer(max(0, query.limit))])
            var names: [Data: IdentityName?] = [:]
            return try rows.map { row in
                try AuditRow(row).entry { hash in
                    if let known = names[hash] { return known }
                    // A record that cannot be read has no name to show.
                    let name = (try? transaction.identity(withHash: hash))?.record.name
                    names[hash] = .some(name)
                    return name
                }
            }
        }
    }

    public func verifyAudit() async throws(GalleryError) -> AuditVerification {
        try await read { transaction in
            let start = transaction.summary.auditStart, end = transaction.summary.auditEnd
            var entries = 0
            var (link, problem) = try transaction.followAudit { _ in
                entries += 1
                return true
            }
            if problem == nil {
                if link.number < end.number {
                    problem = Self.absent(link.number + 1...end.number)
                } else if link != end {
                    problem = "the log goes on after its last entry, \(end.number)"
                } else if let added = try transaction.sql.row(
                    "SELECT MAX(number) FROM audit WHERE number <= ?", [.integer(start.number)])?.optionalInteger(0)
                {
                    problem = "entry \(added) was added before the log's first, \(start.number + 1)"
                }
            }
            return AuditVerification(
                entries: entries, first: entries > 0 ? start.number + 1 : 0, last: entries > 0 ? link.number : 0,
                problem: problem)
        }
    }

    fileprivate static func absent(_ entries: ClosedRange<Int64>) -> String {
        entries.count == 1
            ? "entry \(entries.lowerBound) is absent"
            : "the entries \(entries.lowerBound) to \(entries.upperBound) are absent"
    }

    public func trimAudit(_ retention: AuditRetention) async throws(GalleryError) -> Int {
        try await write { transaction in
            // The last entry stays: a log that was emptied could not be told from one that was.
            let end = transaction.summary.auditEnd.number - 1
            let surplus = retention.entries.map { transaction.summary.auditEnd.number - Int64(max(0, $0)) } ?? 0
            let oldest = retention.age.map { transaction.now - Int64($0) } ?? .min
            // Only what follows from the entry before is believed to be as old as it says, and what is removed cannot
            // be verified later.
            let (link, problem) = try transaction.followAudit {
                $0.number <= end && ($0.number <= surplus || $0.time < oldest)
            }
            if let problem {
                throw GalleryError.damagedRecord("the audit log, of which nothing is removed now: \(problem)")
            }
            guard link.number > transaction.summary.auditStart.number else { return 0 }
            let removed = try transaction.sql.execute(
                "DELETE FROM audit WHERE number <= ?", [.integer(link.number)])
            transaction.summary.auditStart = link
            try transaction.record(AuditEvent(.trimAudit, by: nil, result: "entries up to \(link.number) removed"))
            return removed
        }
    }
}

extension GalleryTransaction {
    /// How many entries are read at a time where the log is followed.
    private static let auditPage: Int64 = 4096

    /// Follows the chain from the log's first entry for as long as the entries are wanted.
    ///
    /// - Returns: the last entry that was wanted and follows from the one before; what is wrong with the next, if
    ///   something is.
    fileprivate func followAudit(while isWanted: (AuditRow) -> Bool) throws -> (last: AuditLink, problem: String?) {
        var link = summary.auditStart
        while true {
            let rows = try sql.rows(
                "SELECT \(AuditRow.columns) FROM audit WHERE number > ? ORDER BY number LIMIT ?",
                [.integer(link.number), .integer(Self.auditPage)])
            if rows.isEmpty { return (link, nil) }
            for row in rows {
                let entry: AuditRow, chain: Data
                do throws(GalleryError) {
                    entry = try AuditRow(row)
                    chain = try row.bytes(10)
                } catch {
                    return (link, "the entry after \(link.number) cannot be read: \(error)")
                }
                guard entry.number == link.number + 1 else {
                    return (link, SQLGallery.absent(link.number + 1...entry.number - 1))
                }
                guard entry.chain(after: link.chain, key: keys.secrets.audit) == chain else {
                    return (link, "entry \(entry.number) was changed, or does not follow the one before it")
                }
                guard isWanted(entry) else { return (link, nil) }
                link = AuditLink(number: entry.number, chain: chain)
            }
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
