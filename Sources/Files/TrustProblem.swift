// SPDX-License-Identifier: Apache-2.0

/// Why what decides is not taken from a place: somebody else could have put it there, or could change it.
public enum TrustProblem: Error, Sendable, Hashable {
    /// It cannot be looked at, or not be read.
    case unreachable(FileFailure)
    case notAFile(path: String)
    case notAFolder(path: String)
    /// Neither root nor the daemon's user, who is `user`, owns it.
    case ownedByAnother(path: String, owner: UInt32, user: UInt32)
    /// The same of a symbolic link on the way.
    case linkOfAnother(path: String, owner: UInt32)
    /// A group that is not the owner's own may write to it; its mode is in 0…0o7777.
    case openToGroup(path: String, mode: UInt32, group: UInt32)
    case openToOthers(path: String, mode: UInt32)
    /// Its access control list lets more than its mode tells.
    case openByList(path: String)
}

extension TrustProblem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreachable(let failure):
            "\(failure.path) cannot be read: \(failure.reason)"
        case .notAFile(let path):
            "\(path) is no regular file"
        case .notAFolder(let path):
            "\(path) is no folder"
        case .ownedByAnother(let path, let owner, let user):
            "\(path) belongs to user \(UserNames.description(ofUser: owner)), who could change it and so decide in the daemon's place; "
                + (user == 0
                    ? "it has to belong to root: "
                    : "it has to belong to root or to the daemon's user (\(UserNames.description(ofUser: user))): ")
                + "chown \(UserNames.name(ofUser: user) ?? "\(user)") \(ShellWord.quoted(path))"
        case .linkOfAnother(let path, let owner):
            "the symbolic link \(path) belongs to user \(UserNames.description(ofUser: owner)), who could point it elsewhere; "
                + "it has to belong to root or to the daemon's user: chown --no-dereference root \(ShellWord.quoted(path))"
        case .openToGroup(let path, let mode, let group):
            "the group \(UserNames.description(ofGroup: group)) can write to \(path) (its mode is \(String(mode, radix: 8))), and so decide in the daemon's place; chmod g-w \(ShellWord.quoted(path))"
        case .openToOthers(let path, let mode):
            "every user can write to \(path) (its mode is \(String(mode, radix: 8))), and so decide in the daemon's place; chmod o-w \(ShellWord.quoted(path))"
        case .openByList(let path):
            "an access control list lets more users write to \(path) than its owner (getfacl \(ShellWord.quoted(path)) tells whom); setfacl --remove-all \(ShellWord.quoted(path)), and chmod g-w \(ShellWord.quoted(path))"
        }
    }

    /// What it is about.
    public var path: String {
        switch self {
        case .unreachable(let failure): failure.path
        case .notAFile(let path), .notAFolder(let path), .ownedByAnother(let path, _, _), .linkOfAnother(let path, _),
            .openToGroup(let path, _, _), .openToOthers(let path, _), .openByList(let path):
            path
        }
    }

    /// Whether it is there and can be read, and others could change it.
    public var isDistrust: Bool {
        switch self {
        case .unreachable, .notAFile, .notAFolder: false
        case .ownedByAnother, .linkOfAnother, .openToGroup, .openToOthers, .openByList: true
        }
    }
}
