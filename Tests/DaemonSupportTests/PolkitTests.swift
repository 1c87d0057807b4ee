// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation
import ProgramHarness
import Testing

/// What is made of polkit's answers, on a bus of its own with a program in polkit's place. What real polkit does is looked at by
/// packaging/debian/tests/enrol-self. `DBUS_SYSTEM_BUS_ADDRESS` is set in processes of their own.
@Suite(.enabled(if: PolkitTests.Bus.isPossible, "needs a C compiler, libsystemd-dev and dbus-daemon"))
struct PolkitTests {
    private static let action = "io.likeness.enrol-self"

    @Test func `only polkit's own yes is one`() async {
        await #expect(processExitsWith: .success) {
            let bus = try Bus()
            for user: UInt32 in [1001, 1005] { #expect(await bus.ask(user) == .authorized, "\(user)") }
            #expect(await bus.ask(1002) == .refused)
            #expect(await bus.ask(1003) == .nobodyToAsk)
            #expect(await bus.ask(1004) == .dismissed)
            for user: UInt32 in 1006...1010 {
                guard case .failed(let reason) = await bus.ask(user) else {
                    Issue.record("an answer that is none, of \(user), is taken")
                    continue
                }
                #expect(reason.contains("cannot be read"), "\(user): \(reason)")
            }
            for (user, words) in [(UInt32(1011), "not registered"), (1012, "Only trusted callers")] {
                guard case .failed(let reason) = await bus.ask(user) else {
                    Issue.record("an error, of \(user), is taken")
                    continue
                }
                #expect(reason.contains(words), "\(reason)")
            }
        }
    }

    @Test func `polkit is told the process, the user and that the user may be asked`() async {
        await #expect(processExitsWith: .success) {
            let bus = try Bus()
            _ = await Polkit.ask(PolkitTests.action, process: 4242, user: 1001, within: .seconds(10))
            #expect(
                bus.log.hasSuffix("unix-process pid=4242 start-time=0 uid=1001 io.likeness.enrol-self 1\n"),
                "\(bus.log)")
            // A process of another namespace has no number here.
            guard case .failed = await Polkit.ask(PolkitTests.action, process: 0, user: 1001, within: .seconds(10))
            else {
                throw HarnessError("a process without a number is allowed something")
            }
        }
    }

    @Test func `no answer ends with the time, with the task and with polkit`() async {
        await #expect(processExitsWith: .success) {
            let bus = try Bus()
            let clock = ContinuousClock()
            var answer = Polkit.Answer.authorized
            let late = await clock.measure { answer = await bus.ask(1014, within: .seconds(1)) }
            #expect(answer == .late && late < .seconds(4))
            let task = Task { await bus.ask(1014, within: .seconds(60)) }
            while !bus.log.contains("uid=1014 io.likeness.enrol-self 1\nunix-process") {
                try await Task.sleep(for: .milliseconds(20))
            }
            let cancelled = await clock.measure {
                task.cancel()
                answer = await task.value
            }
            #expect(answer == .cancelled && cancelled < .seconds(4))
            // It leaves the bus in the middle of the question.
            let gone = await clock.measure { answer = await bus.ask(1013, within: .seconds(60)) }
            #expect(answer != .authorized && gone < .seconds(10))
        }
    }

    @Test func `without polkit or without a bus the answer is no, and at once`() async {
        await #expect(processExitsWith: .success) {
            let bus = try Bus(withAuthority: false)
            guard case .absent = await bus.ask(1001) else { throw HarnessError("nobody is there, and says yes") }
            setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1)
            guard case .absent = await bus.ask(1001) else { throw HarnessError("there is no bus, and it says yes") }
        }
    }

    /// A bus that this process takes for the system's.
    final class Bus: Sendable {
        static let isPossible = ["/usr/bin/dbus-daemon", "/usr/bin/cc", "/usr/include/systemd/sd-bus.h"].allSatisfy {
            FileManager.default.fileExists(atPath: $0)
        }

        private let folder: TemporaryFolder
        private let programs: [RunningProgram]

        init(withAuthority: Bool = true) throws {
            let folder = try TemporaryFolder()
            let sources = CheckoutScript.checkout.appendingPathComponent("Tests/Support/polkit").path
            let address = "unix:path=" + folder.appending("bus")
            var programs = [
                try RunningProgram(
                    "/usr/bin/dbus-daemon",
                    ["--nofork", "--nopidfile", "--config-file=\(sources)/bus.conf", "--address=\(address)"],
                    output: .file(folder.appending("daemon")), errors: nil)
            ]
            setenv("DBUS_SYSTEM_BUS_ADDRESS", address, 1)
            try Self.wait { FileManager.default.fileExists(atPath: folder.appending("bus")) }
            if withAuthority {
                let made = try Command.run(
                    "/usr/bin/cc", ["-o", folder.appending("authority"), "\(sources)/authority.c", "-lsystemd"])
                guard made.status == 0 else { throw HarnessError(made.errors) }
                programs.append(
                    try RunningProgram(folder.appending("authority"), [], output: .file(folder.appending("log"))))
                try Self.wait { Self.text(folder).contains("ready") }
            }
            self.folder = folder
            self.programs = programs
        }

        /// What the program in polkit's place was asked.
        var log: String { Self.text(folder) }

        func ask(_ user: UInt32, within limit: Duration = .seconds(20)) async -> Polkit.Answer {
            await Polkit.ask(PolkitTests.action, process: 42, user: user, within: limit)
        }

        private static func text(_ folder: TemporaryFolder) -> String {
            String(decoding: FileManager.default.contents(atPath: folder.appending("log")) ?? Data(), as: UTF8.self)
        }

        private static func wait(until isSo: () -> Bool) throws {
            for _ in 0..<500 where !isSo() { usleep(20_000) }
            guard isSo() else { throw HarnessError("the bus does not come up") }
        }
    }
}
