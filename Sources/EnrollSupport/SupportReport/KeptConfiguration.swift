// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation

/// What of a configuration may leave the host: numbers, switches and choices as they are, places only where they are
/// those of every installation, and of names how many there are.
package enum KeptConfiguration {
    /// The settings whose texts are one of a few words or permission bits.
    private static let choices: Set = [
        "socket.mode", "metrics.mode", "verification.rule", "log.level", "log.destination",
    ]

    /// As TOML, every setting with its value, or with what is left of it.
    package static func text(_ configuration: DaemonConfiguration, standard: DaemonConfiguration) -> String {
        var text = "# Texts that may name somebody or something of the host are left out: \"…\" stands for one.\n"
        var section = ""
        for setting in DaemonConfiguration.settings {
            if setting.section != section {
                section = setting.section
                text += "\n[\(section)]\n"
            }
            text += "\(setting.key) = \(value(setting, configuration, standard))\n"
        }
        return text
    }

    private static func value(
        _ setting: ConfigurationSetting, _ configuration: DaemonConfiguration, _ standard: DaemonConfiguration
    ) -> String {
        let value = setting.tomlText(in: configuration)
        if value.hasPrefix("[") {
            // A name with quotation marks in it counts as more than one, which does no harm.
            return value == "[]" ? value : "[\"…\"] # \(value.count { $0 == "\"" } / 2) of them"
        }
        guard value.hasPrefix("\"") else { return value }
        if value == "\"\"" || choices.contains(setting.name) { return value }
        // The system's own places; those of a user hold the user's name.
        let isStandard = value == setting.tomlText(in: DaemonConfiguration(paths: .system))
        if isStandard { return value }
        return value == setting.tomlText(in: standard) ? "\"…\" # the default" : "\"…\""
    }

    // MARK: A file that is wrong

    /// Of a text that is no configuration as it should be, the lines that are known to name nobody: settings that exist,
    /// with their values where those may be kept, in the order of the file.
    package static func text(ofWrong text: String, standard: DaemonConfiguration) -> String {
        var kept = "# The file is wrong, as doctor.json says. These are its lines; \"…\" stands for what is left out.\n"
        var section = ""
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).prefix(5000).enumerated() {
            let line = line.trimmingCharacters(in: .whitespaces), number = "# line \(index + 1)"
            if line.hasPrefix("[") {
                let name = line.prefix { $0 != "]" }.dropFirst().trimmingCharacters(in: .whitespaces)
                section = DaemonConfiguration.settings.contains { $0.section == name } ? name : ""
                kept += section.isEmpty ? "[…] \(number)\n" : "[\(section)] \(number)\n"
            } else if !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") {
                let key = line[..<equals].trimmingCharacters(in: .whitespaces)
                let value = String(line[line.index(after: equals)...])
                let setting = DaemonConfiguration.settings.first { $0.section == section && $0.key == key }
                kept += setting.map { "\(key) = \(wrongValue(value, $0, standard))" } ?? "… = \"…\""
                kept += " \(number)\n"
            }
        }
        return kept
    }

    /// A value by itself, whether or not it is one that the setting takes.
    private static func wrongValue(
        _ text: String, _ setting: ConfigurationSetting, _ standard: DaemonConfiguration
    ) -> String {
        let alone = ConfigurationFile.parse("[\(setting.section)]\n\(setting.key) = \(text)", defaults: standard)
        let isTaken = alone.problems.allSatisfy { problem in
            switch problem {
            case .contradiction, .nobody: true
            default: false
            }
        }
        if isTaken { return value(setting, alone.configuration, standard) }
        let usual = setting.tomlText(in: standard)
        let word = text.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
        // A number where a text should be may be a person's.
        guard !usual.hasPrefix("\""), !usual.hasPrefix("["), isNumber(word) else { return "\"…\"" }
        return word
    }

    private static func isNumber(_ word: String) -> Bool {
        word == "true" || word == "false"
            || (1...20).contains(word.utf8.count)
                && word.utf8.allSatisfy {
                    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "+-._".utf8.contains($0)
                }
    }
}
