// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

/// The built command's rotation, archive and audit, against a scripted daemon.
@Suite(.enabled(if: Products.contains("enroll"), "needs the built programs; scripts/test sets LIKENESS_BIN"))
struct GalleryCommandTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func enroll(_ arguments: [String], socket: String, input: Data? = nil) async throws -> CommandResult {
        try await Command.run(
            Products.program("enroll"), arguments, environment: ["LIKENESS_SOCKET": socket], input: input)
    }

    @Test func `a rotation is begun, or waited for`() async throws {
        try await ScriptedDaemon.run { call in
            let parameters = try call.sent(as: RotateModel.self)
            #expect(
                parameters
                    == RotateModel(
                        model: "new", dryRun: call.more ? nil : true, maxDrop: call.more ? 0.5 : nil))
            if call.more {
                try await call.replyContinuing(RotateModel.Reply(rotation: Sample.rotation(.embedding)))
            }
            let end = Sample.rotation(
                call.more ? .activated : .embedding,
                report: call.more ? Sample.report(acceptable: true, objections: []) : nil)
            try await call.reply(RotateModel.Reply(rotation: end))
        } _: { socket in
            let begun = try await enroll(["rotate", "new", "--dry-run"], socket: socket)
            #expect(begun.status == 0, "\(begun.errors)")
            #expect(begun.output.contains("enroll rotate --status tells how far it is"))
            let waited = try await enroll(["rotate", "new", "--wait", "--max-drop", "0.5"], socket: socket)
            #expect(waited.status == 0, "\(waited.errors)")
            #expect(waited.output.hasSuffix("the model may be activated\n"))
            #expect(waited.errors.isEmpty)
            let json = try await enroll(["rotate", "new", "--wait", "--max-drop", "0.5", "--json"], socket: socket)
            let rotation = try json.json()["rotation"] as? [String: Any]
            #expect(rotation?["phase"] as? String == "activated")
        }
    }

    @Test func `a refused rotation shows its report and ends with 78`() async throws {
        try await ScriptedDaemon.run { _ in
            throw try Sample.error(.rotationRefused(report: Sample.report(), message: "the model is worse"))
        } _: { socket in
            let text = try await enroll(["rotate", "new", "--wait"], socket: socket)
            #expect(text.status == 78)
            #expect(text.errors == "enroll: the model is worse\n")
            #expect(text.output.contains("objection: the EER rises"))
            let json = try await enroll(["rotate", "new", "--wait", "--json"], socket: socket)
            #expect(json.status == 78)
            let error = try #require(try json.json()["error"] as? [String: Any])
            #expect(((error["parameters"] as? [String: Any])?["report"] as? [String: Any])?["refused"] as? Int == 2)
        }
    }

    @Test func `each action asks the daemon for its own`() async throws {
        try await ScriptedDaemon.run { call in
            switch call.method {
            case "RotationStatus":
                try await call.reply(RotationStatus.Reply(generations: [Sample.generation(1, .active)]))
            case "CancelRotation": throw try Sample.error(.noRotation)
            case "Rollback":
                #expect(try call.fields == ["modality": .string("signature")])
                try await call.reply(
                    Rollback.Reply(
                        active: Sample.generation(1, .active), previous: Sample.generation(2, .retired, "new")))
            default:
                #expect(try call.fields == [:])
                try await call.reply(PruneGenerations.Reply(generations: 2, embeddings: 600))
            }
        } _: { socket in
            let status = try await enroll(["rotate", "--status"], socket: socket)
            #expect(status.output.contains("GENERATION"))
            #expect(try await enroll(["rotate", "--cancel"], socket: socket).status == 67)
            let rolledBack = try await enroll(["rotate", "--rollback", "--modality", "signature"], socket: socket)
            #expect(rolledBack.output.hasPrefix("old 1 (abababababab) is the active"))
            let pruned = try await enroll(["rotate", "--prune", "--json"], socket: socket).json()
            #expect(pruned["embeddings"] as? Int == 600)
        }
    }

    @Test func `a gallery goes out and comes in`() async throws {
        let file = folder.appending("gallery.tar")
        try await ScriptedDaemon.run { call in
            switch call.method {
            case "ListGenerations": try await call.reply(ListGenerations.Reply(generations: []))
            case "ExportGallery":
                try await call.replyContinuing(
                    ExportGallery.Reply(identity: Sample.identity("alice"), done: 1, total: 1, damage: []))
                try await call.reply(ExportGallery.Reply(done: 1, total: 1, damage: []))
            default:
                let parameters = try call.sent(as: ImportIdentity.self)
                guard parameters.identity == Sample.identity("alice"), parameters.skipExisting == true else {
                    throw VarlinkError.invalidParameter("identity")
                }
                try await call.reply(ImportIdentity.Reply(result: .skipped, reembedded: 0))
            }
        } _: { socket in
            let exported = try await enroll(["gallery", "export", file, "--json"], socket: socket)
            #expect(exported.status == 0, "\(exported.errors)")
            #expect(try exported.json()["samples"] as? Int == 2)
            let imported = try await enroll(["gallery", "import", file, "--skip-existing", "--json"], socket: socket)
            #expect(imported.status == 0, "\(imported.errors)")
            #expect(try imported.json()["skipped"] as? Int == 1)
            #expect(try await enroll(["gallery", "export", file], socket: socket).status == 73)
            #expect(try await enroll(["gallery", "import", folder.appending("none")], socket: socket).status == 66)
        }
    }

    @Test func `damage ends with 65, and is removed only when that is asked for`() async throws {
        try await ScriptedDaemon.run { call in
            let damage = [WireDamage(kind: .sample, what: "w", identity: "alice", sample: 1)]
            if call.method == "CheckGallery" {
                try await call.reply(CheckGallery.Reply(done: 3, total: 3, damaged: 1, damage: damage))
            } else {
                try await call.reply(RepairGallery.Reply(done: 3, total: 3, removed: 1, damage: damage))
            }
        } _: { socket in
            #expect(try await enroll(["gallery", "check"], socket: socket).status == 65)
            let unasked = try await enroll(["gallery", "repair"], socket: socket, input: Data("y\n".utf8))
            #expect(unasked.status == 64)
            #expect(unasked.output.isEmpty && unasked.errors.contains("add --yes"))
            let repaired = try await enroll(["gallery", "repair", "--yes"], socket: socket)
            #expect(repaired.output.hasPrefix("what was damaged is removed, 1 in all"))
        }
    }

    @Test func `the log is shown and followed`() async throws {
        try await ScriptedDaemon.run { call in
            if call.method == "Audit" {
                try await call.reply(
                    Audit.Reply(entries: [WireAuditEntry(number: 7, time: 0, action: "enrol", result: "ok")]))
            } else {
                try await call.reply(
                    VerifyAudit.Reply(
                        entries: 1, first: 7, last: 7, intact: false, problem: "entry 7 was changed"))
            }
        } _: { socket in
            let shown = try await enroll(["audit", "--limit", "5"], socket: socket)
            #expect(shown.output.contains("    7  "))
            let verified = try await enroll(["audit", "--verify"], socket: socket)
            #expect(verified.status == 65 && verified.output.contains("entry 7 was changed"))
        }
    }

    @Test func `a key is made without a daemon`() async throws {
        let file = folder.appending("key")
        #expect(try await enroll(["gallery", "key", file], socket: folder.appending("none")).status == 0)
        #expect(try String(contentsOfFile: file, encoding: .utf8).count == 65)
        #expect(try await enroll(["gallery", "key", file], socket: folder.appending("none")).status == 73)
    }
}
