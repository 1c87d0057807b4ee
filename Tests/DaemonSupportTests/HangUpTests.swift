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
    func `it has a daemon read its configuration again`() async throws {
        let program = try DaemonProgram()
        try program.start()
        await (try program.connect()).close()
        program.send(SIGHUP)
        try await program.waitUntil { $0.log.contains("The configuration was reloaded") }
        await (try program.connect()).close()
        #expect(try await program.stop() == 0)
    }

    /// Makes a terminal that is the daemon's own, and closes it when the daemon listens.
    private static let terminal = """
        import os, pty, sys, time
        child, terminal = pty.fork()
        if child == 0:
            os.execv(sys.argv[2], sys.argv[2:])
        while not os.path.exists(sys.argv[1]):
            time.sleep(0.02)
        os.close(terminal)
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """

    @Test(
        .enabled(
            if: Products.contains("likenessd"), "likenessd is not built, or LIKENESS_BIN does not name its folder"),
        .enabled(if: PythonReference.isPresent, Comment(rawValue: PythonReference.missing)))
    func `a terminal that closes ends a daemon in order`() async throws {
        let program = try DaemonProgram(), python = try #require(TestEnvironment.python)
        let log = program.home.appending("likenessd.log")
        try program.start(launcher: [
            python, "-c", Self.terminal, program.socket, "/bin/sh", "-c", "exec \"$0\" \"$@\" >\(log) 2>&1",
        ])
        #expect(try await program.status() == 0)
        let text = try String(contentsOfFile: log, encoding: .utf8)
        #expect(
            text.contains("Stopping: what was accepted is finished first") && text.contains("Stopped"), "\(text)")
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
