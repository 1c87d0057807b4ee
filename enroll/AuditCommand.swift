// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport
import LikenessInterface

/// `enroll audit`.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show what was done to the gallery, by whom and when, or check that the log is whole.",
        discussion: """
            The latest entries are shown, the last of them below. The log holds no names: one that is not enrolled any more stands \
            as the beginning of its hash in parentheses, and --identity finds what concerns it.
            """)

    @Flag(help: "Check that no entry was changed, removed or added by another hand; exit status 65 where one was.")
    var verify = false

    @Option(
        help: ArgumentHelp("Only what concerns this name, enrolled or not.", valueName: "name"), completion: .identity,
        transform: TextArgument.checked)
    var identity: String?

    @Option(
        help: ArgumentHelp(
            "How many entries at most, \(AuditQuery.limits.lowerBound) to \(AuditQuery.limits.upperBound).",
            valueName: "number"))
    var limit = 100

    @Option(
        help: ArgumentHelp("The entries after the one of this number, in place of the latest.", valueName: "number"))
    var after: Int?

    @OptionGroup var daemon: DaemonOptions

    func validate() throws {
        guard AuditQuery.limits.contains(limit) else {
            throw ValidationError(
                "--limit takes a whole number from \(AuditQuery.limits.lowerBound) to \(AuditQuery.limits.upperBound), not \(limit)"
            )
        }
        guard after.map({ $0 >= 0 }) ?? true else {
            throw ValidationError("--after takes the number of an entry, or 0")
        }
        guard !verify || (identity == nil && after == nil) else {
            throw ValidationError("--verify checks the whole log, and goes with none of --identity and --after")
        }
    }

    func run() async throws {
        guard verify else {
            let entries = try await AuditQuery(client: daemon.patientClient).entries(
                after: after, limit: limit, identity: identity)
            return try daemon.output.print(Audit.Reply(entries: entries), text: AuditText.table(entries))
        }
        let reply = try await daemon.patientClient.call(VerifyAudit())
        try daemon.output.print(reply, text: AuditText.verification(reply))
        try Output.end(AuditText.status(reply))
    }
}
