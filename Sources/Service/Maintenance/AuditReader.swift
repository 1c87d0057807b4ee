// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import LikenessInterface
import Varlink
import Wording

/// Audit and VerifyAudit: what the gallery's audit log says, and whether it is whole.
struct AuditReader: Sendable {
    let store: any GalleryStore
    let journal: ServiceJournal

    var methods: [ServiceMethod] {
        [ServiceMethod(audit(_:_:)), ServiceMethod { (_: VerifyAudit, _) in try await verify() }]
    }

    /// Replies with pages when the caller takes several replies, with one reply otherwise.
    private func audit(_ parameters: Audit, _ call: ServiceCall<Audit>) async throws -> Audit.Reply {
        if let limit = parameters.limit, limit < 1 { throw VarlinkError.invalidParameter("limit") }
        if let after = parameters.after, after < 0 { throw VarlinkError.invalidParameter("after") }
        var left = parameters.limit ?? (call.more ? Int.max : Audit.pageLength)
        if !call.more { left = min(left, Audit.maximumEntries) }
        var query = AuditQuery(
            identity: try parameters.identity.map { name throws(ServiceFailure) in try IdentityName(sent: name) },
            after: parameters.after.map(Int64.init), limit: 0, newestFirst: parameters.newestFirst ?? false)
        var entries: [AuditEntry] = []
        while left > 0 {
            try Task.checkCancellation()
            query.limit = min(left, Audit.pageLength)
            let page = try await store.auditTrail(query)
            left -= page.count
            query.after = page.last?.number
            entries += page
            if page.count < query.limit || left == 0 { break }
            if call.more {
                try await call.replyContinuing(Audit.Reply(entries: entries.map(WireAuditEntry.init)))
                entries = []
            }
        }
        return Audit.Reply(entries: entries.map(WireAuditEntry.init))
    }

    private func verify() async throws -> VerifyAudit.Reply {
        let verification = try await store.verifyAudit()
        if let problem = verification.problem { journal.logger.error("The audit log is broken: \(problem)") }
        return VerifyAudit.Reply(
            entries: verification.entries, first: Int(verification.first), last: Int(verification.last),
            intact: verification.problem == nil, problem: verification.problem)
    }
}

extension WireAuditEntry {
    init(_ entry: AuditEntry) {
        self.init(
            number: Int(entry.number), time: Int(entry.time.wholeSeconds), action: entry.action.rawValue,
            user: entry.actor.map { Int($0.user) }, process: entry.actor.map { Int($0.process) },
            executable: entry.actor?.executable, identity: entry.identity?.text,
            identityHash: entry.nameHash.map(HexadecimalText.of), sample: entry.sample,
            otherIdentity: entry.destination?.identity?.text,
            otherHash: entry.destination.map { HexadecimalText.of($0.nameHash) },
            otherSample: entry.destination?.sample, model: entry.model?.hexadecimal,
            result: entry.result)
    }
}
