// SPDX-License-Identifier: Apache-2.0

import DaemonHarness
import DaemonSupport
import EnrollSupport
import Foundation
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

/// The doctor on hosts that a test makes: a folder in the place of `/`, and programs that say what systemd would.
@Suite struct DoctorTests {
    /// A host whose files and programs lie in a folder.
    struct Host {
        let folder: TemporaryFolder
        var host: DoctorHost

        init(systemd: Bool = true) throws {
            folder = try TemporaryFolder()
            host = DoctorHost()
            host.root = folder.appending("root")
            host.programs = HostPrograms(folders: [folder.appending("bin")])
            host.isClockSynchronized = true
            host.limit = .seconds(2)
            try make("bin")
            try make("root/etc/pam.d")
            if systemd { try make("root/run/systemd/system") }
        }

        func make(_ path: String) throws {
            try FileManager.default.createDirectory(
                atPath: folder.appending(path), withIntermediateDirectories: true)
        }

        func program(_ name: String, _ script: String) throws {
            try "#!/bin/sh\n\(script)\n".write(
                toFile: folder.appending("bin/\(name)"), atomically: true, encoding: .utf8)
            chmod(folder.appending("bin/\(name)"), 0o755)
        }

        func report(socket: String = "/nowhere") async throws -> DoctorReport {
            let request = try DoctorRequest(
                socket: socket, configuration: nil, isUsersOwn: false, own: nil, trusted: Sample.users,
                environment: [:])
            return await Doctor(await DoctorTarget.found(request, host), host).report()
        }
    }

    private static func findings(_ report: DoctorReport, _ check: String) -> [DoctorFinding] {
        report.findings.filter { $0.check == check }
    }

    /// What `systemctl show` prints of a unit that is as it should be.
    private static let healthy = """
        LoadState=loaded
        UnitFileState=enabled
        ActiveState=active
        SubState=running
        Result=success
        NRestarts=0
        NeedDaemonReload=no
        NoNewPrivileges=yes
        ProtectSystem=strict
        MemoryDenyWriteExecute=yes
        """

    private static func showing(_ lines: String) -> String { "cat <<'END'\n\(lines)\nEND" }

    @Test func `a unit that runs is in order, and one that is not there says how to get it`() async throws {
        let host = try Host()
        try host.program("systemctl", Self.showing(Self.healthy))
        let fine = try await host.report()
        #expect(Self.findings(fine, "service").map(\.level) == [.ok])
        #expect(Self.findings(fine, "sandbox").map(\.level) == [.ok])
        try host.program("systemctl", Self.showing("LoadState=not-found\nActiveState=inactive"))
        let absent = try await host.report()
        #expect(Self.findings(absent, "service").map(\.level) == [.problem])
        #expect(Self.findings(absent, "service").first?.remedy?.text.contains("install") == true)
    }

    @Test(arguments: [
        ("ActiveState=active", "ActiveState=failed", DoctorFinding.Level.problem, "exit status"),
        ("ActiveState=active", "ActiveState=inactive", .problem, "neither the daemon nor its socket"),
        ("UnitFileState=enabled", "UnitFileState=disabled", .warning, "nothing starts the daemon"),
        ("NRestarts=0", "NRestarts=7", .warning, "7 times"),
        ("NeedDaemonReload=no", "NeedDaemonReload=yes", .warning, "has changed"),
        ("LoadState=loaded", "LoadState=masked", .problem, "masked"),
    ])
    func `each thing that can be wrong with a unit is told`(
        _ before: String, _ after: String, _ level: DoctorFinding.Level, _ words: String
    ) async throws {
        let host = try Host()
        // The socket's unit is not there, so that it speaks for nothing.
        try host.program(
            "systemctl",
            "case $2 in *.socket) echo LoadState=not-found; exit;; esac\n"
                + Self.showing(Self.healthy.replacingOccurrences(of: before, with: after)))
        let found = Self.findings(try await host.report(), "service")
        #expect(found.contains { $0.level == level && $0.says.text.contains(words) }, "\(found)")
    }

    @Test func `a drop-in that takes protection away is told`() async throws {
        let host = try Host()
        try host.program(
            "systemctl",
            Self.showing(Self.healthy.replacingOccurrences(of: "ProtectSystem=strict", with: "ProtectSystem=no")))
        let found = Self.findings(try await host.report(), "sandbox")
        #expect(found.map(\.level) == [.warning] && found[0].says.text.contains("ProtectSystem"))
    }

    @Test func `without systemd, without systemctl and with one that hangs, units are unknown and nothing hangs`()
        async throws
    {
        let none = try Host(systemd: false)
        let silent = try Host()
        try silent.program("systemctl", "sleep 600")
        let broken = try Host()
        try broken.program("systemctl", "echo 'Failed to connect to bus' >&2; exit 1")
        let missing = try Host()
        let begun = ContinuousClock.now
        for host in [none, silent, broken, missing] {
            let found = Self.findings(try await host.report(), "service")
            #expect(found.map(\.level) == [.unknown] && found[0].says.text.hasPrefix("not looked at: "), "\(found)")
        }
        #expect(begun.duration(to: .now) < .seconds(60))
    }

    @Test func `a container is called one`() async throws {
        let host = try Host(systemd: false)
        try Data().write(to: URL(fileURLWithPath: host.folder.appending("root/.dockerenv")))
        #expect(Self.findings(try await host.report(), "service").first?.says.text.contains("container") == true)
    }

    @Test func `a socket that takes connections and never answers is a problem after its time`() async throws {
        var host = try Host(systemd: false)
        host.host.limit = .seconds(1)
        let path = host.folder.appending("s")
        let descriptor = try UnixSocket.bind(path, type: SOCK_STREAM)
        defer { close(descriptor) }
        #expect(listen(descriptor, 8) == 0)
        let begun = ContinuousClock.now
        let report = try await host.report(socket: path)
        #expect(begun.duration(to: .now) < .seconds(30))
        let found = Self.findings(report, "answer")
        #expect(found.map(\.level) == [.problem] && found[0].says.text.contains("does not answer"), "\(found)")
        #expect(report.status == .problemsFound)
    }

    @Test func `what is no likenessd is told, and cannot control the terminal`() async throws {
        let host = try Host(systemd: false)
        // A varlink service of another kind, which calls itself “p”.
        try await ScriptedDaemon.run({ _ in }) { socket in
            let report = try await host.report(socket: socket)
            let found = Self.findings(report, "daemon")
            #expect(found.map(\.level) == [.problem] && found[0].says.text.contains("“p”"), "\(found)")
        }
        let finding = DoctorFinding(.problem, "x", "it says \("\u{1B}[2J\u{202E}\n")", remedy: nil)
        #expect(finding.says.text == "it says \\u{1B}[2J\\u{202E}\\n")
    }

    @Test func `a clock that is behind the program or the audit log is a problem, and one that nobody keeps a warning`()
        async throws
    {
        var host = try Host(systemd: false)
        let program = host.folder.appending("bin/enroll")
        try Data().write(to: URL(fileURLWithPath: program))
        host.host.ownProgram = program
        #expect(Self.findings(try await host.report(), "clock").map(\.level) == [.ok])
        host.host.isClockSynchronized = false
        #expect(Self.findings(try await host.report(), "clock").map(\.level) == [.warning])
        host.host.isClockSynchronized = nil
        #expect(Self.findings(try await host.report(), "clock").map(\.level) == [.unknown])
        host.host.now = Date(timeIntervalSince1970: 1_000_000)
        let behind = Self.findings(try await host.report(), "clock")
        #expect(behind.map(\.level) == [.problem] && behind[0].says.text.contains("before"))
    }

    @Test func `the PAM module is told of with what uses it, and a line that is commented out is none`() async throws {
        let host = try Host(systemd: false)
        #expect(Self.findings(try await host.report(), "login").first?.says.text.contains("not installed") == true)
        try host.make("root/usr/lib/x86_64-linux-gnu/security")
        try Data().write(
            to: URL(fileURLWithPath: host.folder.appending("root/usr/lib/x86_64-linux-gnu/security/pam_likeness.so")))
        try "# auth sufficient pam_likeness.so\n".write(
            toFile: host.folder.appending("root/etc/pam.d/login"), atomically: true, encoding: .utf8)
        #expect(Self.findings(try await host.report(), "login").first?.says.text.contains("no service") == true)
        try "auth sufficient pam_likeness.so\n".write(
            toFile: host.folder.appending("root/etc/pam.d/sudo"), atomically: true, encoding: .utf8)
        let used = Self.findings(try await host.report(), "login").first
        #expect(used?.says.text.contains("1 service: sudo") == true)
        #expect(used?.says.anonymous.contains("sudo") == false)
    }

    @Test func `problems come first, lines keep to the width, and the status says the worst`() {
        let long = String(repeating: "word ", count: 40)
        let ok = DoctorFinding(.ok, "a", "fine"), warning = DoctorFinding(.warning, "b", "\(long)", remedy: "do this")
        let problem = DoctorFinding(.problem, "c", "bad", remedy: "\(long)")
        let report = DoctorReport([ok, warning, problem])
        #expect(report.findings.map(\.level) == [.problem, .warning, .ok])
        #expect(report.text().split(separator: "\n").allSatisfy { $0.count <= 80 && $0.last != " " })
        #expect(report.text().hasSuffix("\n\n1 problem, 1 warning; 1 checks found nothing wrong\n"))
        #expect(report.status == .problemsFound)
        #expect(DoctorReport([ok, warning]).status == .warningsFound)
        #expect(DoctorReport([ok, DoctorFinding(.unknown, "d", "not looked at: needs root")]).status == .success)
    }

    @Test func `what names somebody is left out of what may leave the host, and what is not marked is`() {
        let text: DoctorText =
            "the key \("/home/eve/key") has the mode \(mode: 0o644), \(path: "/home/eve") or \(path: "/var/lib/likeness/models"), \(plain: "a b") \(plain: "dlib-1.2"), \(3, "time")"
        #expect(
            text.text
                == "the key /home/eve/key has the mode 644, /home/eve or /var/lib/likeness/models, a b dlib-1.2, 3 times"
        )
        #expect(text.anonymous == "the key … has the mode 644, … or /var/lib/likeness/models, … dlib-1.2, 3 times")
    }

    @Test(arguments: [
        ("postgresql://u:p@db.example:6000/g", "network db.example 6000"),
        ("postgres://u@[::1]:7/g", "network ::1 7"), ("postgresql:///g?host=/run/pg", "socket /run/pg/.s.PGSQL.5432"),
        ("host=db user=u password='a b\\'host=x' port=1", "network db 1"),
        ("dbname=g", "socket /run/postgresql/.s.PGSQL.5432"),
        ("host=", "socket /run/postgresql/.s.PGSQL.5432"), ("=", "socket /run/postgresql/.s.PGSQL.5432"),
        ("host=a,b port=1,2", "network a 1"), ("postgresql://", "socket /run/postgresql/.s.PGSQL.5432"),
    ])
    func `a database's address is found without its password`(_ connection: String, _ place: String) {
        let found =
            switch DatabaseAddress(of: connection) {
            case .socket(let path)?: "socket \(path)"
            case .network(let host, let port)?: "network \(host) \(port)"
            case nil: "none"
            }
        #expect(found == place)
    }

    @Test func `a program is ended with its children after its time, and its output is bounded`() throws {
        let host = try Host()
        try host.program("slow", "sleep 600 & sleep 600")
        try host.program("loud", "head -c 5000000 /dev/zero; exit 3")
        try host.program("closed", "exec >&- 2>&-; sleep 600")
        let begun = ContinuousClock.now
        #expect(host.host.programs.run("slow", [], within: .milliseconds(300)) == .timedOut)
        #expect(host.host.programs.run("closed", [], within: .milliseconds(300)) == .timedOut)
        #expect(begun.duration(to: .now) < .seconds(10))
        guard case .ended(3, let output) = host.host.programs.run("loud", [], within: .seconds(10), atMost: 1000) else {
            Issue.record("it did not end")
            return
        }
        #expect(output.count == 1000)
        #expect(host.host.programs.run("absent", [], within: .seconds(1)) == .absent)
    }
}
