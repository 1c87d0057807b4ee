// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation
import Logging
import ProgramHarness
import Testing

@Suite struct TerminalLogTests {
    private let time = Date(timeIntervalSince1970: 1_769_860_800)

    private func line(_ message: String, _ metadata: Logger.Metadata = [:]) -> String {
        TerminalLogHandler.line(.warning, label: "likenessd", message, metadata, at: time)
    }

    @Test func `a message is one line with its time, level and label`() {
        #expect(line("Ready") == "2026-01-31T12:00:00Z warning likenessd: Ready\n")
    }

    @Test func `metadata follows in order, quoted where it has to be`() {
        #expect(
            line("Enrolled", ["uid": "1000", "identity": "Ada Lovelace", "note": "", "said": "a \"b\""])
                == "2026-01-31T12:00:00Z warning likenessd: Enrolled identity=\"Ada Lovelace\" note=\"\" said=\"a \\\"b\\\"\" uid=1000\n"
        )
    }

    @Test func `what a caller sent cannot begin a line or colour the terminal`() {
        let text = line("one\ntwo\u{1B}[31m", ["identity": "x\r\ny\u{2028}z"])
        #expect(text.unicodeScalars.filter { $0.properties.generalCategory == .control } == ["\n"])
        #expect(text.hasSuffix("\n"))
        #expect(!text.contains("\u{2028}"))
    }

    @Test func `invisible characters that turn the writing around are written out, joiners stay`() {
        #expect(
            line("a\u{202E}b", ["identity": "c\u{200B}d"]).hasSuffix("likenessd: a\\u{202E}b identity=c\\u{200B}d\n"))
        #expect(line("نمی\u{200C}خواهم \u{200D}").hasSuffix("نمی\u{200C}خواهم \u{200D}\n"))
    }

    @Test func `messages reach the descriptor, below the level none do`() throws {
        let folder = try TemporaryFolder()
        let descriptor = open(folder.appending("log"), O_CREAT | O_RDWR, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var logger = Logger(label: "test") { TerminalLogHandler(label: $0, descriptor: descriptor) }
        logger[metadataKey: "peer"] = "7"
        logger.logLevel = .notice
        logger.info("hidden")
        logger.notice("shown", metadata: ["identity": "a"])
        let written = try String(contentsOfFile: folder.appending("log"), encoding: .utf8)
        #expect(written.hasSuffix(" notice test: shown identity=a peer=7\n"))
        #expect(written.split(separator: "\n").count == 1)
    }

    @Test func `a closed standard error is no reason to stop`() {
        TerminalLogHandler(label: "test", descriptor: -1).write(.error, "unheard", [:])
    }
}

@Suite struct JournalLogTests {
    private func entry(_ fields: JournalFields) -> [String] {
        zip(fields.offsets, fields.lengths).map { String(decoding: fields.text[$0..<$0 + $1], as: UTF8.self) }
    }

    @Test func `fields are kept apart, whatever their values hold`() {
        var fields = JournalFields()
        fields.append("MESSAGE", "two\nlines = one message")
        fields.append("PRIORITY", "")
        fields.append("LIKENESS_NAME", "Zoë")
        #expect(entry(fields) == ["MESSAGE=two\nlines = one message", "PRIORITY=", "LIKENESS_NAME=Zoë"])
    }

    @Test func `a metadata key becomes a field of our own that the journal takes`() {
        #expect(JournalFields.name(of: "peer-uid") == "LIKENESS_PEER_UID")
        #expect(JournalFields.name(of: "_PID") == "LIKENESS__PID")
        #expect(JournalFields.name(of: "größe") == "LIKENESS_GR____E")
        #expect(JournalFields.name(of: String(repeating: "x", count: 100)).utf8.count == 64)
    }

    @Test func `more fields than the journal takes are dropped, not the entry`() {
        var fields = JournalFields()
        for index in 0..<200 { fields.append("LIKENESS_\(index)", "x") }
        #expect(fields.offsets.count == JournalFields.most)
    }

    @Test func `levels become the priorities of syslog`() {
        #expect(Logger.Level.allCases.map(JournalFields.priority) == [7, 7, 6, 5, 4, 3, 2])
    }

    @Test func `the journal is used when standard error is its socket`() throws {
        let folder = try TemporaryFolder()
        let descriptor = open(folder.appending("stream"), O_CREAT | O_RDWR, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var status = stat()
        try #require(fstat(descriptor, &status) == 0)
        let log = DaemonConfiguration.Log()
        let stream = "\(status.st_dev):\(status.st_ino)"
        #expect(log.usesJournal(environment: ["JOURNAL_STREAM": stream], standardError: descriptor))
        #expect(!log.usesJournal(environment: ["JOURNAL_STREAM": stream], standardError: 0))
        for other in ["", "1", "1:2:3", "a:b", "\(status.st_dev):\(status.st_ino + 1)"] {
            #expect(!log.usesJournal(environment: ["JOURNAL_STREAM": other], standardError: descriptor), "\(other)")
        }
        #expect(DaemonConfiguration.Log(level: .info, destination: .journal).usesJournal(environment: [:]))
        #expect(
            !DaemonConfiguration.Log(level: .info, destination: .terminal)
                .usesJournal(environment: ["JOURNAL_STREAM": stream], standardError: descriptor))
    }
}
