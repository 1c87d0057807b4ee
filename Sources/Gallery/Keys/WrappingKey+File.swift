// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation

extension WrappingKey {
    /// Why a key cannot be read.
    public enum FileProblem: Error, Sendable, Hashable, CustomStringConvertible {
        case unreadable(path: String, reason: String)
        case notAFile(path: String)
        case ownedByAnother(path: String, owner: UInt32)
        case openToOthers(path: String, mode: UInt32)
        /// Somebody else could change the file, or put another in its place.
        case notTrusted(TrustProblem)
        case malformed(path: String)

        public var description: String {
            switch self {
            case .unreadable(let path, let reason):
                "the key of the gallery, \(path), cannot be read: \(reason)"
            case .notAFile(let path):
                "the key of the gallery, \(path), is not a regular file (a symbolic link is not accepted here)"
            case .ownedByAnother(let path, let owner):
                "the key of the gallery, \(path), belongs to user \(owner), who could change it; it has to belong to the daemon's user or to root"
            case .openToOthers(let path, let mode):
                "others can read the key of the gallery, \(path) (its mode is \(String(mode, radix: 8))); chmod 600 \(ShellWord.quoted(path)), and replace the key if somebody may have read it"
            case .notTrusted(let problem):
                "the key of the gallery is not taken: \(problem)"
            case .malformed(let path):
                "\(path) holds no key: a key is 64 hexadecimal digits, or 32 bytes; `enroll gallery key FILE` makes one"
            }
        }
    }

    /// Reads a key from a file of the administrator's, which nobody else may read.
    ///
    /// - Parameter isHandedOver: the file is one that the service manager put where only this service can see it; who
    ///   may read it is then the manager's business.
    public static func read(_ path: String, isHandedOver: Bool = false) throws(FileProblem) -> WrappingKey {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (isHandedOver ? 0 : O_NOFOLLOW))
        guard descriptor >= 0 else {
            if errno == ELOOP { throw .notAFile(path: path) }
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        if !isHandedOver {
            guard status.st_uid == geteuid() || status.st_uid == 0 else {
                throw .ownedByAnother(path: path, owner: status.st_uid)
            }
            guard status.st_mode & 0o077 == 0 else {
                throw .openToOthers(path: path, mode: UInt32(status.st_mode & 0o7777))
            }
        }
        do {
            try TrustedPaths().check(path)
        } catch {
            throw .notTrusted(error)
        }
        // One byte more than the longest key, so that a longer file is not taken for one.
        var content = [UInt8](repeating: 0, count: 2 * byteCount + 2)
        let count = Foundation.read(descriptor, &content, content.count)
        guard count >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
        guard let key = WrappingKey(fileContent: Array(content.prefix(count))) else { throw .malformed(path: path) }
        return key
    }
}
