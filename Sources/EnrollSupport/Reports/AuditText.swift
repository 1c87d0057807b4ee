// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import Wording

/// The audit log in words.
public enum AuditText {
    /// - Parameter entries: in the order in which they are to stand.
    public static func table(_ entries: [WireAuditEntry], times: LocalTime = LocalTime()) -> String {
        guard !entries.isEmpty else { return "there is no such entry\n" }
        return TextTable(
            columns: [
                .init("ENTRY", .right), .init("TIME"), .init("ACTION"), .init("IDENTITY"), .init("SAMPLE", .right),
                .init("BY"),
                .init("MODEL"), .init("RESULT"),
            ],
            rows: entries.map { entry in
                [
                    "\(entry.number)", times.text(entry.time),
                    entry.action.split(separator: "_").joined(separator: " "),
                    identity(entry), entry.sample.map { "\($0)" } ?? "", actor(entry),
                    entry.model.map(IdentityText.shortDigest) ?? "", destination(entry) ?? entry.result ?? "",
                ]
            }
        ).text
    }

    public static func verification(_ reply: VerifyAudit.Reply) -> String {
        let extent =
            reply.entries == 0
            ? "it has no entry"
            : "\(NumberText.count(reply.entries, "entry", "entries")), \(reply.first) to \(reply.last)"
        return reply.intact
            ? "the audit log is whole: \(extent)\n"
            : PrintableText.of("the audit log is not whole: \(reply.problem ?? "its chain is broken") (\(extent))")
                + "\n"
    }

    public static func status(_ reply: VerifyAudit.Reply) -> CommandStatus { reply.intact ? .success : .badData }

    /// The name, or the beginning of the hash of one that is not enrolled now.
    private static func identity(_ entry: WireAuditEntry) -> String {
        entry.identity ?? entry.identityHash.map { "(\(IdentityText.shortDigest($0)))" } ?? ""
    }

    /// Where a sample was moved to.
    private static func destination(_ entry: WireAuditEntry) -> String? {
        guard let hash = entry.otherHash else { return nil }
        let name = entry.otherIdentity ?? "(\(IdentityText.shortDigest(hash)))"
        return "to \(name)" + (entry.otherSample.map { ", sample \($0)" } ?? "")
    }

    private static func actor(_ entry: WireAuditEntry) -> String {
        guard let user = entry.user else { return "the daemon" }
        let process = entry.process.map { ", process \($0)" } ?? ""
        return "user \(user)\(process)\(entry.executable.map { " \($0)" } ?? "")"
    }
}

/// Entries of the audit log from the daemon.
public struct AuditQuery: Sendable {
    /// How many entries one command shows at most.
    public static let limits = 1...100_000

    private let client: DaemonClient

    public init(client: DaemonClient) {
        self.client = client
    }

    /// - Parameters:
    ///   - after: the entries after the one of this number; nil for the latest.
    ///   - limit: how many at most, one of ``limits``.
    ///   - identity: only what concerns this name.
    /// - Returns: by number.
    public func entries(after: Int?, limit: Int, identity: String?) async throws(CommandFailure) -> [WireAuditEntry] {
        var entries: [WireAuditEntry] = []
        let call = Audit(
            after: after, limit: limit, identity: identity, newestFirst: after == nil ? true : nil)
        try await client.follow(call) { reply in
            entries += reply.entries.prefix(limit - entries.count)
        }
        return after == nil ? entries.reversed() : entries
    }
}
