// SPDX-License-Identifier: Apache-2.0

import Wording

/// One table of a TOML file, read strictly: whatever is wrong names the key, its line and what it should hold.
package struct StrictTable<Failure: TOMLFailure>: Sendable {
    /// The table's own name with the tables it stands in, empty for the top.
    package let name: String
    package let values: [String: TOMLItem]
    package let lines: TOMLLines

    package init(name: String, values: [String: TOMLItem], lines: TOMLLines) {
        self.name = name
        self.values = values
        self.lines = lines
    }

    /// Reads a whole text of at most `limit` bytes.
    package static func parsing(_ text: String, atMost limit: Int) throws(Failure) -> StrictTable {
        do {
            let document = try TOMLDocument(parsing: text, atMost: limit)
            return StrictTable(name: "", values: document.values, lines: document.lines)
        } catch {
            throw .toml(error)
        }
    }

    /// - Throws: an unknown key, for one that is not in `known`.
    package func requireKeys(_ known: [String]) throws(Failure) {
        for key in values.keys.sorted() where !known.contains(key) {
            throw .toml(
                .unknownKey(
                    key: full(key), line: lines.line(of: full(key)),
                    nearest: NearestName.of(key, among: known).map(full)))
        }
    }

    package func has(_ key: String) -> Bool { values[key] != nil }

    // MARK: Values

    package func string(_ key: String, expected: String = "a text") throws(Failure) -> String {
        let value = try value(key, expected: expected)
        guard case .string(let text) = value, !text.isEmpty, text.utf8.count <= 4096 else {
            throw wrong(key, value, expected)
        }
        return text
    }

    package func integer(_ key: String, in range: ClosedRange<Int>) throws(Failure) -> Int {
        let expected = "a whole number in \(range.lowerBound)…\(range.upperBound)"
        let value = try value(key, expected: expected)
        guard case .integer(let number) = value, range.contains(number) else { throw wrong(key, value, expected) }
        return number
    }

    package func number(_ key: String, in range: ClosedRange<Double>) throws(Failure) -> Double {
        let expected = "a number in \(range.lowerBound)…\(range.upperBound)"
        let value = try value(key, expected: expected)
        guard let number = value.asNumber, range.contains(number) else { throw wrong(key, value, expected) }
        return number
    }

    package func boolean(_ key: String) throws(Failure) -> Bool {
        let value = try value(key, expected: "true or false")
        guard case .boolean(let truth) = value else { throw wrong(key, value, "true or false") }
        return truth
    }

    package func numbers(_ key: String, count: Int, in range: ClosedRange<Double>) throws(Failure) -> [Double] {
        let expected = "\(count) number\(count == 1 ? "" : "s") in \(range.lowerBound)…\(range.upperBound), in brackets"
        let value = try value(key, expected: expected)
        guard case .array(let elements) = value, elements.count == count else { throw wrong(key, value, expected) }
        var numbers: [Double] = []
        for element in elements {
            guard let number = element.asNumber, range.contains(number) else { throw wrong(key, element, expected) }
            numbers.append(number)
        }
        return numbers
    }

    /// A value that must be the raw value of one of a type's cases.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, of type: Choice.Type
    ) throws(Failure) -> Choice where Choice.RawValue == String {
        let names = Choice.allCases.map(\.rawValue)
        let expected = "one of " + names.map { "“\($0)”" }.joined(separator: ", ")
        let value = try value(key, expected: expected)
        guard case .string(let text) = value, let choice = Choice(rawValue: text) else {
            var hint = expected
            if case .string(let text) = value, let nearest = NearestName.of(text, among: names) {
                hint += "; did you mean “\(nearest)”?"
            }
            throw wrong(key, value, hint)
        }
        return choice
    }

    // MARK: Tables

    package func table(_ key: String) throws(Failure) -> StrictTable {
        let expected = "a section: [\(full(key))]"
        let value = try value(key, expected: expected)
        guard case .table(let values) = value else { throw wrong(key, value, expected) }
        return StrictTable(name: full(key), values: values, lines: lines)
    }

    package func tables(_ key: String, atMost limit: Int) throws(Failure) -> [StrictTable] {
        let expected = "1 to \(limit) sections: [[\(full(key))]]"
        let value = try value(key, expected: expected)
        guard case .array(let elements) = value, (1...limit).contains(elements.count) else {
            throw wrong(key, value, expected)
        }
        var tables: [StrictTable] = []
        for (index, element) in elements.enumerated() {
            guard case .table(let values) = element else { throw wrong(key, element, expected) }
            tables.append(StrictTable(name: "\(full(key))[\(index)]", values: values, lines: lines))
        }
        return tables
    }

    // MARK: What is wrong

    /// The key with the names of the tables it stands in.
    package func full(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    package func wrong(_ key: String, found: String, expected: String) -> Failure {
        .toml(.wrongValue(key: full(key), line: lines.line(of: full(key)), found: found, expected: expected))
    }

    package func wrong(_ key: String, _ value: TOMLItem, _ expected: String) -> Failure {
        wrong(key, found: value.summary, expected: expected)
    }

    package func value(_ key: String, expected: String) throws(Failure) -> TOMLItem {
        guard let value = values[key] else {
            throw .toml(
                .missingKey(key: full(key), line: name.isEmpty ? nil : lines.line(of: name), expected: expected))
        }
        return value
    }
}
