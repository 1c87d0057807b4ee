// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import LikenessInterface
import ProgramHarness
import Recognition
import Synchronization
import Testing
import Varlink

/// Archives through export and import, against a scripted daemon.
@Suite struct ArchiveTests {
    private let folder: TemporaryFolder
    private let file: String

    init() throws {
        folder = try TemporaryFolder()
        file = folder.appending("gallery.tar")
    }

    /// What an import sent, and answers to it.
    private final class Importing: Sendable {
        let received = Mutex<[ImportIdentity]>([])

        var identities: [WireExportedIdentity] { received.withLock { $0.map(\.identity) } }
    }

    private static func exporting(
        _ identities: [WireExportedIdentity], damage: [WireDamage] = []
    ) -> ScriptedDaemon.Script {
        { call in
            guard call.method == "ExportGallery" else {
                return try await call.reply(
                    ListGenerations.Reply(generations: [
                        Sample.generation(1, .retired, "older"), Sample.generation(2, .active),
                    ]))
            }
            for (index, identity) in identities.enumerated() {
                try await call.replyContinuing(
                    ExportGallery.Reply(
                        identity: identity, done: index + 1, total: identities.count, damage: index == 0 ? damage : []))
            }
            try await call.reply(ExportGallery.Reply(done: identities.count, total: identities.count, damage: []))
        }
    }

    @discardableResult
    private func export(_ identities: [WireExportedIdentity], damage: [WireDamage] = []) async throws -> ExportReport {
        let report = Mutex<ExportReport?>(nil)
        try await ScriptedDaemon.run(Self.exporting(identities, damage: damage)) { socket in
            let written = try await GalleryExport(client: Sample.client(socket)).write(to: file)
            report.withLock { $0 = written }
        }
        return try #require(report.withLock { $0 })
    }

    /// Imports the file, and tells what was sent and what came of it.
    private func imported(
        existing: GalleryImport.Existing = .isRefused,
        answer: @escaping @Sendable (ImportIdentity) throws -> ImportIdentity.Reply = { _ in
            ImportIdentity.Reply(result: .imported, reembedded: 0)
        }
    ) async throws -> (sent: [ImportIdentity], result: Result<ImportReport, CommandFailure>) {
        let importing = Importing(), result = Mutex<Result<ImportReport, CommandFailure>?>(nil)
        try await ScriptedDaemon.run { call in
            let parameters = try call.sent(as: ImportIdentity.self)
            importing.received.withLock { $0.append(parameters) }
            try await call.reply(try answer(parameters))
        } _: { socket in
            let outcome: Result<ImportReport, CommandFailure>
            do throws(CommandFailure) {
                outcome = .success(try await GalleryImport(client: Sample.client(socket), existing: existing).run(file))
            } catch {
                outcome = .failure(error)
            }
            result.withLock { $0 = outcome }
        }
        return (importing.received.withLock { $0 }, try #require(result.withLock { $0 }))
    }

    @Test func `what is exported is imported again, bit for bit`() async throws {
        let identities = [Sample.identity("alice"), Sample.identity("bob", images: false), Sample.identity("山田")]
        let report = try await export(identities)
        #expect(report.identities == 3 && report.samples == 6 && report.status == .success)
        #expect(report.bytes == (try Data(contentsOf: URL(fileURLWithPath: file))).count)
        #expect(report.text.contains("in the clear"))
        let (sent, result) = try await imported()
        #expect(sent.map(\.identity) == identities)
        #expect(sent.allSatisfy { $0.replace == nil && $0.skipExisting == nil })
        #expect(try result.get().text == "of 3 identities, 3 imported\n")
    }

    @Test func `the archive is its owner's alone, and another file is never replaced`() async throws {
        try await export([Sample.identity("alice")])
        var status = stat()
        #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
        let before = try Data(contentsOf: URL(fileURLWithPath: file))
        let error = await #expect(throws: CommandFailure.self) { try await export([Sample.identity("bob")]) }
        #expect(error?.status == .cannotCreate)
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == before)
    }

    @Test func `an export that breaks off leaves no file`() async throws {
        try await ScriptedDaemon.run { call in
            guard call.method == "ExportGallery" else {
                return try await call.reply(ListGenerations.Reply(generations: []))
            }
            try await call.replyContinuing(
                ExportGallery.Reply(identity: Sample.identity("alice"), done: 1, total: 2, damage: []))
            throw try Sample.error(.galleryDamaged(message: "m"))
        } _: { socket in
            let error = await #expect(throws: CommandFailure.self) {
                try await GalleryExport(client: Sample.client(socket)).write(to: file)
            }
            #expect(error?.status == .badData)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func `an image that is none is not written`() async throws {
        let good = Sample.identity("alice").samples[0]
        let bad = WireExportedSample(
            number: 1, enrolled: 0, image: Data("GIF89a".utf8).base64EncodedString(), kind: .crop, width: 1, height: 1,
            original: good.original, measurements: [], embeddings: [])
        let identity = WireExportedIdentity(name: "alice", modality: .face, enrolled: 0, updated: 0, samples: [bad])
        let error = await #expect(throws: CommandFailure.self) { try await export([identity]) }
        #expect(error?.status == .protocolError)
    }

    @Test func `damage is told, and the rest is exported`() async throws {
        let report = try await export(
            [Sample.identity("alice")],
            damage: [WireDamage(kind: .sample, what: "its image is not what was written", identity: "bob", sample: 3)])
        #expect(report.status == .badData)
        #expect(report.complaints.hasPrefix("enroll: warning: “bob”, sample 3: its image is not what was written\n"))
        #expect(try await imported().sent.count == 1)
    }

    @Test func `an empty gallery makes an archive too`() async throws {
        #expect(try await export([]).identities == 0)
        let (sent, result) = try await imported()
        #expect(sent.isEmpty)
        #expect(try result.get().text == "of 0 identities, 0 imported\n")
    }

    @Test func `the digest is what the documented command prints`() async throws {
        try await export([Sample.identity("alice"), Sample.identity("bob")])
        let command =
            "cd '\(folder.path)' && tar xf gallery.tar && tar tf gallery.tar | grep -v -e '/$' -e '^digest.json$' | xargs sha256sum | sha256sum"
        let result = try await Command.run("/bin/sh", ["-c", command])
        let digest =
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(fileURLWithPath: folder.appending("digest.json")))) as? [String: Any]
        #expect(result.output.prefix(64) == (digest?["sha256"] as? String ?? "none")[...], "\(result.errors)")
    }

    @Test func `an archive that tar packed again is read`() async throws {
        try await export([Sample.identity("alice"), Sample.identity("bob")])
        let command = """
            cd '\(folder.path)' && mkdir there && tar xf gallery.tar -C there && tar tf gallery.tar > names && rm gallery.tar && \
            cd there && tar cf ../gallery.tar --format=posix --no-recursion -T ../names
            """
        let packed = try await Command.run("/bin/sh", ["-c", command])
        try #require(packed.status == 0, "\(packed.errors)")
        #expect(try await imported().sent.map(\.identity.name) == ["alice", "bob"])
    }

    /// An alteration of a good archive of alice and bob with two samples each, and what the refusal says of it.
    private struct Alteration: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let words: String
        var isSealedAgain = true
        let alter: @Sendable (inout ArchiveEntries) -> Void
    }

    private static func identity(_ words: String, _ old: String, _ new: String) -> Alteration {
        Alteration(testDescription: "\(old) becomes \(new)", words: words) {
            $0["identities/000001/identity.json"]?.text.replace(old, with: new)
        }
    }

    private static let alterations: [Alteration] = [
        Alteration(testDescription: "a bit of an image", words: "altered", isSealedAgain: false) {
            $0["identities/000001/1.png"]?.content[9] ^= 1
        },
        Alteration(testDescription: "a bit of a name", words: "altered", isSealedAgain: false) {
            $0["identities/000002/identity.json"]?.text.replace("bob", with: "rob")
        },
        Alteration(testDescription: "no digest", words: "ends too early") {
            $0.entries.removeLast(); $0.entries[0].path = "likeness-archive.json"
        },
        Alteration(testDescription: "an identity less", words: "it counts 2 identities") {
            $0.entries.removeAll { $0.path.contains("000002") }
        },
        Alteration(testDescription: "a folder above", words: "where “identities/000002/identity.json” is expected") {
            $0["identities/000002/identity.json"]?.path = "../../etc/cron.d/identity.json"
        },
        Alteration(testDescription: "an absolute path", words: "where “identities/000001/1.png” is expected") {
            $0["identities/000001/1.png"]?.path = "/identities/000001/1.png"
        },
        Alteration(testDescription: "an entry twice", words: "where “identities/000001/2.jpg” is expected") { archive in
            archive.entries.insert(archive.entries[2], at: 2)
        },
        Alteration(testDescription: "something after the end", words: "where the end is expected", isSealedAgain: false)
        { archive in
            archive.entries.append(archive.entries[1])
        },
        Alteration(testDescription: "no picture", words: "no PNG or JPEG") {
            $0["identities/000001/1.png"]?.text = "#!/bin/sh"
        },
        Alteration(testDescription: "a huge head", words: "has more than 1048576 bytes") {
            $0["likeness-archive.json"]?.content += [UInt8](repeating: 0x20, count: 1 << 20)
        },
        Alteration(testDescription: "another format", words: "its format is called “x”") {
            $0["likeness-archive.json"]?.text.replace("likeness-archive\"", with: "x\"")
        },
        Alteration(testDescription: "a later version", words: "is of format 2") {
            $0["likeness-archive.json"]?.text.replace("\"version\" : 1\n", with: "\"version\" : 2\n")
        },
        identity("is not JSON", "{\n", "[\n"),
        identity("it lacks “samples”", "\"samples\"", "\"simples\""),
        identity("“samples.Index 0.width” is not of its type", "\"width\" : 3", "\"width\" : \"3\""),
        identity("invisible character", "alice", "al\u{202E}ice"),
        identity("“bob” twice", "alice", "bob"),
        identity("an image or its kind, but not both", "\"kind\" : \"crop\",", ""),
        identity("is not called 1.png", "\"image\" : \"1.png\"", "\"image\" : \"../1.png\""),
        identity("not in the order of their numbers", "\"number\" : 2", "\"number\" : 1"),
        identity("no numbers or no model", "\"values\" : \"", "\"values\" : \"AACAfw"),
        identity("not of 64 hexadecimal digits", "\"original\" : \"ab", "\"original\" : \"xy"),
        identity("253402300800 is no time", "\"updated\" : 101", "\"updated\" : 253402300800"),
        identity("9223372036854775807 is no time", "\"enrolled\" : 100", "\"enrolled\" : 9223372036854775807"),
        identity("-62135596801 is no time", "\"enrolled\" : 101", "\"enrolled\" : -62135596801"),
        Alteration(testDescription: "33 measurements", words: "sample 1 has 33 measurements, and 32 are possible") {
            let more = String(repeating: #"{"quantity":"sharpness","value":1},"#, count: 32)
            $0["identities/000001/identity.json"]?.text.replace(
                "\"measurements\" : [", with: "\"measurements\" : [" + more)
        },
    ]

    @Test(arguments: alterations.indices)
    func `an archive that is not as it should be is refused before anything is sent`(_ index: Int) async throws {
        let alteration = Self.alterations[index]
        try await export([Sample.identity("alice"), Sample.identity("bob")])
        var entries = try ArchiveEntries(file)
        let before = entries.bytes
        alteration.alter(&entries)
        try #require(entries.bytes != before)
        if alteration.isSealedAgain { entries.sealAgain(identities: 2, samples: 4) }
        try entries.write(file)
        let (sent, result) = try await imported()
        #expect(sent.isEmpty)
        let error = #expect(throws: CommandFailure.self) { try result.get() }
        #expect(error?.status == .badData)
        #expect(
            error?.message.contains(alteration.words) == true, "\(alteration.testDescription): \(error?.message ?? "")")
    }

    @Test func `an archive that ends anywhere is refused before anything is sent`() async throws {
        try await export([Sample.identity("alice")])
        let whole = try Data(contentsOf: URL(fileURLWithPath: file))
        // Without half of its end mark it is whole.
        for length in stride(from: 0, to: whole.count - TarHeader.block, by: 211) {
            try whole.prefix(length).write(to: URL(fileURLWithPath: file))
            let (sent, result) = try await imported()
            #expect(sent.isEmpty)
            #expect(throws: CommandFailure.self, "\(length) bytes") { try result.get() }
        }
    }

    @Test func `a size that no file has is refused without reading it`() async throws {
        try await export([Sample.identity("alice")])
        var bytes = try ArchiveEntries(file).bytes
        let header = TarHeader.bytes(path: "likeness-archive.json", size: TarHeader.maximumSize)
        bytes.replaceSubrange(0..<TarHeader.block, with: header)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        let result = try await imported().result
        #expect(throws: CommandFailure.self) { try result.get() }
    }

    @Test func `what was enrolled by a clock before 1970 is exported and imported`() async throws {
        let sample = Sample.identity("alice").samples[0]
        let early = WireExportedSample(
            number: 1, enrolled: -86_400, image: sample.image, kind: sample.kind, width: sample.width,
            height: sample.height,
            original: sample.original, measurements: sample.measurements, embeddings: sample.embeddings)
        try await export([
            WireExportedIdentity(name: "alice", modality: .face, enrolled: -86_400, updated: -1, samples: [early])
        ])
        let (sent, result) = try await imported()
        #expect(try result.get().imported == 1)
        #expect(sent.map(\.identity.enrolled) == [-86_400] && sent.first?.identity.samples.first?.enrolled == -86_400)
    }

    @Test func `a missing file and a folder are refused`() async throws {
        try await ScriptedDaemon.run { _ in
        } _: { socket in
            for path in [file, folder.path] {
                let error = await #expect(throws: CommandFailure.self) {
                    try await GalleryImport(client: Sample.client(socket), existing: .isRefused).run(path)
                }
                #expect(error?.status == .noInput)
                #expect(error?.message.hasPrefix("\(path): the archive cannot be read: ") == true)
            }
        }
    }

    @Test func `every identity is tried, and each refusal is told`() async throws {
        try await export(["alice", "bob", "carol"].map { Sample.identity($0) })
        let (sent, result) = try await imported(existing: .isReplaced) { parameters in
            switch parameters.identity.name {
            case "alice": throw try Sample.error(.identityExists(identity: "alice"))
            case "bob": return ImportIdentity.Reply(result: .replaced, reembedded: 2)
            default: return ImportIdentity.Reply(result: .skipped, reembedded: 0)
            }
        }
        #expect(sent.count == 3 && sent.allSatisfy { $0.replace == true && $0.skipExisting == nil })
        let report = try result.get()
        #expect(report.status == .cannotCreate)
        #expect(
            report.text == """
                of 3 identities, 0 imported, 1 replaced, 1 left as they were, 1 refused
                2 samples embedded by the active model

                """)
        #expect(report.complaints.hasPrefix("enroll: alice: “alice” is enrolled already; "))
    }

    @Test func `an interrupted import ends after the identity at hand, and says what was imported`() async throws {
        try await export(["alice", "bob", "carol"].map { Sample.identity($0) })
        let interruption = Interruption(), sent = Mutex<[String]>([])
        try await ScriptedDaemon.run { call in
            let name = try call.sent(as: ImportIdentity.self).identity.name
            sent.withLock { $0.append(name) }
            if name == "bob" { interruption.request() }
            try await call.reply(ImportIdentity.Reply(result: .replaced, reembedded: 0))
        } _: { socket in
            let report = try await GalleryImport(client: Sample.client(socket), existing: .isReplaced).run(
                file, interruption: interruption)
            #expect(report.status == .interrupted && report.replaced == 2)
            #expect(
                report.complaints.contains("1 of 3 identities were not tried; go on with the same command"),
                "\(report.complaints)")
        }
        #expect(sent.withLock { $0 } == ["alice", "bob"])
    }

    @Test func `a daemon that is busy is asked again`() async throws {
        try await export([Sample.identity("alice")])
        let calls = Mutex(0)
        let (sent, result) = try await imported(existing: .isLeft) { _ in
            if calls.withLock({
                $0 += 1; return $0
            }) < 3 {
                throw try Sample.error(.busy(limit: 1))
            }
            return ImportIdentity.Reply(result: .imported, reembedded: 0)
        }
        #expect(sent.count == 3 && sent.allSatisfy { $0.skipExisting == true })
        #expect(try result.get().imported == 1)
    }

    @Test func `what no further identity could pass ends an import`() async throws {
        try await export(["alice", "bob", "carol"].map { Sample.identity($0) })
        let (sent, result) = try await imported { parameters in
            if parameters.identity.name == "bob" { throw VarlinkError.permissionDenied }
            return ImportIdentity.Reply(result: .imported, reembedded: 0)
        }
        #expect(sent.count == 2)
        let report = try result.get()
        #expect(report.status == .noPermission && report.imported == 1)
        #expect(report.complaints.contains("2 of 3 identities were not tried; go on with --skip-existing"))
    }
}
