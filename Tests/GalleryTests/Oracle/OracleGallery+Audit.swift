// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery

/// An entry of the audit log, with the name that the log has only a hash of.
struct OracleEntry: Sendable {
    let number: Int64
    let time: Date
    let event: AuditEvent
}

extension OracleGallery {
    mutating func record(_ event: AuditEvent) {
        entries.append(OracleEntry(number: firstEntry + Int64(entries.count), time: now, event: event))
    }

    func trail(_ query: AuditQuery) -> [OracleEntry] {
        var found = entries.filter { entry in
            guard let name = query.identity else { return true }
            return entry.event.identity == name || entry.event.destination?.identity == name
        }
        if query.newestFirst { found.reverse() }
        if let after = query.after { found.removeAll { query.newestFirst ? $0.number >= after : $0.number <= after } }
        return Array(found.prefix(max(0, query.limit)))
    }

    var verification: AuditVerification {
        AuditVerification(
            entries: entries.count, first: entries.first?.number ?? 0, last: entries.last?.number ?? 0, problem: nil)
    }

    mutating func trim(_ retention: AuditRetention) -> Int {
        var excess = 0
        if let most = retention.entries { excess = max(excess, entries.count - most) }
        if let age = retention.age, let last = entries.lastIndex(where: { $0.time < now.addingTimeInterval(-age) }) {
            excess = max(excess, last + 1)
        }
        excess = min(excess, entries.count - 1)
        guard excess > 0 else { return 0 }
        firstEntry += Int64(excess)
        entries.removeFirst(excess)
        record(AuditEvent(.trimAudit, by: nil, result: "entries up to \(firstEntry - 1) removed"))
        return excess
    }
}

extension OracleGallery {
    mutating func unlock(_ caller: UInt32?, _ name: IdentityName?, by actor: AuditActor?) -> Int {
        let found = attempts.keys.filter { key in
            (caller ?? key.caller) == key.caller && (name == nil || key.identity == name)
        }
        for key in found { attempts[key] = nil }
        let whose = caller.map { "of user \($0)" } ?? "of everybody"
        record(
            AuditEvent(
                .unlock, by: actor, identity: name,
                result: "\(found.count) record\(found.count == 1 ? "" : "s") \(whose) removed"))
        return found.count
    }

    mutating func trimAttempts(before time: Date) -> Int {
        let old = attempts.filter { $1.last < time && ($1.blockedUntil ?? .distantPast) <= now }
        for key in old.keys { attempts[key] = nil }
        return old.count
    }
}
