// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Testing

@Suite struct ProgramTests {
    private func shell(
        _ script: String, input: Data? = nil, timeout: Duration = .seconds(60)
    ) async throws -> CommandResult {
        try await Command.run(
            "/bin/sh", ["-c", script], environment: ["ADDED": "here"], input: input, timeout: timeout)
    }

    @Test func `a program gets its input and environment, and its streams and status come back`() async throws {
        let result = try await shell("cat; echo $ADDED >&2; exit 7", input: Data(repeating: 0x61, count: 300_000))
        #expect(result.status == 7)
        #expect(result.output == String(repeating: "a", count: 300_000))
        #expect(result.errors == "here\n")
        #expect(try await shell("kill -9 $$").status == -SIGKILL)
        #expect(try await shell("cat").output.isEmpty)
    }

    @Test func `a program gets no descriptor but the standard streams`() async throws {
        let descriptor = open("/dev/null", O_RDONLY)
        try #require(descriptor > 2)
        defer { close(descriptor) }
        // The shell's own descriptors, listed by a program that the shell waits for.
        #expect(try await shell("ls /proc/$$/fd; true").output == "0\n1\n2\n")
    }

    @Test func `ignored signals are not handed down`() async throws {
        let before = signal(SIGUSR2, SIG_IGN)
        defer { signal(SIGUSR2, before) }
        #expect(try await shell("kill -USR2 $$; exit 0").status == -SIGUSR2)
    }

    @Test func `a program that does not end is killed, and the error says what it printed`() async throws {
        let error = await #expect(throws: HarnessError.self) {
            try await shell("echo waiting; exec sleep 1000", timeout: .milliseconds(500))
        }
        #expect(
            error?.description.hasPrefix("killed after 0.5 seconds, having printed “waiting\n”: /bin/sh -c") == true,
            "\(error as Any)")
    }

    @Test func `a program that is not there is an error in words`() async throws {
        let error = await #expect(throws: HarnessError.self) { try await Command.run("/nowhere/program", []) }
        #expect(error?.description == "cannot start /nowhere/program: No such file or directory")
    }

    @Test func `a pipe ends with its program, whatever else runs`() async throws {
        let talker = try RunningProgram("/bin/cat", [], input: .pipe, output: .pipe, limit: .seconds(60))
        let bystander = try RunningProgram("/bin/sleep", ["1000"], limit: .seconds(60))
        let input = try #require(talker.input), output = try #require(talker.output)
        try input.write(contentsOf: Data("said".utf8))
        try input.close()
        #expect(try await OwnThread.run { try output.readToEnd() } == Data("said".utf8))
        #expect(try await talker.status(within: .seconds(60)) == 0)
        #expect(bystander.isRunning)
    }

    @Test func `a program is killed at its limit, and when its value goes`() async throws {
        let limited = try RunningProgram("/bin/sleep", ["1000"], limit: .milliseconds(200))
        #expect(try await limited.status(within: .seconds(60)) == -SIGKILL)
        var dropped: RunningProgram? = try RunningProgram("/bin/sleep", ["1000"])
        let identifier = try #require(dropped?.identifier)
        #expect(kill(identifier, 0) == 0)
        dropped = nil
        #expect(kill(identifier, 0) != 0)
    }
}
