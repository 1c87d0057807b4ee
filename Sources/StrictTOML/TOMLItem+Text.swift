// SPDX-License-Identifier: Apache-2.0

extension TOMLItem {
    /// The value as TOML text; the only spelling we write, so that digests of it are stable.
    package var tomlText: String {
        switch self {
        case .string(let text): Self.quoted(text)
        case .integer(let value): "\(value)"
        // Swift prints the shortest text that reads back as the same number, and always with a point or exponent.
        case .number(let value): "\(value)"
        case .boolean(let value): value ? "true" : "false"
        case .array(let values): "[" + values.map(\.tomlText).joined(separator: ", ") + "]"
        case .table(let values):
            "{ "
                + values.sorted { $0.key < $1.key }.map { "\(Self.keyText($0.key)) = \($0.value.tomlText)" }.joined(
                    separator: ", ") + " }"
        case .other(let text): Self.quoted(text)
        }
    }

    /// A key, bare where TOML allows it.
    package static func keyText(_ key: String) -> String {
        key.utf8.allSatisfy(TOMLScan.isBare) && !key.isEmpty ? key : quoted(key)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let digits = String(scalar.value, radix: 16)
                    quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    quoted.unicodeScalars.append(scalar)
                }
            }
        }
        return quoted + "\""
    }
}
