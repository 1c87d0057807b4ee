// SPDX-License-Identifier: Apache-2.0

/// Why a recipe cannot be followed, in the words that the person who wrote it needs.
public enum RecipeError: Error, Sendable, Hashable {
    case unreadable(path: String, reason: String)
    case tooLarge(path: String, limit: Int)
    /// The text is not TOML, or goes beyond what is read of it.
    case syntax(line: Int, reason: String)
    /// A key that nobody reads, with the known one that it was probably meant to be.
    case unknownKey(key: String, line: Int?, nearest: String?)
    case missingKey(key: String, line: Int?, expected: String)
    case wrongValue(key: String, line: Int?, found: String, expected: String)
    /// Two parts of the recipe do not go together.
    case contradiction(reason: String)
}

extension RecipeError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "the recipe \(path) cannot be read: \(reason)"
        case .tooLarge(let path, let limit):
            "\(path) is larger than \(limit) bytes and no recipe"
        case .syntax(let line, let reason):
            "line \(line): \(reason)"
        case .unknownKey(let key, let line, let nearest):
            Self.location(line) + "there is no key \(key)" + (nearest.map { "; did you mean \($0)?" } ?? "; remove it")
        case .missingKey(let key, let line, let expected):
            Self.location(line) + "the key \(key) is missing; it should be \(expected)"
        case .wrongValue(let key, let line, let found, let expected):
            Self.location(line) + "\(key) is \(found), and should be \(expected)"
        case .contradiction(let reason):
            "the recipe contradicts itself: \(reason)"
        }
    }

    private static func location(_ line: Int?) -> String { line.map { "line \($0): " } ?? "" }
}
