// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import LikenessInterface
import ProgramHarness
import Testing

/// Names that are no paths like others.
@Suite struct OutputFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let exporting: ScriptedDaemon.Script = { call in
        guard call.method == "ExportGallery" else {
            return try await call.reply(ListGenerations.Reply(generations: []))
        }
        try await call.reply(ExportGallery.Reply(done: 0, total: 0, damage: []))
    }

    @Test func `nothing is written to standard output, nor to a file that is called as it is`() async throws {
        let words = "-: cannot be written: it is not written to standard output; name a file (./- for one of this name)"
        let written = #expect(throws: CommandFailure.self) { try OutputFile.write([1], to: "-") }
        #expect(written?.status == .cannotCreate && written?.message == words)
        try await ScriptedDaemon.run(Self.exporting) { socket in
            let exported = await #expect(throws: CommandFailure.self) {
                try await GalleryExport(client: Sample.client(socket)).write(to: "-")
            }
            #expect(exported?.status == .cannotCreate && exported?.message == words)
        }
        #expect(!FileManager.default.fileExists(atPath: "-"))
        let file = folder.appending("-")
        try OutputFile.write([1], to: file)
        #expect(FileManager.default.contents(atPath: file) == Data([1]))
    }

    /// In a process of its own, because a process has one current folder.
    private func enroll(_ arguments: [String], socket: String) async throws -> CommandResult {
        try await Command.run(
            "/bin/sh",
            ["-c", "cd \"$1\" && shift && exec \"$@\"", "sh", folder.path, Products.program("enroll")] + arguments,
            environment: ["LIKENESS_SOCKET": socket])
    }

    @Test(.enabled(if: Products.contains("enroll"), "enroll is not built, or LIKENESS_BIN does not name its folder"))
    func `a name of one letter is one in the current folder`() async throws {
        try await ScriptedDaemon.run(Self.exporting) { socket in
            let key = try await enroll(["gallery", "key", "k"], socket: socket)
            #expect(key.status == 0, "\(key.errors)")
            let exported = try await enroll(["gallery", "export", "e"], socket: socket)
            #expect(exported.status == 0, "\(exported.errors)")
            let again = try await enroll(["gallery", "export", "e"], socket: socket)
            #expect(again.status == 73)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["e", "k"])
    }
}
