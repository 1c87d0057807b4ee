// SPDX-License-Identifier: Apache-2.0

import Crypto
import EnrollSupport
import Foundation
import LikenessInterface
import ProgramHarness
import Synchronization
import Testing
import Varlink

/// Backup, check, repair, rekeying, keys and the audit log, against a scripted daemon.
@Suite struct GalleryMaintenanceTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let content = [UInt8]((0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    private static let digest = SHA256.hash(data: content).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()

    private static func sending(_ parts: [Backup.Reply]) -> ScriptedDaemon.Script {
        { call in
            guard call.method == "Backup" else {
                return try await call.reply(
                    Status.Reply(
                        version: "1", state: .running, uptimeSeconds: 1, models: [], identities: 1, samples: 1,
                        gallery: "g", encrypted: true,
                        workers: 1, queueLength: 0, queueLimit: 1, requests: 0, refusedBusy: 0, residentBytes: 0))
            }
            for part in parts.dropLast() { try await call.replyContinuing(part) }
            if let last = parts.last { try await call.reply(last) }
        }
    }

    private static func part(
        _ range: Range<Int>, at offset: Int? = nil, total: Int = 3000, sha256: String? = nil
    ) -> Backup.Reply {
        Backup.Reply(
            chunk: Data(content[range]).base64EncodedString(), offset: offset ?? range.lowerBound, total: total,
            sha256: sha256)
    }

    @Test(arguments: [
        [part(0..<1000), part(1000..<3000, sha256: digest)], [part(0..<3000), part(3000..<3000, sha256: digest)],
    ])
    func `a backup is what the daemon sent, for its owner alone`(_ parts: [Backup.Reply]) async throws {
        let file = folder.appending("copy")
        try await ScriptedDaemon.run(Self.sending(parts)) { socket in
            let report = try await GalleryBackup(client: Sample.client(socket)).write(to: file)
            #expect(report.bytes == 3000 && report.sha256 == Self.digest && report.encrypted)
            #expect(report.text.contains("only with the gallery's key"))
        }
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: file))) == Self.content)
        var status = stat()
        #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test(arguments: [
        [part(0..<1000), part(2000..<3000, sha256: digest)], [part(0..<3000)], [part(0..<1000, sha256: digest)],
        [part(0..<3000, sha256: String(digest.reversed()))], [part(0..<3000, total: 2000, sha256: digest)],
        [part(0..<1000), part(1000..<3000, at: 0, sha256: digest)],
        [Backup.Reply(chunk: "no base64", offset: 0, total: 3000)],
        [part(0..<3000, sha256: digest), part(3000..<3000, sha256: digest)],
    ])
    func `a backup that does not arrive whole leaves no file`(_ parts: [Backup.Reply]) async throws {
        try await ScriptedDaemon.run(Self.sending(parts)) { socket in
            let error = await #expect(throws: CommandFailure.self) {
                try await GalleryBackup(client: Sample.client(socket)).write(to: folder.appending("copy"))
            }
            #expect(error?.status == .protocolError)
            #expect(error?.message.hasPrefix("the backup has not arrived whole: ") == true)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    private static let damage = [
        WireDamage(kind: .embedding, what: "it is not what was written", identity: "alice", sample: 2),
        WireDamage(kind: .audit, what: "entry 7 does not follow entry 6"),
    ]

    @Test func `a check tells what is damaged, and how far it is`() async throws {
        try await ScriptedDaemon.run { call in
            try await call.replyContinuing(
                CheckGallery.Reply(done: 5, total: 10, damaged: 1, damage: [Self.damage[0]]))
            try await call.reply(CheckGallery.Reply(done: 10, total: 10, damaged: 2, damage: [Self.damage[1]]))
        } _: { socket in
            var steps: [Int] = []
            let report = try await GalleryMaintenance(client: Sample.client(socket)).check { done, _ in
                steps.append(done)
            }
            #expect(steps == [5, 10])
            #expect(report.status == .badData)
            #expect(
                report.text == """
                    10 rows read, 2 damaged:
                    DAMAGED    IDENTITY  SAMPLE  WHAT
                    embedding  alice          2  it is not what was written
                    audit                        entry 7 does not follow entry 6

                    """)
            #expect(report.complaints.contains("enroll gallery repair"))
        }
    }

    @Test func `what is whole is said to be`() async throws {
        try await ScriptedDaemon.run { call in
            if call.method == "CheckGallery" {
                try await call.reply(CheckGallery.Reply(done: 1, total: 1, damaged: 0, damage: []))
            } else {
                try await call.reply(RepairGallery.Reply(done: 1, total: 1, removed: 0, damage: []))
            }
        } _: { socket in
            let maintenance = GalleryMaintenance(client: Sample.client(socket))
            let report = try await maintenance.check()
            #expect(
                report.status == .success && report.text == "the gallery is whole: 1 row read\n"
                    && report.complaints.isEmpty)
            let repaired = try await maintenance.repair()
            #expect(repaired.text == "the gallery is whole: there is nothing to repair\n")
        }
    }

    @Test func `of very much damage the first is listed and all is counted`() async throws {
        let many = [WireDamage](repeating: Self.damage[1], count: 800)
        try await ScriptedDaemon.run { call in
            for page in 1...3 {
                try await call.replyContinuing(
                    RepairGallery.Reply(done: page, total: 3, removed: 800 * page, damage: many))
            }
            try await call.reply(RepairGallery.Reply(done: 3, total: 3, removed: 2400, damage: []))
        } _: { socket in
            let report = try await GalleryMaintenance(client: Sample.client(socket)).repair()
            #expect(report.removed == 2400 && report.damage.count == 1000)
            #expect(
                report.text.hasPrefix("what was damaged is removed, 2400 in all:\n")
                    && report.text.hasSuffix("and 1400 more\n"))
        }
    }

    @Test(arguments: [(10, true), (9, false)])
    func `a gallery has another key when every row has it`(_ done: Int, _ isDone: Bool) async throws {
        try await ScriptedDaemon.run { call in
            try await call.replyContinuing(Rekey.Reply(done: 1, total: 10, key: "1a2b"))
            try await call.reply(Rekey.Reply(done: done, total: 10, key: "1a2b"))
        } _: { socket in
            let maintenance = GalleryMaintenance(client: Sample.client(socket))
            if isDone {
                let report = try await maintenance.rekey()
                #expect(report.text.hasPrefix("all 10 rows are sealed under the key 1a2b\n"))
            } else {
                let error = await #expect(throws: CommandFailure.self) { try await maintenance.rekey() }
                #expect(error?.status == .protocolError)
            }
        }
    }

    @Test func `a rekey without a key is not said to be under one`() async throws {
        try await ScriptedDaemon.run { call in
            try await call.reply(Rekey.Reply(done: 10, total: 10, key: "none"))
        } _: { socket in
            let report = try await GalleryMaintenance(client: Sample.client(socket)).rekey()
            #expect(
                report.text.hasPrefix(
                    "all 10 rows are sealed with a data key that lies beside them: the gallery is not encrypted\n"))
        }
    }

    @Test func `a key is 64 digits that nobody else can read, never twice the same, and replaces no other`() throws {
        let first = folder.appending("a"), second = folder.appending("b")
        try KeyFile.make(first)
        try KeyFile.make(second)
        let text = try String(contentsOfFile: first, encoding: .utf8)
        #expect(text.wholeMatch(of: /[0-9a-f]{64}\n/) != nil)
        #expect(try text != String(contentsOfFile: second, encoding: .utf8))
        var status = stat()
        #expect(stat(first, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(throws: CommandFailure.self) { try KeyFile.make(first) }
        #expect(try String(contentsOfFile: first, encoding: .utf8) == text)
    }
}

@Suite struct AuditTests {
    private static func entry(_ number: Int, identity: String? = nil) -> WireAuditEntry {
        WireAuditEntry(
            number: number, time: 0, action: "remove_sample", user: 1000, process: 42, executable: "/usr/bin/enroll",
            identity: identity,
            identityHash: Sample.digest, sample: 2, model: Sample.digest, result: "ok")
    }

    @Test func `the latest entries are shown with the last below`() async throws {
        try await ScriptedDaemon.run { call in
            let parameters = try call.sent(as: Audit.self)
            #expect(parameters == Audit(limit: 3, identity: "alice", newestFirst: true))
            try await call.replyContinuing(Audit.Reply(entries: [Self.entry(9), Self.entry(8)]))
            try await call.reply(Audit.Reply(entries: [Self.entry(7), Self.entry(6)]))
        } _: { socket in
            let entries = try await AuditQuery(client: Sample.client(socket)).entries(
                after: nil, limit: 3, identity: "alice")
            #expect(entries.map(\.number) == [7, 8, 9])
        }
    }

    @Test func `those after an entry are shown from it on`() async throws {
        try await ScriptedDaemon.run { call in
            let parameters = try call.sent(as: Audit.self)
            #expect(parameters == Audit(after: 5, limit: 100))
            try await call.reply(Audit.Reply(entries: [Self.entry(6), Self.entry(7)]))
        } _: { socket in
            let entries = try await AuditQuery(client: Sample.client(socket)).entries(
                after: 5, limit: 100, identity: nil)
            #expect(entries.map(\.number) == [6, 7])
        }
    }

    @Test func `an entry tells who did what, and of the removed only a hash`() {
        let own = WireAuditEntry(number: 8, time: 60, action: "activate_model", model: Sample.digest)
        #expect(
            AuditText.table([Self.entry(6, identity: "alice"), Self.entry(7), own], times: LocalTime(timeZone: .gmt))
                == """
                ENTRY  TIME                  ACTION          IDENTITY        SAMPLE  BY                                     MODEL         RESULT
                    6  1970-01-01T00:00:00Z  remove sample   alice                2  user 1000, process 42 /usr/bin/enroll  abababababab  ok
                    7  1970-01-01T00:00:00Z  remove sample   (abababababab)       2  user 1000, process 42 /usr/bin/enroll  abababababab  ok
                    8  1970-01-01T00:01:00Z  activate model                          the daemon                             abababababab

                """)
        #expect(AuditText.table([]) == "there is no such entry\n")
    }

    @Test func `a chain that is broken says where`() {
        let whole = VerifyAudit.Reply(entries: 12, first: 3, last: 14, intact: true)
        #expect(AuditText.verification(whole) == "the audit log is whole: 12 entries, 3 to 14\n")
        #expect(AuditText.status(whole) == .success)
        let broken = VerifyAudit.Reply(
            entries: 12, first: 3, last: 14, intact: false, problem: "entry 7 was changed")
        #expect(
            AuditText.verification(broken) == "the audit log is not whole: entry 7 was changed (12 entries, 3 to 14)\n")
        #expect(AuditText.status(broken) == .badData)
        #expect(
            AuditText.verification(VerifyAudit.Reply(entries: 0, first: 0, last: 0, intact: true))
                == "the audit log is whole: it has no entry\n")
    }
}
