// SPDX-License-Identifier: Apache-2.0

import DaemonHarness
import DaemonSupport
import EnrollSupport
import Files
import Foundation
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

/// Which daemon the doctor looks at, and what it says to type for it.
@Suite struct DoctorTargetTests {
    /// A home with a configuration of one's own, on a host that a test makes.
    struct Home {
        var host: DoctorTests.Host
        let own: StandardPaths

        init(_ configuration: String = "", name: String = "home") throws {
            host = try DoctorTests.Host(systemd: false)
            own = try #require(
                StandardPaths.user(environment: ["HOME": host.folder.appending(name)], user: geteuid()))
            for path in [own.configuration, own.gallery] {
                try FileManager.default.createDirectory(
                    atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            }
            try configuration.write(toFile: own.configuration, atomically: true, encoding: .utf8)
        }

        func target(
            socket: String? = nil, configuration: String? = nil, user: Bool = false, environment: [String: String] = [:]
        ) async throws -> DoctorTarget {
            await DoctorTarget.found(
                try DoctorRequest(
                    socket: socket, configuration: configuration, isUsersOwn: user, own: own, trusted: Sample.users,
                    environment: environment), host.host)
        }

        func report(_ target: DoctorTarget) async -> DoctorReport { await Doctor(target, host.host).report() }
    }

    @Test func `one's own daemon is looked at where nothing of the system's is, or where it is asked for`() async throws
    {
        let home = try Home()
        #expect(try await home.target().isUsersOwn)
        #expect(try await home.target().socket.path == home.own.socket)
        try home.host.make("root/etc/likeness")
        #expect(try await !home.target().isUsersOwn)
        #expect(try await home.target().socket.path == StandardPaths.system.socket)
        #expect(try await home.target(user: true).isUsersOwn)
        #expect(
            try await home.target(user: true, environment: ["LIKENESS_SOCKET": "/x"]).socket.path == home.own.socket)
        #expect(throws: CommandFailure.self) {
            try DoctorRequest(
                socket: nil, configuration: nil, isUsersOwn: true, own: nil, trusted: Sample.users, environment: [:])
        }
    }

    @Test(arguments: ["root/usr/lib/systemd/system/likenessd.service", "root/run/likeness/likeness.sock"])
    func `a unit or a socket is the system's daemon too`(_ path: String) async throws {
        let home = try Home()
        try home.host.make(path)
        #expect(try await !home.target().isUsersOwn)
    }

    @Test func `without anything of one's own it is the system's`() async throws {
        let home = try Home()
        for path in [home.own.configuration, (home.own.gallery as NSString).deletingLastPathComponent] {
            try FileManager.default.removeItem(atPath: path)
        }
        #expect(try await !home.target().isUsersOwn)
    }

    @Test func `the wrong configuration of one's own daemon is named, and no remedy speaks of units`() async throws {
        let home = try Home("[socket]\nidle_secs = 5\n")
        let report = await home.report(try await home.target(user: true))
        let found = report.findings.filter { $0.check == "configuration" }
        #expect(found.map(\.level) == [.problem] && found[0].says.text.contains("idle_secs"), "\(found)")
        #expect(report.findings.contains { $0.remedy?.text.contains("likenessd --user") == true })
        for finding in report.findings {
            let text = finding.remedy?.text ?? ""
            #expect(!text.contains("systemctl") && !text.contains("journalctl -u"), "\(text)")
        }
    }

    @Test func `the socket is that of the named file, and one that is named comes before it`() async throws {
        let home = try Home("[socket]\npath = \"/somewhere/own\"\n")
        let file = home.host.folder.appending("f.toml")
        // What else is wrong with it does not matter.
        try "[socket]\npath = \"/somewhere/s\"\nidle_secs = 1\n".write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try await home.target(configuration: file).socket.path == "/somewhere/s")
        #expect(
            try await home.target(configuration: file, environment: ["LIKENESS_SOCKET": "/x"]).socket.path
                == "/somewhere/s")
        #expect(try await home.target(socket: "/y", configuration: file).socket.path == "/y")
        #expect(try await home.target(user: true).socket.path == "/somewhere/own")
        #expect(try await home.target(environment: ["LIKENESS_SOCKET": "/x"]).socket.path == "/x")
    }

    @Test func `of a daemon of which a socket alone is known, models and configuration are not looked at`() async throws
    {
        let home = try Home()
        try home.host.make("root/etc/likeness")
        let report = await home.report(try await home.target(socket: home.host.folder.appending("s")))
        for check in ["configuration", "models", "state folder"] {
            let found = report.findings.filter { $0.check == check }
            #expect(found.map(\.level) == [.unknown], "\(found)")
        }
    }

    @Test func `a folder of models that others can write to is told how to mend, fit for a shell`() async throws {
        let home = try Home(name: "it's a home")
        try FileManager.default.createDirectory(atPath: home.own.models, withIntermediateDirectories: true)
        chmod(home.own.models, 0o777)
        let report = await home.report(try await home.target(user: true))
        let remedy = try #require(report.findings.first { $0.check == "models" }?.remedy?.text)
        #expect(remedy.hasPrefix("chmod go-w '"), "\(remedy)")
        let done = try await Command.run("/bin/sh", ["-c", remedy])
        var status = stat()
        #expect(done.status == 0 && stat(home.own.models, &status) == 0 && status.st_mode & 0o777 == 0o755)
        // On a narrow terminal the path is still one piece.
        #expect(report.text(columns: 40).contains(remedy.dropFirst("chmod go-w ".count)))
        let after = await home.report(try await home.target(user: true))
        #expect(after.findings.first { $0.check == "models" }?.remedy?.text.contains("chmod") != true)
    }

    @Test(arguments: [
        "/a/b-c_1.d", "/odd dir/x", "/it's", "/$(id)`id`\"\\", "/*?[a]~", "/line\nfeed\t\u{1B}[2J8", "山田", "",
    ])
    func `a shell takes a quoted path for that path`(_ path: String) async throws {
        let word = ShellWord.quoted(carried: path)
        #expect(!word.contains("\n") && !word.contains("\u{1B}"))
        let told = try await Command.run("/bin/bash", ["-c", "printf %s \(word)"])
        #expect(told.status == 0 && told.output == path, "\(word) is taken for \(told)")
    }

    @Test func `a reload that failed is a matter of the configuration`() async throws {
        let problem = "the configuration was not reloaded, and what held before holds: line 3: x"
        @Sendable func answer(_ call: VarlinkCall) async throws {
            guard call.method.hasSuffix("Status"), !call.method.hasSuffix("RotationStatus") else {
                throw VarlinkError.permissionDenied
            }
            try await call.reply(
                Status.Reply(
                    version: "1", state: .running, uptimeSeconds: 1, models: [], identities: 0, samples: 0,
                    gallery: "/g", encrypted: false, problem: problem, workers: 1, queueLength: 0, queueLimit: 1,
                    requests: 0, refusedBusy: 0, residentBytes: 1))
        }
        let home = try Home()
        try await ScriptedDaemon.run(answer) { socket in
            let report = await home.report(try await home.target(socket: socket, user: true))
            let found = try #require(report.findings.first { $0.says.text.contains("not reloaded") })
            #expect(found.check == "configuration" && found.level == .problem)
            #expect(found.remedy?.text.contains("pkill -HUP -u \"$(id -u)\" -x likenessd") == true, "\(found)")
            #expect(!report.findings.contains { $0.check == "gallery" && $0.level == .problem })
        }
    }
}
