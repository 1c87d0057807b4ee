// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where the accounts are that users are known by.
public enum UserDatabase: Sendable, Hashable {
    /// The host's databases, as nsswitch.conf(5) has them.
    case host
    /// These users alone, by the names of their accounts.
    case fixed([String: UInt32])
    /// Those that another database knows.
    case other(Lookups)

    /// A database of its own kind. What it is asked may take long.
    public final class Lookups: Sendable, Hashable {
        let name: @Sendable (UInt32) -> String?
        let user: @Sendable (String) -> UInt32?

        public init(
            name: @escaping @Sendable (UInt32) -> String?, user: @escaping @Sendable (String) -> UInt32?
        ) {
            self.name = name
            self.user = user
        }

        public static func == (one: Lookups, other: Lookups) -> Bool { one === other }
        public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
    }

    private static let maximumRecordBytes = 1 << 20

    /// The name of a user's account; nil for a user without one, and where nobody can tell.
    func name(of user: UInt32) -> String? {
        switch self {
        case .fixed(let users): return users.first { $0.value == user }?.key
        case .other(let lookups): return lookups.name(user)
        case .host: break
        }
        return try? Self.lookUp { record, text, size, found in
            let code = getpwuid_r(user, &record, &text, size, &found)
            return (code, found == nil ? nil : record.pw_name.flatMap { String(validatingCString: $0) })
        }
    }

    /// Whose account it is that is called so; nil where there is none.
    ///
    /// - Throws: ``Unanswered`` where nobody can tell.
    func user(named name: String) throws(Unanswered) -> UInt32? {
        switch self {
        case .fixed(let users): return users[name]
        case .other(let lookups): return lookups.user(name)
        case .host: break
        }
        return try Self.lookUp { record, text, size, found in
            let code = getpwnam_r(name, &record, &text, size, &found)
            return (code, found == nil ? nil : record.pw_uid)
        }
    }

    /// The databases gave no answer.
    struct Unanswered: Error {
        let code: Int32
    }

    private typealias Record = passwd

    /// Offers a larger buffer as long as the record does not fit.
    private static func lookUp<Value>(
        _ ask: (inout Record, inout [CChar], Int, inout UnsafeMutablePointer<Record>?) -> (code: Int32, value: Value?)
    ) throws(Unanswered) -> Value? {
        var size = 1024
        while size <= maximumRecordBytes {
            var record = Record(), text = [CChar](repeating: 0, count: size)
            var found: UnsafeMutablePointer<Record>?
            let (code, value) = ask(&record, &text, size, &found)
            switch code {
            case ERANGE: size *= 4
            // getpwnam(3) lets a database say by some other codes that it has nobody, which are also those of one that is
            // down; the two that glibc brings say 0.
            case 0: return value
            default: throw Unanswered(code: code)
            }
        }
        throw Unanswered(code: ERANGE)
    }
}
