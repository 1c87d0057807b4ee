// SPDX-License-Identifier: Apache-2.0

import StrictTOML

/// One table of a recipe.
typealias RecipeTable = StrictTable<RecipeError>

extension RecipeError: TOMLFailure {
    package static func toml(_ problem: TOMLProblem) -> RecipeError {
        switch problem {
        case .syntax(let line, let reason): .syntax(line: line, reason: reason)
        case .unknownKey(let key, let line, let nearest): .unknownKey(key: key, line: line, nearest: nearest)
        case .missingKey(let key, let line, let expected): .missingKey(key: key, line: line, expected: expected)
        case .wrongValue(let key, let line, let found, let expected):
            .wrongValue(key: key, line: line, found: found, expected: expected)
        }
    }
}

/// What a recipe may leave out, and the forms that only recipes have.
extension StrictTable where Failure == RecipeError {
    func string(_ key: String, default text: String) throws(RecipeError) -> String {
        has(key) ? try string(key) : text
    }

    func strings(_ key: String, atMost limit: Int, expected: String) throws(RecipeError) -> [String] {
        let value = try value(key, expected: expected)
        guard case .array(let elements) = value, (1...limit).contains(elements.count) else {
            throw wrong(key, value, expected)
        }
        var texts: [String] = []
        for element in elements {
            guard case .string(let text) = element, !text.isEmpty, text.utf8.count <= 4096 else {
                throw wrong(key, element, expected)
            }
            texts.append(text)
        }
        return texts
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
        guard case .array(let elements) = value, (1...limit).contains(elements.count) else {
            throw wrong(key, value, expected)
        }
        var numbers: [Int] = []
        for element in elements {
            guard case .integer(let number) = element, range.contains(number) else {
                throw wrong(key, element, expected)
            }
            numbers.append(number)
        }
        return numbers
    }

    /// One number, or two in brackets as the ends of a range.
    func span(
        _ key: String, in range: ClosedRange<Double>, default span: ClosedRange<Double>? = nil
    ) throws(RecipeError) -> ClosedRange<Float> {
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

    func number(_ key: String, in range: ClosedRange<Double>, default number: Double) throws(RecipeError) -> Double {
        has(key) ? try self.number(key, in: range) : number
    }

    func optionalNumber(_ key: String, in range: ClosedRange<Double>) throws(RecipeError) -> Double? {
        has(key) ? try number(key, in: range) : nil
    }

    func boolean(_ key: String, default truth: Bool) throws(RecipeError) -> Bool {
        has(key) ? try boolean(key) : truth
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, of type: Choice.Type, default choice: Choice
    ) throws(RecipeError) -> Choice where Choice.RawValue == String {
        has(key) ? try self.choice(key, of: type) : choice
    }

    /// The section, or an empty one where it is left out.
    func tableOrEmpty(_ key: String) throws(RecipeError) -> RecipeTable {
        has(key) ? try table(key) : RecipeTable(name: full(key), values: [:], lines: lines)
    }
}
