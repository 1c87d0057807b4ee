// SPDX-License-Identifier: Apache-2.0

/// An interface as its description states it: the text, and the names in it.
public struct InterfaceDescription: Sendable, Hashable {
    /// The text, as `GetInterfaceDescription` serves it.
    public let text: String
    /// The interface's name, `io.likeness.Verification`.
    public let name: String
    public let methods: [String]
    public let errors: [String]
    /// The names of the declared types.
    public let types: [String]

    /// Reads a description by the grammar of <https://varlink.org/Interface-Definition>.
    /// - Throws: ``InterfaceDescriptionError`` with the line of the first mistake.
    public init(parsing text: String) throws(InterfaceDescriptionError) {
        var parser = InterfaceParser(text)
        let parsed = try parser.parse()
        self.text = text
        name = parsed.name
        methods = parsed.methods
        errors = parsed.errors
        types = parsed.types
    }
}

/// A mistake in an interface description.
public struct InterfaceDescriptionError: Error, Sendable, Hashable, CustomStringConvertible {
    public let line: Int
    public let problem: String

    public var description: String { "line \(line) of the interface description: \(problem)" }
}
