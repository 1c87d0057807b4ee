// SPDX-License-Identifier: Apache-2.0

import DaemonHarness
import Foundation
import ProgramHarness
import Testing

/// The PAM module in `pam`, by its own tests: `pamtester` authenticates, with services in a folder of its own.
@Suite(
    .serialized, .enabled(if: TestEnvironment.python != nil, "LIKENESS_PYTHON names no program; scripts/test sets it"))
struct PamTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "pam").path

    private static func test(
        only name: String? = nil, environment: [String: String] = [:]
    ) async throws -> CommandResult {
        try await Command.run(
            try #require(TestEnvironment.python),
            ["-m", "unittest", "discover", "--verbose", "-s", folder + "/tests", "-t", folder]
                + (name.map { ["-k", $0] } ?? []),
            environment: ["PYTHONDONTWRITEBYTECODE": "1"].merging(environment) { $1 })
    }

    @Test func `it lets nobody in but for a match, and always in time`() async throws {
        let result = try await Self.test()
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test(.enabled(if: Material.isPresent, Comment(rawValue: Material.absence)))
    func `it asks a real daemon about real faces`() async throws {
        let models = try TemporaryFolder()
        try FaceModels.importDlib(from: TestEnvironment.dlibModels ?? "", into: models.path)
        let daemon = try Daemon(models: models.path)
        try await daemon.start()
        let result = try await Self.test(
            only: "DaemonTests",
            environment: [
                "LIKENESS_TEST_SOCKET": daemon.socket, "LIKENESS_TEST_FACES": try #require(TestEnvironment.faces),
                "LIKENESS_TEST_ENROLL": try Products.program("enroll"),
            ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(daemon.isRunning, "\(daemon.log)")
    }
}
