// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation
import ProgramHarness

/// A bus that this process takes for the system's.
final class PolkitBus: Sendable {
    static let isPossible = ["/usr/bin/dbus-daemon", "/usr/bin/cc", "/usr/include/systemd/sd-bus.h"].allSatisfy {
        FileManager.default.fileExists(atPath: $0)
    }

    static let action = "io.likeness.enrol-self"

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
        await Polkit.ask(Self.action, process: 42, user: user, within: limit)
    }

    private static func text(_ folder: TemporaryFolder) -> String {
        String(decoding: FileManager.default.contents(atPath: folder.appending("log")) ?? Data(), as: UTF8.self)
    }

    private static func wait(until isSo: () -> Bool) throws {
        for _ in 0..<500 where !isSo() { usleep(20_000) }
        guard isSo() else { throw HarnessError("the bus does not come up") }
    }
}
