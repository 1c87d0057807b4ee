// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation
import ProgramHarness
import Testing

/// SIGHUP, which a closing terminal sends, and which many daemons take for a wish to read their configuration again.
@Suite struct HangUpTests {
    @Test(
        .enabled(if: Products.contains("likenessd"), "likenessd is not built, or LIKENESS_BIN does not name its folder")
    )
    func `it ends a daemon in order`() async throws {
        let program = try DaemonProgram()
        try program.start()
        await (try program.connect()).close()
        program.send(SIGHUP)
        #expect(try await program.status() == 0)
        #expect(
            program.log.contains("Stopping: what was accepted is finished first") && program.log.contains("Stopped"),
            "\(program.log)")
        #expect(!FileManager.default.fileExists(atPath: program.socket))
    }

    @Test(
        .enabled(if: Products.contains("likenessd"), "likenessd is not built, or LIKENESS_BIN does not name its folder")
    )
    func `a daemon that was started to outlive its terminal does`() async throws {
        let program = try DaemonProgram()
        try program.start(launcher: ["/usr/bin/nohup"])
        await (try program.connect()).close()
        program.send(SIGHUP)
        await (try program.connect()).close()
        #expect(try await program.stop() == 0)
    }

    @Test func `an ignored signal is one of the mask's`() {
        let status = "Name:\tx\nSigBlk:\tffffffffffffffff\nSigIgn:\t0000000000001001\nSigCgt:\tffffffffffffffff\n"
        #expect(SignalState.isIgnored(SIGHUP, in: status) && SignalState.isIgnored(SIGPIPE, in: status))
        #expect(!SignalState.isIgnored(SIGTERM, in: status))
        #expect(!SignalState.isIgnored(SIGHUP, in: "SigIgn:\t0000000000001000\n"))
        #expect(!SignalState.isIgnored(SIGHUP, in: "") && !SignalState.isIgnored(SIGHUP, in: "SigIgn:\tx"))
    }
}
