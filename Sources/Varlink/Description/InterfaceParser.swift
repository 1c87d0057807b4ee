// SPDX-License-Identifier: Apache-2.0

/// The grammar of Varlink interface descriptions.
struct InterfaceParser {
    struct Result {
        var name = ""
        var methods: [String] = []
        var errors: [String] = []
        var types: [String] = []
    }

    private let characters: [Character]
    private var offset = 0
    private var line = 1
    private var depth = 0
    /// The named types that are used, and where.
    private var used: [(name: String, line: Int)] = []

    init(_ text: String) {
        characters = Array(text)
    }

    mutating func parse() throws(InterfaceDescriptionError) -> Result {
        var result = Result()
        skipBlanks()
        try expectWord("interface")
        result.name = try interfaceName()
        skipBlanks()
        while offset < characters.count {
            let keyword = word { $0.isLetter }
            switch keyword {
            case "type":
                try add(try memberName(), to: &result.types, beside: result)
                try structureOrEnumeration()
            case "method":
                try add(try memberName(), to: &result.methods, beside: result)
                try structure()
                skipBlanks()
                guard take("-"), take(">") else { throw failure("-> is missing after the parameters") }
                try structure()
            case "error":
                try add(try memberName(), to: &result.errors, beside: result)
                try structure()
            default:
                throw failure("type, method or error is expected, not “\(keyword)”")
            }
            skipBlanks()
        }
        for use in used where !result.types.contains(use.name) {
            throw InterfaceDescriptionError(line: use.line, problem: "the type \(use.name) is not declared")
        }
        return result
    }

    private func add(_ name: String, to list: inout [String], beside result: Result) throws(InterfaceDescriptionError) {
        guard !(result.types + result.methods + result.errors).contains(name) else {
            throw failure("\(name) is declared twice")
        }
        list.append(name)
    }

    private mutating func interfaceName() throws(InterfaceDescriptionError) -> String {
        skipBlanks()
        let name = word { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1, parts.allSatisfy({ !$0.isEmpty && $0.first != "-" && $0.last != "-" }),
            parts[0].first?.isLetter == true
        else { throw failure("“\(name)” is not the name of an interface") }
        return name
    }

    private mutating func memberName() throws(InterfaceDescriptionError) -> String {
        skipBlanks()
        let name = word { $0.isASCII && ($0.isLetter || $0.isNumber) }
        guard name.first?.isUppercase == true else { throw failure("“\(name)” does not begin with a capital letter") }
        return name
    }

    private mutating func fieldName() throws(InterfaceDescriptionError) -> String {
        skipBlanks()
        let name = word { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard name.first?.isLetter == true, name.last != "_" else {
            throw failure("“\(name)” is not the name of a field")
        }
        return name
    }

    private mutating func structure() throws(InterfaceDescriptionError) {
        guard try structureOrEnumeration() else { throw failure("fields need types here") }
    }

    /// Returns whether it was a structure; one without fields is.
    @discardableResult
    private mutating func structureOrEnumeration() throws(InterfaceDescriptionError) -> Bool {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 32 else { throw failure("types are nested too deeply") }
        skipBlanks()
        guard take("(") else { throw failure("( is missing") }
        skipBlanks()
        if take(")") { return true }
        var names: Set<String> = []
        var typed: Bool?
        while true {
            let name = try fieldName()
            guard names.insert(name).inserted else { throw failure("the field \(name) occurs twice") }
            skipBlanks()
            let hasType = take(":")
            if hasType { try type() }
            guard typed == nil || typed == hasType else { throw failure("either all fields have types, or none has") }
            typed = hasType
            skipBlanks()
            if take(")") { return hasType }
            guard take(",") else { throw failure(", or ) is missing after \(name)") }
        }
    }

    private mutating func type() throws(InterfaceDescriptionError) {
        skipBlanks()
        if take("?") {
            skipBlanks()
            guard !take("?") else { throw failure("a type is optional once only") }
        }
        skipBlanks()
        if take("[") {
            guard ["", "string"].contains(word { $0.isLetter }) else { throw failure("a map is written [string]") }
            guard take("]") else { throw failure("] is missing") }
            depth += 1
            defer { depth -= 1 }
            guard depth <= 32 else { throw failure("types are nested too deeply") }
            return try type()
        }
        if offset < characters.count, characters[offset] == "(" {
            try structureOrEnumeration()
            return
        }
        let name = word { $0.isASCII && ($0.isLetter || $0.isNumber) }
        if ["bool", "int", "float", "string", "object"].contains(name) { return }
        guard name.first?.isUppercase == true else { throw failure("“\(name)” is not a type") }
        used.append((name, line))
    }

    private mutating func skipBlanks() {
        while offset < characters.count {
            if characters[offset] == "#" {
                while offset < characters.count, !characters[offset].isNewline { offset += 1 }
            } else if characters[offset].isWhitespace {
                if characters[offset].isNewline { line += 1 }
                offset += 1
            } else {
                return
            }
        }
    }

    private mutating func take(_ character: Character) -> Bool {
        guard offset < characters.count, characters[offset] == character else { return false }
        offset += 1
        return true
    }

    private mutating func word(_ belongs: (Character) -> Bool) -> String {
        let start = offset
        while offset < characters.count, belongs(characters[offset]) { offset += 1 }
        return String(characters[start..<offset])
    }

    private mutating func expectWord(_ wanted: String) throws(InterfaceDescriptionError) {
        guard word({ $0.isLetter }) == wanted else { throw failure("“\(wanted)” is missing") }
    }

    private func failure(_ problem: String) -> InterfaceDescriptionError {
        InterfaceDescriptionError(line: line, problem: problem)
    }
}
