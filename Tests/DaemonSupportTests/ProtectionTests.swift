// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

/// What decides is refused where others could change it, with what mends it, and nothing is begun.
@Suite(.enabled(if: Products.contains("likenessd"), "likenessd is not built, or LIKENESS_BIN does not name its folder"))
struct ProtectionTests {
    private func change(_ path: String, _ mode: mode_t) throws {
        guard chmod(path, mode) == 0 else { throw FileFailure(path: path, code: errno) }
    }

    /// Starts a daemon that must not start, and returns what it said.
    private func refusal(_ program: DaemonProgram, _ arguments: [String] = ["--user"]) async throws -> String {
        try program.start(arguments)
        #expect(try await program.status() == 77, "\(program.log)")
        #expect(!FileManager.default.fileExists(atPath: program.home.appending("data/likeness/gallery.sqlite")))
        return program.log
    }

    private func configured(_ text: String) throws -> (program: DaemonProgram, path: String) {
        let program = try DaemonProgram()
        try FileManager.default.createDirectory(
            atPath: program.home.appending("etc"), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755])
        let path = program.home.appending("etc/likenessd.toml")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try change(path, 0o644)
        return (program, path)
    }

    @Test(arguments: ["etc/likenessd.toml", "etc"]) func `a configuration that others can change is refused`(
        name: String
    ) async throws {
        let (program, path) = try configured("[work]\nworkers = 1\n")
        let open = program.home.appending(name)
        try change(open, 0o777)
        let log = try await refusal(program, ["--user", "--config", path])
        #expect(log.contains("chmod o-w \(open)"), "\(log)")
        try change(open, 0o755)
        try program.start(["--user", "--config", path])
        await (try program.connect()).close()
        #expect(try await program.stop() == 0)
    }

    @Test func `a folder of models that others can change is refused`() async throws {
        let program = try DaemonProgram()
        try change(program.models, 0o777)
        #expect(try await refusal(program).contains("chmod o-w \(program.models)"))
    }

    @Test func `a package that others can change is refused where it is the only one, and left out beside others`()
        async throws
    {
        let program = try DaemonProgram()
        let package = try #require(
            try FileManager.default.contentsOfDirectory(atPath: program.models).first { $0.hasPrefix(PlainModel.name) })
        try change("\(program.models)/\(package)/model.toml", 0o666)
        #expect(try await refusal(program).contains("chmod o-w \(program.models)/\(package)/model.toml"))
        try PlainModel.install(PlainModel.other, in: program.models)
        try FileManager.default.removeItem(atPath: program.models + "/active")
        try program.start()
        let client = try await program.connect()
        let status = try await client.call(Status())
        await client.close()
        #expect(status.models.map(\.name) == [PlainModel.other])
        #expect(try await program.stop() == 0)
        #expect(program.log.contains("is left out") && program.log.contains(package), "\(program.log)")
    }

    @Test func `a key in a folder that others can change is refused`() async throws {
        let (program, path) = try configured("")
        let folder = program.home.appending("keys"), key = folder + "/gallery.key"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o777])
        try change(folder, 0o777)
        try String(repeating: "ab", count: 32).write(toFile: key, atomically: true, encoding: .utf8)
        try change(key, 0o600)
        try "[gallery]\nkey_file = \"\(key)\"\n".write(toFile: path, atomically: true, encoding: .utf8)
        try change(path, 0o644)
        #expect(try await refusal(program, ["--user", "--config", path]).contains("chmod o-w \(folder)"))
    }

    @Test func `a folder above the gallery's that others can change is refused`() async throws {
        let program = try DaemonProgram()
        try change(program.home.appending("data"), 0o777)
        #expect(try await refusal(program).contains("chmod o-w \(program.home.appending("data"))"))
    }
}

/// Packages in the folder of models that nobody can use.
@Suite(.enabled(if: Products.contains("likenessd"), "likenessd is not built, or LIKENESS_BIN does not name its folder"))
struct DamagedPackageTests {
    private static let deep = String(repeating: "a.", count: 20_000) + "a = 1\n"

    private func put(_ text: String, in program: DaemonProgram, as name: String = "aaa") throws {
        let folder = program.models + "/" + name
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        try text.write(toFile: folder + "/model.toml", atomically: true, encoding: .utf8)
    }

    @Test(arguments: [
        deep, "a = " + String(repeating: "[", count: 20_000), "no TOML", "", "purpose = \"face-cover\"\nno TOML",
    ])
    func `one that nobody chose is named and left out, and the daemon starts`(text: String) async throws {
        let program = try DaemonProgram()
        try put(text, in: program)
        try program.start()
        await (try program.connect()).close()
        #expect(try await program.stop() == 0)
        #expect(program.log.contains("\(program.models)/aaa” is left out"), "\(program.log)")
    }

    @Test func `one that is chosen keeps the daemon from starting, and is named`() async throws {
        let program = try DaemonProgram()
        try PlainModel.install(PlainModel.other, in: program.models)
        let package = try #require(
            try FileManager.default.contentsOfDirectory(atPath: program.models).first {
                $0.hasPrefix(PlainModel.name) && !$0.hasPrefix(PlainModel.other)
            })
        try put(Self.deep, in: program, as: package)
        try program.start()
        #expect(try await program.status() == 65)
        #expect(program.log.contains("\(package)” cannot be used"), "\(program.log)")
        #expect(program.log.contains("line 1: tables and arrays are nested more than 16 deep"), "\(program.log)")
    }
}
