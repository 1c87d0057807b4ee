// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation
import Testing

/// Holds `etc/likeness/likenessd.toml` to the code.
@Suite struct DocumentedConfigurationTests {
    private let defaults = DaemonConfiguration(paths: .system)

    private func installedFile() throws -> String {
        let checkout = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: checkout.appendingPathComponent("etc/likeness/likenessd.toml"), encoding: .utf8)
    }

    @Test func `the installed file changes nothing`() throws {
        let parsed = ConfigurationFile.parse(try installedFile(), defaults: defaults)
        #expect(parsed.problems.isEmpty)
        #expect(parsed.configuration == defaults)
    }

    @Test func `it lists every setting once, in order, with the code's default`() throws {
        var section = ""
        var listed: [String] = []
        for line in try installedFile().split(separator: "\n") {
            if line.hasPrefix("[") { section = String(line.dropFirst().dropLast()) }
            // A setting follows its "#" directly, a sentence follows a space.
            if line.hasPrefix("#"), line.dropFirst().first?.isLetter == true {
                listed.append("\(section).\(line.dropFirst())")
            }
        }
        #expect(listed == DaemonConfiguration.settings.map { "\($0.name) = \($0.tomlText(in: defaults))" })
    }

    @Test func `its commented defaults, uncommented, are accepted and are the defaults`() throws {
        let text = try installedFile().split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("#") && $0.dropFirst().first?.isLetter == true ? $0.dropFirst() : $0 }
            .joined(separator: "\n")
        let parsed = ConfigurationFile.parse(text, defaults: DaemonConfiguration(paths: .system))
        #expect(parsed.problems.isEmpty)
        #expect(parsed.configuration == defaults)
    }

    @Test func `every setting has a sentence before it`() throws {
        let lines = try installedFile().split(separator: "\n", omittingEmptySubsequences: false)
        for (previous, line) in zip(lines, lines.dropFirst())
        where line.hasPrefix("#") && line.dropFirst().first?.isLetter == true {
            #expect(previous.hasPrefix("# "), "nothing explains \(line)")
        }
    }
}
