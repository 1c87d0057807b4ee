// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

/// `enroll move`, and what the audit log tells of it.
struct MoveTests {
    private static func moving(_ call: VarlinkCall) async throws {
        let sent = try call.sent(as: MoveSample.self)
        guard sent.to != "nobody" || sent.create == true else {
            let failure = ServiceFailure.noSuchIdentity(identity: sent.to)
            throw try VarlinkError(name: failure.name, encoding: failure)
        }
        guard sent.identity != "nobody" else {
            let failure = ServiceFailure.noSuchIdentity(identity: sent.identity)
            throw try VarlinkError(name: failure.name, encoding: failure)
        }
        try await call.reply(
            MoveSample.Reply(
                identity: sent.to, sample: 4, samples: 4, remaining: sent.last == true ? 0 : 1,
                created: sent.create == true,
                warnings: [WireWarning(kind: .nearIdentity, message: "near carol", identity: "carol")]))
    }

    private static func enroll(_ arguments: String..., socket: String) async throws -> CommandResult {
        try await Command.run(Products.program("enroll"), arguments, environment: ["LIKENESS_SOCKET": socket])
    }

    @Test(.enabled(if: Products.contains("enroll"), "needs the built programs; scripts/test sets LIKENESS_BIN"))
    func `a move tells what is where now, and a name that nobody has says how to enrol somebody`() async throws {
        try await ScriptedDaemon.run(Self.moving) { socket in
            let moved = try await Self.enroll("move", "alice", "--sample", "2", "bob", socket: socket)
            #expect(moved.status == 0, "\(moved)")
            #expect(moved.output == "sample 2 of alice is now sample 4 of bob; 1 sample of alice left\n")
            #expect(moved.errors == "enroll: warning: near carol\n")
            let last = try await Self.enroll(
                "move", "--sample", "2", "alice", "bob", "--create", "--last", socket: socket)
            #expect(
                last.output
                    == "sample 2 of alice is now sample 4 of bob, who is enrolled with it; nobody is enrolled as alice any more\n"
            )
            let json = try await Self.enroll("move", "alice", "--sample", "2", "bob", "--json", socket: socket)
            #expect(try json.json()["remaining"] as? Int == 1)
            let unknown = try await Self.enroll("move", "alice", "--sample", "2", "nobody", socket: socket)
            #expect(unknown.status == 67)
            #expect(
                unknown.errors
                    == "enroll: no identity is enrolled as “nobody”; enroll list shows the names; --create enrols “nobody” with this sample\n"
            )
            let source = try await Self.enroll("move", "nobody", "--sample", "2", "bob", socket: socket)
            #expect(source.status == 67 && !source.errors.contains("--create"), "\(source)")
        }
    }

    @Test func `the audit log shows where a sample went, also when nobody is enrolled there any more`() {
        func entry(_ name: String?) -> WireAuditEntry {
            WireAuditEntry(
                number: 1, time: 0, action: "move_sample", identity: "alice", identityHash: "aa", sample: 2,
                otherIdentity: name, otherHash: String(repeating: "cd", count: 32), otherSample: 4)
        }
        #expect(AuditText.table([entry("bob")]).contains("move sample  alice          2  the daemon"))
        #expect(AuditText.table([entry("bob")]).contains("to bob, sample 4\n"))
        #expect(AuditText.table([entry(nil)]).contains("to (cdcdcdcdcdcd), sample 4\n"))
    }
}
