// SPDX-License-Identifier: Apache-2.0

import Recognition

/// Which folder of models a command looks into, and why that one.
public struct ModelFolder: Sendable, Hashable {
    /// Whose folder is taken where none is named.
    public enum Owner: Sendable, Hashable {
        case system
        /// The user who calls.
        case caller
    }

    public let store: ModelStore
    /// Nil where the caller named the folder.
    private let owner: Owner?
    /// The folder of the other owner, where that is known.
    private let other: String?

    /// A folder that the caller named.
    public init(named folder: String) {
        store = ModelStore(folder: folder)
        owner = nil
        other = nil
    }

    /// - Parameter other: the folder of the other owner; nil where it is not known.
    public init(of owner: Owner, folder: String, other: String?) {
        store = ModelStore(folder: folder)
        self.owner = owner
        self.other = other
    }

    /// What looks for a package here. Where none is meant, the failure says as well which folder this is and how to look
    /// into another.
    public func telling<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let failure as CommandFailure where failure.name == CommandFailure.noSuchModelName {
            guard let hint else { throw failure }
            let folder = EscapedBytes.printable(store.folder)
            throw failure.followed(
                by: failure.message.contains(folder)
                    ? "that folder is \(hint)" : "“\(folder)”, where it was looked for, is \(hint)")
        }
    }

    /// What a folder is that nobody named, as the end of a sentence.
    public var hint: String? {
        switch owner {
        case nil: nil
        case .system:
            "the system's, which root's commands take; --models FOLDER names another"
                + (other.map { ", such as that of a daemon of your own, “\(EscapedBytes.printable($0))”" } ?? "")
        case .caller:
            "your own, for a daemon of yours; --models FOLDER names another"
                + (other.map { ", such as the system's, “\(EscapedBytes.printable($0))”" } ?? "")
        }
    }
}
