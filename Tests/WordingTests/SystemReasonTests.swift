// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Wording

@Suite struct SystemReasonTests {
    private struct Worded: LocalizedError {
        var errorDescription: String? { "own words" }
    }

    private func reason(_ work: () throws -> Void) -> String? {
        do {
            try work()
            return nil
        } catch {
            return SystemReason.of(error)
        }
    }

    @Test func `what Foundation could not do with a file is told in plain words`() {
        let reasons = [
            reason { _ = try FileManager.default.contentsOfDirectory(atPath: "/nonexistent") },
            reason {
                try FileManager.default.createDirectory(atPath: "/dev/null/a", withIntermediateDirectories: true)
            },
            reason { try Data([1]).write(to: URL(fileURLWithPath: "/dev/null/a")) },
            reason { _ = try Data(contentsOf: URL(fileURLWithPath: "/nonexistent")) },
            reason { _ = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/nonexistent")) },
            reason { try FileManager.default.removeItem(atPath: "/nonexistent") },
        ]
        for reason in reasons {
            let words = reason ?? ""
            #expect(
                !words.isEmpty && !words.contains("Domain") && !words.contains("Cocoa") && !words.contains("couldn"),
                "\(words)")
        }
    }

    @Test func `an error's own words stay`() {
        #expect(SystemReason.of(Worded()) == "own words")
    }
}
