// SPDX-License-Identifier: Apache-2.0

import CFiles
import Foundation

/// Reads what decides — a configuration, a key, a model — and refuses it where others could have put it there or could
/// change it.
///
/// A file or folder belongs to root or to the daemon's user, and nobody else may write to it, nor to any folder above
/// it; in a folder above it others may make files of their own where its sticky bit keeps them from those that are
/// there, as in `/tmp`. The owner's own group, which has no other member, may write. A symbolic link on the way belongs
/// to root or to the daemon's user too. All of it is looked at on the opened descriptors, so that nothing is exchanged
/// between the look and the reading.
public struct TrustedPaths: Sendable, Hashable {
    /// The daemon's user, who is trusted beside root.
    public let user: UInt32

    public init(user: UInt32 = geteuid()) {
        self.user = user
    }

    /// The bytes of a regular file, read no further than one byte beyond the limit.
    public func read(_ path: String, atMost limit: Int) throws(TrustProblem) -> [UInt8] {
        let found = try find(path)
        try requireFile(found.status, found.path)
        let file = OwnDescriptor(
            openat(found.folder.number, found.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC))
        guard file.number >= 0 else { throw .unreachable(FileFailure(path: path, code: errno)) }
        let status = try Self.status(of: file.number, path: found.path)
        try requireFile(status, found.path)
        try require(status, file.number, found.path, isAbove: false)
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= limit {
            let count = Foundation.read(file.number, &part, min(part.count, limit + 1 - bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreachable(FileFailure(path: path, code: errno)) }
            if count == 0 { break }
            bytes += part[..<count]
        }
        return bytes
    }

    /// Checks a file or folder without reading it.
    public func check(_ path: String) throws(TrustProblem) {
        let found = try find(path)
        try require(found.status, found.thing.number, found.path, isAbove: false)
    }

    /// Checks a folder, so that what is listed in it is what the trusted put there.
    public func checkFolder(_ path: String) throws(TrustProblem) {
        let found = try find(path)
        guard found.status.st_mode & S_IFMT == S_IFDIR else { throw .notAFolder(path: found.path) }
        try require(found.status, found.thing.number, found.path, isAbove: false)
    }

    // MARK: The way

    /// What a path leads to, and the folder that it is in; every folder and link on the way was checked.
    private struct Found: ~Copyable {
        let thing: OwnDescriptor
        let folder: OwnDescriptor
        let name: String
        /// Without links.
        let path: String
        let status: stat
    }

    /// As many links as the kernel follows.
    private static let mostLinks = 40

    private func find(_ path: String) throws(TrustProblem) -> Found {
        func failure(_ code: Int32) -> TrustProblem { .unreachable(FileFailure(path: path, code: code)) }
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        var rest = Self.parts(absolute)
        var folder = try Self.root(path)
        var location = ""
        var links = 0
        while let name = rest.popLast() {
            let thing = OwnDescriptor(likeness_open_name(folder.number, name))
            guard thing.number >= 0 else { throw failure(errno) }
            let status = try Self.status(of: thing.number, path: path)
            // Of the folders' own entries only the one above changes the place.
            let full = name == ".." ? FilePath.folder(of: location.isEmpty ? "/" : location) : "\(location)/\(name)"
            if status.st_mode & S_IFMT == S_IFLNK {
                guard isTrusted(status.st_uid) else { throw .linkOfAnother(path: full, owner: status.st_uid) }
                links += 1
                guard links <= Self.mostLinks else { throw failure(ELOOP) }
                let target = try Self.target(of: thing.number, path: path)
                if target.hasPrefix("/") {
                    folder = try Self.root(path)
                    location = ""
                }
                rest += Self.parts(target)
            } else if rest.isEmpty, name != ".." {
                return Found(thing: thing, folder: folder, name: name, path: full, status: status)
            } else {
                guard status.st_mode & S_IFMT == S_IFDIR else { throw failure(ENOTDIR) }
                try require(status, thing.number, full, isAbove: true)
                folder = thing
                location = full == "/" ? "" : full
            }
        }
        // The path ends in a folder that was checked as one above others.
        let thing = OwnDescriptor(likeness_open_name(folder.number, "."))
        guard thing.number >= 0 else { throw failure(errno) }
        let status = try Self.status(of: thing.number, path: path)
        return Found(thing: thing, folder: folder, name: ".", path: location.isEmpty ? "/" : location, status: status)
    }

    /// The names of a path, last first.
    private static func parts(_ path: String) -> [String] {
        path.split(separator: "/").map(String.init).filter { $0 != "." }.reversed()
    }

    private static func root(_ path: String) throws(TrustProblem) -> OwnDescriptor {
        let root = OwnDescriptor(likeness_open_name(AT_FDCWD, "/"))
        guard root.number >= 0 else { throw .unreachable(FileFailure(path: path, code: errno)) }
        return root
    }

    private static func target(of link: Int32, path: String) throws(TrustProblem) -> String {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlinkat(link, "", &bytes, bytes.count)
        guard count > 0, count < bytes.count else {
            throw .unreachable(FileFailure(path: path, code: count < 0 ? errno : ENAMETOOLONG))
        }
        guard let target = String(validating: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) else {
            throw .unreachable(FileFailure(path: path, code: EILSEQ))
        }
        return target
    }

    private static func status(of descriptor: Int32, path: String) throws(TrustProblem) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreachable(FileFailure(path: path, code: errno)) }
        return status
    }

    // MARK: The rule

    private func isTrusted(_ owner: UInt32) -> Bool { owner == 0 || owner == user }

    private func requireFile(_ status: stat, _ path: String) throws(TrustProblem) {
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    }

    private func require(_ status: stat, _ descriptor: Int32, _ path: String, isAbove: Bool) throws(TrustProblem) {
        // The owner of the root folder decides everything anyhow; in a container it may belong to a user without a
        // number here.
        guard path != "/" else { return }
        guard isTrusted(status.st_uid) else { throw .ownedByAnother(path: path, owner: status.st_uid, user: user) }
        let mode = UInt32(status.st_mode & 0o7777)
        if isAbove, mode & UInt32(S_ISVTX) != 0 { return }
        guard mode & 0o002 == 0 else { throw .openToOthers(path: path, mode: mode) }
        guard mode & 0o020 != 0 else { return }
        guard UserNames.isOwn(group: status.st_gid, of: status.st_uid) else {
            throw .openToGroup(path: path, mode: mode, group: status.st_gid)
        }
        // The group's bits are then the most that anybody in the list may.
        guard likeness_has_access_list(descriptor) == 0 else { throw .openByList(path: path) }
    }
}
