// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation
import Testing

@Suite struct ConfigurationTests {
    private let defaults = DaemonConfiguration(paths: .system)

    private func problems(_ text: String) -> [String] {
        ConfigurationFile.parse(text, defaults: defaults).problems.map(\.description)
    }

    @Test func `an empty file gives the defaults`() {
        let parsed = ConfigurationFile.parse("", defaults: defaults)
        #expect(parsed.problems.isEmpty)
        #expect(parsed.configuration == defaults)
    }

    @Test func `every kind of setting is taken from the file`() {
        let parsed = ConfigurationFile.parse(
            """
            [socket]
            path = "/run/elsewhere.sock"
            mode = "600"
            [images]
            maximum_pixels = 1_000_000
            [verification]
            operating_point = 1e-4
            signature_operating_point = 1e-3
            rule = "minimum"
            [gallery]
            key_file = "/etc/likeness/gallery.key"
            accept_unencrypted = true
            keep_samples = false
            [rotation]
            max_drop = 1
            [audit]
            keep_days = 90
            comparisons = true
            """, defaults: defaults)
        #expect(parsed.problems.isEmpty)
        #expect(parsed.configuration.socket.path == "/run/elsewhere.sock")
        #expect(parsed.configuration.socket.mode == 0o600)
        #expect(parsed.configuration.images.maximumPixels == 1_000_000)
        #expect(parsed.configuration.verification.operatingPoint == 1e-4)
        #expect(parsed.configuration.verification.signatureOperatingPoint == 1e-3)
        #expect(parsed.configuration.verification.rule == .minimum)
        #expect(parsed.configuration.gallery.path == defaults.gallery.path)
        #expect(parsed.configuration.gallery.keyFile == "/etc/likeness/gallery.key")
        #expect(parsed.configuration.gallery.acceptUnencrypted && !defaults.gallery.acceptUnencrypted)
        #expect(!parsed.configuration.gallery.keepSamples)
        #expect(parsed.configuration.rotation.maxDrop == 1)
        #expect(parsed.configuration.audit.keepDays == 90)
        #expect(parsed.configuration.audit.keepEntries == 0)
        #expect(parsed.configuration.audit.comparisons)
    }

    @Test func `the threshold of signatures is chosen by one rate`() {
        let parsed = ConfigurationFile.parse("[verification]\nsignature_skilled_rate = 0.05\n", defaults: defaults)
        #expect(parsed.problems.isEmpty && parsed.configuration.verification.signatureSkilledRate == 0.05)
        #expect(!parsed.configuration.verification.holdsToUsualSkilledRate)
        #expect(defaults.verification.signatureSkilledRate == 0.1 && defaults.verification.holdsToUsualSkilledRate)
        let byRate = ConfigurationFile.parse("[verification]\nsignature_operating_point = 1e-3\n", defaults: defaults)
        #expect(byRate.problems.isEmpty && byRate.configuration.verification.signatureSkilledRate == 0)
        let both = ConfigurationFile.parse(
            "[verification]\nsignature_operating_point = 1e-3\nsignature_skilled_rate = 0.05\n", defaults: defaults)
        #expect(
            both.problems.map(\.description) == [
                "verification.signature_operating_point and verification.signature_skilled_rate both choose the threshold of signatures; remove one of them"
            ])
        let off = ConfigurationFile.parse(
            "[verification]\nsignature_operating_point = 1e-3\nsignature_skilled_rate = 0\n", defaults: defaults)
        #expect(off.problems.isEmpty)
    }

    @Test func `an unknown key is refused with its line and the nearest known name`() {
        #expect(
            ConfigurationFile.parse("[work]\n\nqueue_lenght = 3\n", defaults: defaults).problems
                == [.unknownKey(name: "work.queue_lenght", line: 3, nearest: "work.queue_length")])
        #expect(
            problems("[work]\nqueue_lenght = 3") == [
                "line 2: there is no setting work.queue_lenght; did you mean work.queue_length?"
            ])
    }

    @Test func `a key in the wrong section is told where it belongs`() {
        #expect(
            ConfigurationFile.parse("[work]\nmaximum_pixels = 3", defaults: defaults).problems
                == [.unknownKey(name: "work.maximum_pixels", line: 2, nearest: "images.maximum_pixels")])
        #expect(
            ConfigurationFile.parse("workers = 3", defaults: defaults).problems
                == [.unknownKey(name: "workers", line: 1, nearest: "workers in section [work]")])
    }

    @Test func `an unknown section is refused with the nearest known name`() {
        #expect(
            ConfigurationFile.parse("# text\n[galery]\npath = \"/x\"", defaults: defaults).problems
                == [.unknownSection(name: "galery", line: 2, nearest: "gallery")])
        #expect(
            ConfigurationFile.parse("[postgresql]", defaults: defaults).problems
                == [.unknownSection(name: "postgresql", line: 1, nearest: nil)])
    }

    @Test(arguments: [
        "[work]\nworkers = \"two\"", "[work]\nworkers = -1", "[work]\nworkers = 1.5", "[work]\nqueue_length = 0",
        "[socket]\nmode = 660", "[socket]\nmode = \"0888\"", "[socket]\nmode = \"7777\"",
        "[socket]\npath = \"run/x.sock\"",
        "[socket]\npath = \"/\(String(repeating: "x", count: 107))\"", "[gallery]\npath = [\"/x\"]",
        "[verification]\noperating_point = 0.0", "[verification]\noperating_point = nan",
        "[verification]\nrule = \"median\"",
        "[log]\nlevel = \"verbose\"", "[models]\nactive = \"../elsewhere\"", "[log]\nlevel = 1979-05-27", "\nwork = 3",
        "[rotation]\nmax_drop = 1.01", "[rotation]\nmax_drop = nan", "[rotation]\nmax_drop = -1",
        "[audit]\nkeep_days = -1",
        "[audit]\ncomparisons = \"yes\"",
    ])
    func `a value of the wrong type or out of range is refused with its line`(text: String) throws {
        let found = ConfigurationFile.parse(text, defaults: defaults).problems
        #expect(found.count == 1)
        guard case .wrongValue(_, let line, _, let expected)? = found.first else {
            Issue.record("not refused as a value: \(found)")
            return
        }
        #expect(line == 2)
        #expect(!expected.isEmpty)
    }

    @Test func `a socket is not for callers and for metrics`() {
        for path in ["/run/x/y.sock", "/run//x/./y.sock"] {
            let text = "[socket]\npath = \"/run/x/y.sock\"\n[metrics]\nsocket = \"\(path)\""
            #expect(
                ConfigurationFile.parse(text, defaults: defaults).problems.map(\.description) == [
                    "metrics.socket and socket.path are the same; each needs a path of its own"
                ])
        }
    }

    @Test func `all that is wrong is reported at once`() {
        #expect(problems("[work]\nworkers = -1\nqueue = 3\n[logs]\n").count == 3)
    }

    @Test func `what is not TOML is refused with its line`() {
        guard
            case .syntax(let line, _)? = ConfigurationFile.parse("[work]\nworkers = = 2", defaults: defaults).problems
                .first
        else {
            Issue.record("not refused as syntax")
            return
        }
        #expect(line == 2)
    }

    @Test func `what would overflow the parser's stack is refused with its line`() {
        for text in [
            String(repeating: "a.", count: 20_000) + "a = 1", "a = " + String(repeating: "[", count: 20_000),
            "[" + String(repeating: "a.", count: 20_000) + "a]",
        ] {
            #expect(problems("\n" + text) == ["line 2: tables and arrays are nested more than 16 deep"])
        }
    }

    @Test func `a key and the one before it are not in one file`() {
        #expect(problems("[gallery]\nkey_file = \"/k\"\nprevious_key_file = \"/k\"").count == 1)
        #expect(problems("[gallery]\nkey_file = \"/k\"\nprevious_key_file = \"/l\"").isEmpty)
    }

    @Test func `a gallery is in a file or in a database`() {
        #expect(problems("[gallery]\ndatabase = \"postgresql://likeness@host/likeness\"").isEmpty)
        #expect(problems("[gallery]\ndatabase = \"host=/run/postgresql dbname=likeness\"").isEmpty)
        #expect(problems("[gallery]\ndatabase = 5").count == 1)
        #expect(problems("[gallery]\npath = \"/g\"\ndatabase = \"dbname=likeness\"").count == 1)
        #expect(problems("[gallery]\npath = \"/g\"\ndatabase = \"\"").isEmpty)
    }

    @Test func `limits that cannot work together are refused`() {
        #expect(problems("[images]\nmaximum_file_bytes = 100000000").count == 1)
        #expect(problems("[socket]\nmaximum_buffered_bytes = 1000000").count == 1)
        #expect(problems("[socket]\nmaximum_buffered_bytes_per_user = 1000000").count == 1)
        #expect(
            problems(
                "[socket]\nmaximum_buffered_bytes_per_user = 0\nmaximum_connections_per_user = 0\nidle_seconds = 1"
            ).isEmpty)
    }

    @Test func `a file that is absent, binary or huge is refused`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("likenessd.toml").path
        #expect(throws: ConfigurationProblems.self) { try ConfigurationFile.read(path, defaults: defaults) }
        try Data([0xFF, 0xFE, 0x00]).write(to: URL(fileURLWithPath: path))
        #expect(throws: ConfigurationProblems.self) { try ConfigurationFile.read(path, defaults: defaults) }
        try Data(repeating: 0x20, count: (1 << 20) + 1).write(to: URL(fileURLWithPath: path))
        let found = #expect(throws: ConfigurationProblems.self) { try ConfigurationFile.read(path, defaults: defaults) }
        #expect(found?.problems == [.tooLarge(path: path, limit: 1 << 20)])
    }
}
