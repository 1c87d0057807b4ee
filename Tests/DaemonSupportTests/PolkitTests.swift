// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation
import ProgramHarness
import Testing

/// What is made of polkit's answers, on a bus of its own with a program in polkit's place. What real polkit does is looked at by
/// packaging/debian/tests/enrol-self. `DBUS_SYSTEM_BUS_ADDRESS` is set in processes of their own.
@Suite(.enabled(if: PolkitBus.isPossible, "needs a C compiler, libsystemd-dev and dbus-daemon"))
struct PolkitTests {
    @Test func `only polkit's own yes is one`() async {
        await #expect(processExitsWith: .success) {
            let bus = try PolkitBus()
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
            let bus = try PolkitBus()
            _ = await Polkit.ask(PolkitBus.action, process: 4242, user: 1001, within: .seconds(10))
            #expect(
                bus.log.hasSuffix("unix-process pid=4242 start-time=0 uid=1001 io.likeness.enrol-self 1\n"),
                "\(bus.log)")
            // A process of another namespace has no number here.
            guard case .failed = await Polkit.ask(PolkitBus.action, process: 0, user: 1001, within: .seconds(10))
            else {
                throw HarnessError("a process without a number is allowed something")
            }
        }
    }

    @Test func `no answer ends with the time, with the task and with polkit`() async {
        await #expect(processExitsWith: .success) {
            let bus = try PolkitBus()
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
            let bus = try PolkitBus(withAuthority: false)
            guard case .absent = await bus.ask(1001) else { throw HarnessError("nobody is there, and says yes") }
            setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1)
            guard case .absent = await bus.ask(1001) else { throw HarnessError("there is no bus, and it says yes") }
        }
    }
}
