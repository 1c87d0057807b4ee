// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Testing

/// The wire, spoken by a Varlink client that this project did not write (PyPI's varlink).
@Suite(
    .serialized,
    .enabled(
        if: Material.isPresent && TestEnvironment.python != nil,
        "needs LIKENESS_PYTHON and the data sets; scripts/test sets them"))
struct ThirdPartyClientTests {
    private static func varlink(_ arguments: String...) async throws -> CommandResult {
        try await Command.run(try #require(TestEnvironment.python), ["-m", "varlink.cli"] + arguments)
    }

    @Test func `it introspects the daemon and gets the interface files verbatim`() async throws {
        let daemon = try await Material.startedDaemon()
        let info = try await Self.varlink("info", "unix:\(daemon.socket)")
        #expect(info.status == 0, "\(info.errors)")
        for interface in ["org.varlink.service", "io.likeness.Verification", "io.likeness.Admin"] {
            #expect(info.output.contains(interface))
        }
        let help = try await Self.varlink("help", "unix:\(daemon.socket)/io.likeness.Verification")
        #expect(help.status == 0, "\(help.errors)")
        #expect(help.output.contains("method Verify("))
    }

    @Test func `it enrols and verifies a person`() async throws {
        let daemon = try await Material.startedDaemon()
        func call(_ method: String, _ face: String) async throws -> [String: Any] {
            let image = try Data(contentsOf: URL(fileURLWithPath: face)).base64EncodedString()
            let result = try await Self.varlink(
                "call", "unix:\(daemon.socket)/io.likeness.Verification.\(method)",
                #"{"identity": "alice", "image": "\#(image)"}"#)
            return try result.json()
        }
        #expect(try await call("Enroll", Material.face(3, 1))["sample"] as? Int == 1)
        #expect(try await call("Verify", Material.face(3, 2))["result"] as? String == "match")
        #expect(try await call("Verify", Material.face(4, 2))["result"] as? String == "no_match")
    }
}
