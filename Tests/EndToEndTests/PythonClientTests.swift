// SPDX-License-Identifier: Apache-2.0

import DaemonHarness
import Foundation
import ProgramHarness
import Testing

/// The client in `clients/python`, by its own tests.
@Suite(
    .serialized, .enabled(if: TestEnvironment.python != nil, "LIKENESS_PYTHON names no program; scripts/test sets it"))
struct PythonClientTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "clients/python").path

    /// The tests of the client whose names hold one of these, or all.
    private static func test(
        only names: [String] = [], environment: [String: String] = [:]
    ) async throws -> CommandResult {
        try await Command.run(
            try #require(TestEnvironment.python),
            ["-m", "unittest", "discover", "--verbose", "-s", folder + "/tests", "-t", folder]
                + names.flatMap { ["-k", $0] },
            environment: ["PYTHONDONTWRITEBYTECODE": "1"].merging(environment) { $1 })
    }

    /// Models of faces: the active one and another, called `other`, that embeds a face without its mirror image.
    private static func models() throws -> TemporaryFolder {
        let models = try TemporaryFolder()
        try FaceModels.importDlib(from: TestEnvironment.dlibModels ?? "", into: models.path)
        let packages = try FileManager.default.contentsOfDirectory(atPath: models.path)
        let package = try #require(packages.first { $0.hasPrefix("dlib") })
        let scratch = try TemporaryFolder(), copy = scratch.appending("package")
        try FileManager.default.copyItem(atPath: models.appending(package), toPath: copy)
        let manifest = copy + "/model.toml"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        let name = try #require(text.split(separator: "\n").first { $0.hasPrefix("name = ") })
        try text.replacingOccurrences(of: "\n\(name)\n", with: "\nname = \"other\"\n")
            .replacingOccurrences(of: "\nmirror = true\n", with: "\nmirror = false\n")
            .write(toFile: manifest, atomically: true, encoding: .utf8)
        let imported = try Command.run(
            try Products.program("enroll"), ["model", "import", "package", copy, "--models", models.path])
        #expect(imported.status == 0, "\(imported.errors)")
        return models
    }

    @Test func `its code is what the interface descriptions say, and keeps to the protocol`() async throws {
        let result = try await Self.test()
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test(.enabled(if: Material.isPresent, Comment(rawValue: Material.absence)))
    func `it, its examples and the documented programs speak with a real daemon`() async throws {
        let models = try Self.models(), daemon = try Daemon(models: models.path)
        try await daemon.start()
        let result = try await Self.test(
            only: ["DaemonTests", "ExampleTests", "DocumentedTests"],
            environment: [
                "LIKENESS_TEST_SOCKET": daemon.socket, "LIKENESS_TEST_FACES": try #require(TestEnvironment.faces),
                "LIKENESS_TEST_OTHER_MODEL": "other",
            ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("test_a_rotation_is_followed_to_its_end_and_rolled_back"))
        #expect(!result.errors.contains("LIKENESS_TEST_"), "what needs the daemon was skipped: \(result.errors)")
        #expect(daemon.isRunning, "\(daemon.log)")
    }
}
