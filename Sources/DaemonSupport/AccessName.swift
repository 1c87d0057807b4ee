// SPDX-License-Identifier: Apache-2.0

/// A user or a group as the configuration names them: `alice`, `@staff`; a number stands for an id.
public enum AccessName: Sendable, Hashable, CustomStringConvertible {
    case user(String)
    case group(String)

    /// nil for what cannot be the name of either: empty, longer than 255 bytes, or with a colon or a control
    /// character, which `passwd(5)` cannot hold. Directories have names with spaces, `@` and backslashes.
    public init?(_ text: String) {
        let isGroup = text.hasPrefix("@")
        let name = isGroup ? String(text.dropFirst()) : text
        guard (1...255).contains(name.utf8.count),
            name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: ":") })
        else { return nil }
        self = isGroup ? .group(name) : .user(name)
    }

    /// Whether it has digits alone: it stands for an id where nobody is called so.
    var isNumber: Bool { text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }

    /// The id that a name without an account stands for; the last number there is stands for none.
    var id: UInt32? { isNumber ? UInt32(text).flatMap { $0 == .max ? nil : $0 } : nil }

    var kind: String {
        switch self {
        case .user: "user"
        case .group: "group"
        }
    }

    private var text: String {
        switch self {
        case .user(let name), .group(let name): name
        }
    }

    public var description: String {
        switch self {
        case .user(let name): name
        case .group(let name): "@" + name
        }
    }
}
