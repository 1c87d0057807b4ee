import Wording

/// One table of a manifest, read strictly: every access names the key and what it should hold.
struct ManifestTable {
    /// The table's own name, empty for the top.
    let name: String
    let values: [String: ManifestValue]

    /// - Throws: ``ModelPackageError/unknownKey(key:nearest:)`` for a key that is not in `known`.
    func requireKeys(_ known: [String]) throws(ModelPackageError) {
        for key in values.keys.sorted() where !known.contains(key) {
            throw .unknownKey(key: full(key), nearest: NearestName.of(key, among: known))
        }
    }

    func string(_ key: String, expected: String = "a text") throws(ModelPackageError) -> String {
        let value = try value(key, expected: expected)
        guard case .string(let text) = value, !text.isEmpty, text.utf8.count <= 4096 else {
            throw invalid(key, value, expected)
        }
        return text
    }

    func integer(_ key: String, in range: ClosedRange<Int>) throws(ModelPackageError) -> Int {
        let expected = "a whole number in \(range.lowerBound)…\(range.upperBound)"
        let value = try value(key, expected: expected)
        guard case .integer(let number) = value, range.contains(number) else { throw invalid(key, value, expected) }
        return number
    }

    func number(_ key: String, in range: ClosedRange<Double>) throws(ModelPackageError) -> Double {
        let expected = "a number in \(range.lowerBound)…\(range.upperBound)"
        let value = try value(key, expected: expected)
        guard let number = value.asNumber, range.contains(number) else { throw invalid(key, value, expected) }
        return number
    }

    func boolean(_ key: String) throws(ModelPackageError) -> Bool {
        let value = try value(key, expected: "true or false")
        guard case .boolean(let truth) = value else { throw invalid(key, value, "true or false") }
        return truth
    }

    func numbers(_ key: String, count: Int, in range: ClosedRange<Double>) throws(ModelPackageError) -> [Double] {
        let expected = "\(count) number\(count == 1 ? "" : "s") in \(range.lowerBound)…\(range.upperBound), in brackets"
        let value = try value(key, expected: expected)
        guard case .array(let elements) = value, elements.count == count else { throw invalid(key, value, expected) }
        var numbers: [Double] = []
        for element in elements {
            guard let number = element.asNumber, range.contains(number) else { throw invalid(key, element, expected) }
            numbers.append(number)
        }
        return numbers
    }

    /// A value that must be the raw value of one of a type's cases.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, of type: Choice.Type
    ) throws(ModelPackageError) -> Choice where Choice.RawValue == String {
        let names = Choice.allCases.map(\.rawValue)
        let expected = "one of " + names.map { "“\($0)”" }.joined(separator: ", ")
        let value = try value(key, expected: expected)
        guard case .string(let text) = value, let choice = Choice(rawValue: text) else {
            throw invalid(key, value, expected)
        }
        return choice
    }

    func table(_ key: String) throws(ModelPackageError) -> ManifestTable {
        let value = try value(key, expected: "a table")
        guard case .table(let values) = value else { throw invalid(key, value, "a table") }
        return ManifestTable(name: full(key), values: values)
    }

    func tables(_ key: String, atMost limit: Int) throws(ModelPackageError) -> [ManifestTable] {
        let expected = "1 to \(limit) tables"
        let value = try value(key, expected: expected)
        guard case .array(let elements) = value, (1...limit).contains(elements.count) else {
            throw invalid(key, value, expected)
        }
        var tables: [ManifestTable] = []
        for (index, element) in elements.enumerated() {
            guard case .table(let values) = element else { throw invalid(key, element, expected) }
            tables.append(ManifestTable(name: "\(full(key))[\(index)]", values: values))
        }
        return tables
    }

    func has(_ key: String) -> Bool { values[key] != nil }

    /// The key with the names of the tables it stands in.
    func full(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    private func value(_ key: String, expected: String) throws(ModelPackageError) -> ManifestValue {
        guard let value = values[key] else { throw .missingKey(key: full(key), expected: expected) }
        return value
    }

    private func invalid(_ key: String, _ value: ManifestValue, _ expected: String) -> ModelPackageError {
        .invalidValue(key: full(key), found: value.summary, expected: expected)
    }
}

extension ManifestValue {
    /// A finite number, whether it was written with a point or without.
    package var asNumber: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value) where value.isFinite: value
        default: nil
        }
    }
}
