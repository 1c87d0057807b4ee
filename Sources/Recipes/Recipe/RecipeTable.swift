import Recognition
import Wording

/// One table of a recipe, read strictly: whatever is wrong names the key, its line and what it should hold.
struct RecipeTable {
    /// The table's own name with the tables it stands in, empty for the top.
    let name: String
    let values: [String: ManifestValue]
    let lines: KeyLines

    /// Reads the text of a whole recipe.
    static func parsing(_ text: String) throws(RecipeError) -> RecipeTable {
        do {
            return RecipeTable(name: "", values: try ManifestValue.parsing(text), lines: KeyLines(text))
        } catch {
            guard case .invalidSyntax(let line, let reason) = error else { throw .syntax(line: 0, reason: "\(error)") }
            throw .syntax(line: line, reason: reason)
        }
    }

    /// - Throws: ``RecipeError/unknownKey(key:line:nearest:)`` for a key that is not in `known`.
    func requireKeys(_ known: [String]) throws(RecipeError) {
        for key in values.keys.sorted() where !known.contains(key) {
            throw .unknownKey(
                key: full(key), line: lines.line(of: key, in: name) ?? lines.line(ofSection: full(key)),
                nearest: NearestName.of(key, among: known).map(full))
        }
    }

    func has(_ key: String) -> Bool { values[key] != nil }

    func string(_ key: String, expected: String = "a text") throws(RecipeError) -> String {
        let value = try value(key, expected: expected)
        guard case .string(let text) = value, !text.isEmpty, text.utf8.count <= 4096 else {
            throw wrong(key, value, expected)
        }
        return text
    }

    func string(_ key: String, default text: String) throws(RecipeError) -> String {
        has(key) ? try string(key) : text
    }

    func strings(_ key: String, atMost limit: Int, expected: String) throws(RecipeError) -> [String] {
        let value = try value(key, expected: expected)
        guard case .array(let elements) = value, (1...limit).contains(elements.count) else { throw wrong(key, value, expected) }
        var texts: [String] = []
        for element in elements {
            guard case .string(let text) = element, !text.isEmpty, text.utf8.count <= 4096 else { throw wrong(key, element, expected) }
            texts.append(text)
        }
        return texts
    }

    func integer(_ key: String, in range: ClosedRange<Int>) throws(RecipeError) -> Int {
        let expected = "a whole number in \(range.lowerBound)…\(range.upperBound)"
        let value = try value(key, expected: expected)
        guard case .integer(let number) = value, range.contains(number) else { throw wrong(key, value, expected) }
        return number
    }

    func integer(_ key: String, in range: ClosedRange<Int>, default number: Int) throws(RecipeError) -> Int {
        has(key) ? try integer(key, in: range) : number
    }

    func optionalInteger(_ key: String, in range: ClosedRange<Int>) throws(RecipeError) -> Int? {
        has(key) ? try integer(key, in: range) : nil
    }

    func integers(_ key: String, atMost limit: Int, in range: ClosedRange<Int>) throws(RecipeError) -> [Int] {
        let expected = "1 to \(limit) whole numbers in \(range.lowerBound)…\(range.upperBound), in brackets"
        let value = try value(key, expected: expected)
        guard case .array(let elements) = value, (1...limit).contains(elements.count) else { throw wrong(key, value, expected) }
        var numbers: [Int] = []
        for element in elements {
            guard case .integer(let number) = element, range.contains(number) else { throw wrong(key, element, expected) }
            numbers.append(number)
        }
        return numbers
    }

    /// One number, or two in brackets as the ends of a range.
    func span(_ key: String, in range: ClosedRange<Double>, default span: ClosedRange<Double>? = nil) throws(RecipeError) -> ClosedRange<Float> {
        if let span, !has(key) { return Float(span.lowerBound)...Float(span.upperBound) }
        let expected = "a number in \(range.lowerBound)…\(range.upperBound), or two in brackets, the smaller first"
        let value = try value(key, expected: expected)
        let parts = if case .array(let elements) = value { elements } else { [value, value] }
        let numbers = parts.compactMap(\.asNumber)
        guard parts.count == 2, numbers.count == 2, numbers[0] <= numbers[1], numbers.allSatisfy(range.contains) else {
            throw wrong(key, value, expected)
        }
        return Float(numbers[0])...Float(numbers[1])
    }

    func number(_ key: String, in range: ClosedRange<Double>) throws(RecipeError) -> Double {
        let expected = "a number in \(range.lowerBound)…\(range.upperBound)"
        let value = try value(key, expected: expected)
        guard let number = value.asNumber, range.contains(number) else { throw wrong(key, value, expected) }
        return number
    }

    func number(_ key: String, in range: ClosedRange<Double>, default number: Double) throws(RecipeError) -> Double {
        has(key) ? try self.number(key, in: range) : number
    }

    func optionalNumber(_ key: String, in range: ClosedRange<Double>) throws(RecipeError) -> Double? {
        has(key) ? try number(key, in: range) : nil
    }

    func boolean(_ key: String, default truth: Bool) throws(RecipeError) -> Bool {
        guard has(key) else { return truth }
        let value = try value(key, expected: "true or false")
        guard case .boolean(let truth) = value else { throw wrong(key, value, "true or false") }
        return truth
    }

    /// A value that must be the raw value of one of a type's cases.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, of type: Choice.Type
    ) throws(RecipeError) -> Choice where Choice.RawValue == String {
        let names = Choice.allCases.map(\.rawValue)
        let expected = "one of " + names.map { "“\($0)”" }.joined(separator: ", ")
        let value = try value(key, expected: expected)
        guard case .string(let text) = value, let choice = Choice(rawValue: text) else {
            var hint = expected
            if case .string(let text) = value, let nearest = NearestName.of(text, among: names) { hint += "; did you mean “\(nearest)”?" }
            throw wrong(key, value, hint)
        }
        return choice
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, of type: Choice.Type, default choice: Choice
    ) throws(RecipeError) -> Choice where Choice.RawValue == String {
        has(key) ? try self.choice(key, of: type) : choice
    }

    func table(_ key: String) throws(RecipeError) -> RecipeTable {
        let expected = "a section: [\(full(key))]"
        let value = try value(key, expected: expected)
        guard case .table(let values) = value else { throw wrong(key, value, expected) }
        return RecipeTable(name: full(key), values: values, lines: lines)
    }

    /// The section, or an empty one where it is left out.
    func tableOrEmpty(_ key: String) throws(RecipeError) -> RecipeTable {
        has(key) ? try table(key) : RecipeTable(name: full(key), values: [:], lines: lines)
    }

    func tables(_ key: String, atMost limit: Int) throws(RecipeError) -> [RecipeTable] {
        let expected = "1 to \(limit) sections: [[\(full(key))]]"
        let value = try value(key, expected: expected)
        guard case .array(let elements) = value, (1...limit).contains(elements.count) else { throw wrong(key, value, expected) }
        var tables: [RecipeTable] = []
        for (index, element) in elements.enumerated() {
            guard case .table(let values) = element else { throw wrong(key, element, expected) }
            tables.append(RecipeTable(name: "\(full(key))[\(index)]", values: values, lines: lines))
        }
        return tables
    }

    /// The key with the names of the tables it stands in.
    func full(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    func wrong(_ key: String, found: String, expected: String) -> RecipeError {
        .wrongValue(key: full(key), line: lines.line(of: key, in: name), found: found, expected: expected)
    }

    private func wrong(_ key: String, _ value: ManifestValue, _ expected: String) -> RecipeError {
        .wrongValue(
            key: full(key), line: lines.line(of: key, in: name) ?? lines.line(ofSection: full(key)), found: value.summary,
            expected: expected)
    }

    private func value(_ key: String, expected: String) throws(RecipeError) -> ManifestValue {
        guard let value = values[key] else {
            throw .missingKey(key: full(key), line: lines.line(ofSection: name), expected: expected)
        }
        return value
    }
}
