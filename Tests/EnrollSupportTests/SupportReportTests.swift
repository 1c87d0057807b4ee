// SPDX-License-Identifier: Apache-2.0

import DaemonHarness
import DaemonSupport
import EnrollSupport
import Foundation
import ProgramHarness
import Testing

/// Nothing that names somebody leaves the host in a report.
@Suite struct SupportReportTests {
    private static let name = "Zqxjk Vwyth", secret = "s3cr3t-hunter2-Qzx"

    private static func holds(_ text: String, _ names: [String] = [name, "Zqxjk", secret, "hunter2"]) -> Bool {
        names.contains { text.contains($0) }
    }

    @Test func `of a configuration texts stay only where they are those of every installation`() {
        let text = """
            [socket]
            mode = "0666"
            idle_seconds = 77
            [gallery]
            database = "postgresql://zqxjk:\(Self.secret)@db.zqxjk.example/faces"
            key_file = "/home/Zqxjk/\(Self.secret)"
            [access]
            admin = ["Zqxjk", "@hunter2"]
            [models]
            active = "Zqxjk"
            [log]
            level = "debug"
            """
        let read = ConfigurationFile.parse(text, defaults: DaemonConfiguration(paths: .system))
        #expect(read.problems.isEmpty, "\(read.problems)")
        let kept = KeptConfiguration.text(read.configuration, standard: DaemonConfiguration(paths: .system))
        #expect(!Self.holds(kept) && !kept.contains("zqxjk"))
        for line in [
            "mode = \"0666\"", "idle_seconds = 77", "database = \"…\"", "key_file = \"…\"",
            "admin = [\"…\"] # 2 of them",
            "active = \"…\"", "level = \"debug\"", "path = \"/run/likeness/likeness.sock\"",
        ] { #expect(kept.contains(line + "\n"), "\(line) is not in\n\(kept)") }
        // Every setting is there, and a new one of text is left out by itself.
        #expect(DaemonConfiguration.settings.allSatisfy { kept.contains("\n\($0.key) = ") })
    }

    @Test func `of a unit directives stay that name nobody`() {
        let kept = KeptUnit.text(
            """
            # /etc/systemd/system/likenessd.service.d/Zqxjk.conf
            # a comment about Zqxjk
            [Service]
            ExecStart=/usr/bin/likenessd
            ExecStart=/opt/Zqxjk/likenessd --config \\
              /home/\(Self.secret)
            Environment=PGPASSWORD=\(Self.secret)
            Environment=LIKENESS_ISA=avx2
            SetCredential=likeness.gallery-key:\(Self.secret)
            LoadCredential=likeness.gallery-key:/home/Zqxjk/key
            MemoryMax=2G
            TasksMax=\\
            Zqxjk
            User=Zqxjk
            IPAddressAllow=192.0.2.1
            ReadWritePaths=/home/Zqxjk
            Zqxjk hunter2
            """)
        #expect(!Self.holds(kept) && !kept.contains("192.0.2.1"), "\(kept)")
        for line in [
            "[Service]", "ExecStart=/usr/bin/likenessd", "ExecStart=…", "Environment=…",
            "Environment=LIKENESS_ISA=avx2",
            "SetCredential=…", "LoadCredential=likeness.gallery-key:…", "MemoryMax=2G", "TasksMax=…", "User=…",
            "# /etc/systemd/system, a drop-in",
        ] { #expect(kept.contains(line + "\n"), "\(line) is not in\n\(kept)") }
    }

    @Test func `of the journal known beginnings, methods, results and places in the source stay`() throws {
        func line(_ fields: [String: String]) throws -> String {
            String(decoding: try JSONEncoder().encode(fields), as: UTF8.self)
        }
        let text = try [
            line([
                "MESSAGE": "io.likeness.Verification.Verify is refused: nobody is called “\(Self.name)”",
                "PRIORITY": "5",
                "LIKENESS_METHOD": "io.likeness.Verification.Verify", "LIKENESS_RESULT": "NoSuchIdentity",
                "LIKENESS_IDENTITY": Self.name, "LIKENESS_UID": "4242", "LIKENESS_DURATION_MS": "12",
                "CODE_FILE": "Service/CallRecord.swift", "CODE_LINE": "118", "_HOSTNAME": "Zqxjk",
                "_CMDLINE": Self.secret,
                "__REALTIME_TIMESTAMP": "1750000000123456",
            ]),
            line([
                "MESSAGE": Self.name, "LIKENESS_METHOD": Self.secret, "LIKENESS_RESULT": "Zqxjk",
                "MESSAGE_ID": Self.secret,
                "CODE_FILE": "/home/Zqxjk/a.swift", "CODE_LINE": "1", "EXIT_STATUS": "Zqxjk", "PRIORITY": "Zqxjk",
                "__REALTIME_TIMESTAMP": "Zqxjk",
            ]),
            line(["MESSAGE": "The model package “/home/Zqxjk” is left out: \(Self.secret)"]),
            #"{"MESSAGE":"Stopped","CODE_FILE":["/home/Zqxjk/a.h","likenessd/DaemonRun.swift"],"CODE_LINE":["43","60"]}"#,
            "{\"MESSAGE\":[90,113,120,106,107]}", "no JSON: Zqxjk", "",
        ].joined(separator: "\n")
        let entries = KeptJournal.entries(text)
        let kept = String(decoding: try JSONEncoder().encode(entries), as: UTF8.self)
        #expect(!Self.holds(kept) && !kept.contains("4242"), "\(kept)")
        #expect(entries.count == 5)
        #expect(entries[0].message == "io.likeness.Verification.Verify is refused: …")
        #expect(entries[0].code == "Service/CallRecord.swift:118" && entries[0].result == "NoSuchIdentity")
        #expect(entries[0].time == "2025-06-15T15:06:40Z" && entries[0].milliseconds == 12)
        #expect(entries[3].message == "Stopped" && entries[3].code == "likenessd/DaemonRun.swift:60")
        #expect(entries[1].message == "…" && entries[2].message == "The model package …")
    }

    @Test func `every known beginning of a message is in the sources`() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        var all = ""
        for module in ["Service", "likenessd", "Varlink", "Monitoring", "Gallery"] {
            let folder = sources.appending(path: module).path
            for file in try FileManager.default.subpathsOfDirectory(atPath: folder) where file.hasSuffix(".swift") {
                all += try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            }
        }
        for beginning in KeptJournal.beginnings {
            // Those behind a method's name follow its interpolation.
            let text = beginning.hasPrefix(" ") ? ")" + beginning : "\"" + beginning
            #expect(all.contains(text), "no message begins with “\(beginning)”")
        }
    }

    @Test func `of metrics the daemon's own families stay, without users`() {
        let kept = KeptMetrics.text(
            PrometheusText(
                """
                likeness_calls_total{method="Verify",result="ok"} 5
                likeness_calls_total{method="\(Self.name)",result="ok"} 5
                likeness_queue_user_length{uid="4242"} 1
                other_metric{name="Zqxjk"} 1
                likeness_stage_duration_seconds_bucket{stage="wait",le="+Inf"} 2
                """))
        #expect(
            kept == """
                likeness_calls_total{method="Verify",result="ok"} 5.0
                likeness_calls_total{result="ok"} 5.0
                likeness_stage_duration_seconds_bucket{le="+Inf",stage="wait"} 2.0

                """)
    }

    /// With programs that say what an administrator's host would: the file as a whole.
    @Test func `no name and no secret of the host is in the bytes of a report, whoever asks for it`() async throws {
        var host = try DoctorTests.Host()
        host.host.limit = .seconds(5)
        try host.program(
            "systemctl",
            """
            case $1 in
            show) printf 'LoadState=loaded\\nActiveState=failed\\nResult=\(Self.secret)\\nEnvironment=PW=\(Self.secret)\\n';;
            cat) printf '[Service]\\nEnvironment=PW=\(Self.secret)\\nUser=Zqxjk\\n';;
            *) echo 'systemd 257 (Zqxjk)';;
            esac
            """)
        try host.program("journalctl", #"printf '{"MESSAGE":"\#(Self.name)","_HOSTNAME":"Zqxjk"}\n'"#)
        let configuration = host.folder.appending("Zqxjk.toml")
        try """
        [gallery]
        path = "/home/Zqxjk/gallery.sqlite"
        key_file = "/home/Zqxjk/\(Self.secret)"
        """.write(toFile: configuration, atomically: true, encoding: .utf8)
        let target = await DoctorTarget.found(
            try DoctorRequest(
                socket: "/tmp/Zqxjk/s", configuration: configuration, isUsersOwn: false, own: nil,
                trusted: TrustedUsers(caller: geteuid(), others: []), environment: [:]), host.host)
        let report = await SupportReport.made(target, host.host)
        let path = host.folder.appending("report.tar")
        let summary = try report.write(to: path)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for text in [Self.name, "Zqxjk", Self.secret, host.folder.path] {
            #expect(bytes.range(of: Data(text.utf8)) == nil, "\(text) is in the report")
        }
        // What whoever made it is shown names them all the same.
        #expect(report.findings.findings.contains { $0.says.text.contains("Zqxjk") })
        #expect(
            ["doctor.json", "configuration.toml", "units/likenessd.service.txt", "journal.json", "README.txt"]
                .allSatisfy(summary.text.contains), "\(summary.text)")
        var status = stat()
        #expect(lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(throws: CommandFailure.self) { try report.write(to: path) }
    }

    @Test func `of a wrong configuration the known settings stay, and what is missing is told with the reason`()
        async throws
    {
        let host = try DoctorTests.Host(systemd: false)
        let configuration = host.folder.appending("Zqxjk.toml")
        try """
        [socket]
        idle_seconds = 77
        idle_secs = 5
        mode = "Zqxjk"
        maximum_connections = -3 # Zqxjk
        [gallery]
        key_file = 4242
        database = "postgresql://zqxjk:\(Self.secret)@db/faces"
        [access]
        admin = [
            "Zqxjk",
        ]
        [log]
        level = "debug"
        [Zqxjk]
        hunter2 = "\(Self.secret)"
        """.write(toFile: configuration, atomically: true, encoding: .utf8)
        let report = await SupportReport.made(
            await DoctorTarget.found(
                try DoctorRequest(
                    socket: nil, configuration: configuration, isUsersOwn: false, own: nil,
                    trusted: TrustedUsers(caller: geteuid(), others: []), environment: [:]), host.host), host.host)
        func text(_ name: String) -> String {
            report.entries.first { $0.name == name }.map { String(decoding: $0.content, as: UTF8.self) } ?? ""
        }
        let kept = text("configuration.toml")
        for line in [
            "[socket] # line 1", "idle_seconds = 77 # line 2", "… = \"…\" # line 3", "mode = \"…\" # line 4",
            "maximum_connections = -3 # line 5", "key_file = \"…\" # line 7", "level = \"debug\" # line 14",
            "[…] # line 15",
        ] { #expect(kept.contains(line + "\n"), "\(line) is not in\n\(kept)") }
        #expect(!Self.holds(kept) && !kept.contains("4242") && !kept.contains("zqxjk"), "\(kept)")
        let readme = text("README.txt")
        for line in [
            "status.json: the daemon does not answer", "journal.json: there is no journalctl",
            "units/likenessd.service.txt: there is no systemctl", "models.json: ",
        ] { #expect(readme.contains("\n" + line), "\(line) is not in\n\(readme)") }
        #expect(!Self.holds(readme))
    }

    @Test func `a file that is no TOML is kept line by line`() {
        let kept = KeptConfiguration.text(
            ofWrong: "[log]\nlevel = \"debug\"\n[oh\nZqxjk = 1\n  Zqxjk", standard: DaemonConfiguration(paths: .system))
        #expect(
            kept.hasSuffix("[log] # line 1\nlevel = \"debug\" # line 2\n[…] # line 3\n… = \"…\" # line 4\n"), "\(kept)")
    }
}
