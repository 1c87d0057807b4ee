// SPDX-License-Identifier: Apache-2.0

import DaemonSupport

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
}
