// SPDX-License-Identifier: Apache-2.0

import Foundation
import Monitoring
import Testing

/// Holds `systemd/likenessd.catalog` to the code.
@Suite struct JournalEventTests {
    private func entries() throws -> [String: [Substring]] {
        let checkout = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: checkout.appendingPathComponent("systemd/likenessd.catalog"), encoding: .utf8)
        var entries: [String: [Substring]] = [:], identifier = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("-- ") {
                identifier = String(line.dropFirst(3))
                #expect(entries[identifier] == nil)
                entries[identifier] = []
            } else {
                entries[identifier]?.append(line)
            }
        }
        return entries
    }

    @Test func `each event has an identifier of its own and an entry that says what to do`() throws {
        let entries = try entries(), identifiers = JournalEvent.allCases.map(\.messageID)
        #expect(Set(identifiers) == Set(entries.keys) && Set(identifiers).count == identifiers.count)
        for (identifier, lines) in entries {
            #expect(identifier.count == 32 && identifier.allSatisfy { $0.isHexDigit && !$0.isUppercase })
            #expect(lines.first?.hasPrefix("Subject: ") == true)
            let header = lines.prefix { !$0.isEmpty }.map { $0.prefix { $0 != ":" } }
            #expect(header == ["Subject", "Defined-By", "Support", "Documentation"])
            #expect(lines.count > header.count + 1 && lines.allSatisfy { $0.count <= 100 })
        }
    }

    @Test func `an entry of the log has the identifier of its event`() {
        #expect(JournalEvent.messageID(in: JournalEvent.reloadFailed.metadata) == JournalEvent.reloadFailed.messageID)
        #expect(JournalEvent.messageID(in: [:]) == nil && JournalEvent.messageID(in: ["event": "none"]) == nil)
    }
}
