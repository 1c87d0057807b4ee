// SPDX-License-Identifier: Apache-2.0

import Files

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// A folder that must be ours: faces and the socket that answers for them lie in it.
public enum PrivateFolder {
    /// Why a folder cannot be used.
    public enum Problem: Error, Sendable, Hashable, CustomStringConvertible {
        case cannotCreate(path: String, reason: String)
        case cannotInspect(path: String, reason: String)
        case notAFolder(path: String)
        case ownedByAnother(path: String, owner: UInt32)
        case openToOthers(path: String, mode: UInt32)

        public var description: String {
            switch self {
            case .cannotCreate(let path, let reason):
                "the folder \(path) cannot be made: \(reason)"
            case .cannotInspect(let path, let reason):
                "the folder \(path) cannot be looked at: \(reason)"
            case .notAFolder(let path):
                "\(path) is not a folder (a symbolic link is not accepted here); move it away"
            case .ownedByAnother(let path, let owner):
                "the folder \(path) belongs to user \(owner) and not to this user; start the daemon as that user, or name another place"
            case .openToOthers(let path, let mode):
                mode & 0o022 == 0
                    ? "other users can look into the folder \(path) (its mode is \(String(mode, radix: 8))); chmod go-rwx \(ShellWord.quoted(path))"
                    : "other users can write to the folder \(path) (its mode is \(String(mode, radix: 8))); chmod go-w \(ShellWord.quoted(path))"
            }
        }
    }

    /// Makes the folder when it is absent, with the folders above it, and checks that what is there belongs to
    /// this user and that nobody else may write to it.
    ///
    /// - Parameters:
    ///   - mode: The permission bits of a folder that is made, whatever the process's umask.
    ///   - mustBeClosed: Also refuse a folder that others may read, as one in `/tmp` must not be.
    public static func prepare(_ path: String, mode: UInt32 = 0o700, mustBeClosed: Bool = false) throws(Problem) {
        try makeParents(of: path)
        if mkdir(path, 0o700) == 0 {
            guard chmod(path, mode) == 0 else {
                throw .cannotCreate(path: path, reason: String(cString: strerror(errno)))
            }
        } else if errno != EEXIST {
            throw .cannotCreate(path: path, reason: String(cString: strerror(errno)))
        }
        var status = stat()
        guard lstat(path, &status) == 0 else {
            throw .cannotInspect(path: path, reason: String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .notAFolder(path: path) }
        guard status.st_uid == geteuid() else { throw .ownedByAnother(path: path, owner: status.st_uid) }
        let found = status.st_mode & 0o7777
        guard found & (mustBeClosed ? 0o077 : 0o022) == 0 else { throw .openToOthers(path: path, mode: found) }
    }

    /// Whether a folder is a user's alone, by its owner and mode; also where it is not there yet, for then what is made
    /// there is looked at in its turn. A link is none.
    public static func isUsable(_ path: String, by user: UInt32) -> Bool { problem(with: path, of: user) == nil }

    /// Why a folder is not a user's alone; nil where it is.
    public static func problem(with path: String, of user: UInt32) -> Problem? {
        var status = stat()
        // With a slash at its end a link would be followed.
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        guard lstat(path, &status) == 0 else {
            let code = errno
            return code == ENOENT ? nil : .cannotInspect(path: path, reason: String(cString: strerror(code)))
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return .notAFolder(path: path) }
        guard status.st_uid == user else { return .ownedByAnother(path: path, owner: status.st_uid) }
        let mode = status.st_mode & 0o7777
        return mode & 0o077 == 0 ? nil : .openToOthers(path: path, mode: mode)
    }

    private static func makeParents(of path: String) throws(Problem) {
        var parent = ""
        for part in path.split(separator: "/").dropLast() {
            parent += "/" + part
            var status = stat()
            if stat(parent, &status) == 0 { continue }
            if mkdir(parent, 0o700) != 0, errno != EEXIST {
                throw .cannotCreate(path: parent, reason: String(cString: strerror(errno)))
            }
        }
    }
}
