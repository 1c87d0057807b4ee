// SPDX-License-Identifier: Apache-2.0

import DaemonHarness
import Foundation
import ProgramHarness
import Testing

/// What whoever administers a host asks of the built programs: the doctor, the report and the live view of a daemon that
/// runs.
@Suite(
    .serialized, .enabled(if: Products.contains("enroll"), "needs the built programs; scripts/test sets LIKENESS_BIN"))
struct AdministrationTests {
    private static let name = "Zqxjk Vwyth"

    /// A daemon with an encrypted gallery in which one person is enrolled, and the key in hexadecimal digits.
    private static func startedDaemon() async throws -> (daemon: Daemon, key: String) {
        let daemon = try Daemon(models: nil, configuration: "")
        try SignatureModels.importShipped(into: daemon.home.appending("data/likeness/models"))
        let key = daemon.home.appending("Zqxjk.key")
        let made = try await daemon.enroll("gallery", "key", key)
        #expect(made.status == 0, "\(made)")
        try """
        [gallery]
        key_file = "\(key)"
        [metrics]
        socket = "\(daemon.home.appending("run/likeness/metrics"))"
        """.write(toFile: daemon.home.appending("likenessd.toml"), atomically: true, encoding: .utf8)
        try await daemon.start()
        let images = daemon.home.appending("images")
        let drawn = try await daemon.enroll("train", "signatures", images, "--writers", "1", "--seed", "3")
        #expect(drawn.status == 0, "\(drawn)")
        let pictures = try FileManager.default.subpathsOfDirectory(atPath: images).sorted()
            .filter { $0.contains("genuine") && $0.hasSuffix(".png") }.map { images + "/" + $0 }
        let added = try await daemon.enroll(["add", name, "--modality", "signature"] + pictures.prefix(3))
        #expect(added.status == 0, "\(added)")
        let verified = try await daemon.enroll("verify", name, try #require(pictures.last))
        #expect([0, 1, 2].contains(verified.status), "\(verified)")
        let text = try String(contentsOfFile: key, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        return (daemon, text)
    }

    private static func findings(_ result: CommandResult) throws -> [String: [String]] {
        let all = try #require(try result.json()["findings"] as? [[String: Any]])
        return Dictionary(grouping: all) { $0["check"] as? String ?? "" }
            .mapValues { findings in findings.compactMap { $0["level"] as? String } }
    }

    @Test func `the doctor finds a daemon in order, and says what is wrong when it is gone`() async throws {
        let (daemon, _) = try await Self.startedDaemon()
        let configuration = daemon.home.appending("likenessd.toml")
        let well = try await daemon.enroll("doctor", "--json", "--config", configuration)
        // The clock of a machine that runs tests may be kept by nobody.
        #expect([0, 3].contains(well.status), "\(well)")
        let found = try Self.findings(well)
        for check in [
            "socket", "answer", "daemon", "configuration", "gallery", "load", "rotation", "metrics", "state folder",
            "gallery file", "encryption", "key file", "models", "decoder", "processor", "descriptors", "login",
        ] { #expect(found[check].map { Set($0) } == ["ok"], "\(check): \(found[check] ?? []) of \(well.output)") }
        let text = try await daemon.enroll("doctor", "--config", configuration)
        #expect(text.output.contains("1 identity with 3 samples"), "\(text)")

        chmod(daemon.home.appending("Zqxjk.key"), 0o644)
        chmod(daemon.gallery, 0o644)
        let open = try await daemon.enroll("doctor", "--json", "--config", configuration)
        #expect(open.status == 4)
        #expect(try Self.findings(open)["key file"] == ["problem"])
        #expect(try Self.findings(open)["gallery file"] == ["problem"])
        #expect(try Self.findings(open)["configuration"]?.contains("problem") == true)

        try daemon.kill()
        try await Task.sleep(for: .milliseconds(300))
        let gone = try await daemon.enroll("doctor", "--json", "--config", configuration)
        #expect(gone.status == 4)
        #expect(try Self.findings(gone)["answer"] == ["problem"])
    }

    @Test func `the report of a real daemon holds neither the name nor the key, and says what is in it`() async throws {
        let (daemon, key) = try await Self.startedDaemon()
        #expect(key.utf8.count == 64)
        let path = daemon.home.appending("report.tar")
        let made = try await daemon.enroll(
            "support-report", "--output", path, "--config", daemon.home.appending("likenessd.toml"))
        #expect(made.status == 0 && made.output.contains("before you send it"), "\(made)")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for secret in [Self.name, "Zqxjk", key, daemon.home.path, "genuine"] {
            #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret) is in the report")
        }
        let listed = try await Command.run("/bin/tar", ["-tf", path])
        #expect(listed.status == 0)
        for name in ["doctor.json", "configuration.toml", "status.json", "metrics.prom", "models.json", "README.txt"] {
            #expect(listed.output.contains("likeness-support-report/\(name)\n"), "\(listed)")
        }
        let metrics = try await Command.run(
            "/bin/tar", ["--to-stdout", "-xf", path, "likeness-support-report/metrics.prom"])
        #expect(metrics.output.contains("likeness_calls_total{method=\"Enroll\",result=\"ok\"} 3"), "\(metrics)")
        let again = try await daemon.enroll("support-report", "--output", path)
        #expect(again.status == 73, "\(again)")
    }

    @Test func `top prints what a real daemon does, and ends with the daemon`() async throws {
        let (daemon, _) = try await Self.startedDaemon()
        let once = try await daemon.enroll("top", "--once", "--interval", "0.2")
        #expect(once.status == 0 && once.output.hasPrefix("likenessd "), "\(once)")
        #expect(once.output.contains("1 identity, 3 samples"), "\(once)")
        #expect(!once.output.contains("\u{1B}"))
        let json = try await daemon.enroll("top", "--once", "--interval", "0.2", "--json").json()
        let calls = try #require(json["calls"] as? [[String: Any]])
        #expect(calls.contains { $0["method"] as? String == "Enroll" && $0["total"] as? Double == 3 })
        let stages = try #require(json["stages"] as? [[String: Any]])
        #expect(
            Set(stages.compactMap { $0["name"] as? String }) == [
                "wait", "decode", "align", "embed", "compare", "store",
            ])
        let environment = ["LIKENESS_SOCKET": daemon.socket]
        async let following = Command.run(
            Products.program("enroll"), ["top", "--interval", "0.2", "--json"], environment: environment)
        try await Task.sleep(for: .seconds(2))
        try daemon.kill()
        let followed = try await following
        #expect(followed.status == 69, "\(followed)")
        #expect(followed.output.split(separator: "\n").count >= 3)
        #expect(try await daemon.enroll("top", "--once", "--interval", "0").status == 64)
    }
}
