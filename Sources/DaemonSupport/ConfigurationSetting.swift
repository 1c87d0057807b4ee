// SPDX-License-Identifier: Apache-2.0

/// One setting of the configuration file: where it stands, how it is read and how its value is written.
public struct ConfigurationSetting: Sendable {
    public let section: String
    public let key: String
    /// What a value has to be, in words.
    public let expected: String
    /// Puts a value into a configuration; false when the value is not what is expected.
    let store: @Sendable (ConfigurationValue, inout DaemonConfiguration) -> Bool
    let load: @Sendable (DaemonConfiguration) -> ConfigurationValue

    /// `section.key`.
    public var name: String { "\(section).\(key)" }

    /// The value of this setting in a configuration, as TOML.
    public func tomlText(in configuration: DaemonConfiguration) -> String { load(configuration).tomlText }

    static func integer(
        _ section: String, _ key: String, _ path: WritableKeyPath<DaemonConfiguration, Int> & Sendable,
        in range: ClosedRange<Int>
    ) -> ConfigurationSetting {
        ConfigurationSetting(
            section: section, key: key,
            expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            store: { value, configuration in
                guard case .integer(let number) = value, range.contains(number) else { return false }
                configuration[keyPath: path] = number
                return true
            },
            load: { .integer($0[keyPath: path]) })
    }

    static func rate(
        _ section: String, _ key: String, _ path: WritableKeyPath<DaemonConfiguration, Double> & Sendable
    ) -> ConfigurationSetting {
        ConfigurationSetting(
            section: section, key: key, expected: "a rate above 0 and below 1, such as 0.001",
            store: { value, configuration in
                guard case .number(let number) = value, number > 0, number < 1 else { return false }
                configuration[keyPath: path] = number
                return true
            },
            load: { .number($0[keyPath: path]) })
    }

    /// A number from 0 to 1; a whole one may be written without its point.
    static func share(
        _ section: String, _ key: String, _ path: WritableKeyPath<DaemonConfiguration, Double> & Sendable
    ) -> ConfigurationSetting {
        ConfigurationSetting(
            section: section, key: key, expected: "a number from 0 to 1, such as 0.01",
            store: { value, configuration in
                let number: Double
                switch value {
                case .number(let value): number = value
                case .integer(let value): number = Double(value)
                default: return false
                }
                guard (0...1).contains(number) else { return false }
                configuration[keyPath: path] = number
                return true
            },
            load: { .number($0[keyPath: path]) })
    }

    static func truth(
        _ section: String, _ key: String, _ path: WritableKeyPath<DaemonConfiguration, Bool> & Sendable
    ) -> ConfigurationSetting {
        ConfigurationSetting(
            section: section, key: key, expected: "true or false",
            store: { value, configuration in
                guard case .boolean(let truth) = value else { return false }
                configuration[keyPath: path] = truth
                return true
            },
            load: { .boolean($0[keyPath: path]) })
    }

    /// Permission bits, written as a text of octal digits, since TOML's own octal is easily forgotten.
    static func mode(
        _ section: String, _ key: String, _ path: WritableKeyPath<DaemonConfiguration, Int> & Sendable
    ) -> ConfigurationSetting {
        ConfigurationSetting(
            section: section, key: key, expected: "three or four octal digits in quotes, such as \"0660\"",
            store: { value, configuration in
                guard case .string(let text) = value, (3...4).contains(text.count),
                    text.allSatisfy({ ("0"..."7").contains($0) }),
                    let mode = Int(text, radix: 8), mode <= 0o777
                else { return false }
                configuration[keyPath: path] = mode
                return true
            },
            load: {
                let digits = String($0[keyPath: path], radix: 8)
                return .string(String(repeating: "0", count: max(0, 4 - digits.count)) + digits)
            })
    }

    static func path(
        _ section: String, _ key: String, longest: Int,
        _ path: WritableKeyPath<DaemonConfiguration, String> & Sendable
    ) -> ConfigurationSetting {
        text(
            section, key, path, expected: "an absolute path of at most \(longest) bytes, such as \"/var/lib/likeness\""
        ) {
            isPath($0, longest: longest)
        }
    }

    /// A path that may be left out by an empty text.
    static func optionalPath(
        _ section: String, _ key: String, longest: Int, example: String,
        _ path: WritableKeyPath<DaemonConfiguration, String> & Sendable
    ) -> ConfigurationSetting {
        text(
            section, key, path,
            expected: "an absolute path of at most \(longest) bytes, such as \"\(example)\", or \"\" for none"
        ) { $0.isEmpty || isPath($0, longest: longest) }
    }

    private static func isPath(_ text: String, longest: Int) -> Bool {
        text.hasPrefix("/") && text.utf8.count <= longest && !text.utf8.contains(0)
    }

    static func text(
        _ section: String, _ key: String, _ path: WritableKeyPath<DaemonConfiguration, String> & Sendable,
        expected: String, isAllowed: @escaping @Sendable (String) -> Bool
    ) -> ConfigurationSetting {
        ConfigurationSetting(
            section: section, key: key, expected: expected,
            store: { value, configuration in
                guard case .string(let text) = value, isAllowed(text) else { return false }
                configuration[keyPath: path] = text
                return true
            },
            load: { .string($0[keyPath: path]) })
    }

    static func names(
        _ section: String, _ key: String, _ path: WritableKeyPath<DaemonConfiguration, [AccessName]> & Sendable
    ) -> ConfigurationSetting {
        ConfigurationSetting(
            section: section, key: key,
            expected:
                "an array of at most 256 names of users and, with @ before them, of groups, such as [\"alice\", \"@staff\"]",
            store: { value, configuration in
                guard let texts = value.texts, texts.count <= 256 else { return false }
                let names = texts.compactMap(AccessName.init)
                guard names.count == texts.count else { return false }
                configuration[keyPath: path] = names
                return true
            },
            load: { .array($0[keyPath: path].map { .string($0.description) }) })
    }

    static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ section: String, _ key: String, _ path: WritableKeyPath<DaemonConfiguration, Choice> & Sendable
    ) -> ConfigurationSetting where Choice.RawValue == String {
        ConfigurationSetting(
            section: section, key: key,
            expected: "one of " + Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "),
            store: { value, configuration in
                guard case .string(let text) = value, let choice = Choice(rawValue: text) else { return false }
                configuration[keyPath: path] = choice
                return true
            },
            load: { .string($0[keyPath: path].rawValue) })
    }
}
