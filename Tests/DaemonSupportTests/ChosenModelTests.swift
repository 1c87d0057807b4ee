// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

/// Which model a daemon starts with: what its gallery was embedded by, whatever is chosen.
@Suite(.enabled(if: Products.contains("likenessd"), "likenessd is not built, or LIKENESS_BIN does not name its folder"))
struct ChosenModelTests {
    private func models(_ program: DaemonProgram) async throws -> [String] {
        try program.start()
        let client = try await program.connect()
        let status = try await client.call(Status())
        await client.close()
        #expect(try await program.stop() == 0)
        return status.models.map(\.name)
    }

    private func removePackages(_ name: String, of program: DaemonProgram) throws {
        for folder in try FileManager.default.contentsOfDirectory(atPath: program.models)
        where folder.hasPrefix(name + "-") {
            try FileManager.default.removeItem(atPath: program.models + "/" + folder)
        }
    }

    @Test func `a chosen model that is gone does not keep a daemon from the one that its gallery was embedded by`()
        async throws
    {
        let program = try DaemonProgram()
        #expect(try await models(program) == [PlainModel.name])
        try PlainModel.install(PlainModel.other, in: program.models)
        let active = program.models + "/active"
        try (String(repeating: "ab", count: 32) + "\n").write(toFile: active, atomically: true, encoding: .utf8)
        #expect(try await models(program) == [PlainModel.name])
        #expect(program.log.contains("what the gallery was embedded by is used"), "\(program.log)")
        // Nothing chosen among several.
        try FileManager.default.removeItem(atPath: active)
        #expect(try await models(program) == [PlainModel.name])
    }

    @Test func `a daemon whose chosen model is gone, and with it the gallery's, says which`() async throws {
        let program = try DaemonProgram()
        #expect(try await models(program) == [PlainModel.name])
        try removePackages(PlainModel.name, of: program)
        try program.start()
        #expect(try await program.status() == 66)
        #expect(program.log.contains("enroll model"), "\(program.log)")
    }
}
