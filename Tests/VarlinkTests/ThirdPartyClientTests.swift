// SPDX-License-Identifier: Apache-2.0

import ProgramHarness
import Testing

@Suite("The Varlink project's Python client")
struct ThirdPartyClientTests {
    @Test("introspects and calls the server", .enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
    func calls() async throws {
        try await ToyServer.run { server in
            let result = try await PythonReference.run("varlink_toy_client.py", [server.path])
            #expect(result.output + result.errors == "agreed\n")
        }
    }
}
