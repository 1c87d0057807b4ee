// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation

/// A file that is written bit by bit, is readable by its owner alone, and has its name only when it is whole. Another
/// file of that name is never replaced.
///
/// Where the file system can make a file without a name, an end at any moment leaves nothing behind: what is exported
/// must not lie about. Elsewhere the file is called `.NAME.partial` until it is whole.
final class StagedFile {
    private let path: String
    /// The same with a folder that every function can name.
    private let place: String
    /// Nil where the file has no name yet.
    private let temporary: String?
    private var descriptor: Int32
    private(set) var size = 0

    /// Linux's O_TMPFILE is this bit with O_DIRECTORY; the C header spells it in a way that Swift does not import.
    private static let unnamed = 0o20000000 | O_DIRECTORY

    init(_ path: String) throws(CommandFailure) {
        try OutputFile.requireName(path)
        self.path = path
        place = try PlainPath.inPlainFolder(path)
        let folder = FilePath.folder(of: place)
        guard EscapedBytes.withCString(place, { access($0, F_OK) }) != 0 else {
            throw OutputFile.failure(path, "there is such a file already; remove it or name another")
        }
        let unnamed = open(folder, O_WRONLY | Self.unnamed | O_CLOEXEC, 0o600)
        if unnamed >= 0 {
            descriptor = unnamed
            temporary = nil
            return
        }
        let name = folder + "/.\(PlainPath.lastName(place)).partial"
        temporary = name
        // What an earlier end left goes. One that somebody else made, and could read, is never written to.
        Self.unlink(name)
        descriptor = EscapedBytes.withCString(name) {
            open($0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        guard descriptor >= 0 else { throw OutputFile.failure(path, errno) }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        if let temporary { Self.unlink(temporary) }
    }

    func write(_ bytes: some Sequence<UInt8>) throws(CommandFailure) {
        let bytes = Array(bytes)
        size += bytes.count
        try told { () throws(FileFailure) in try DurableFile.write(bytes, to: descriptor, path: place) }
    }

    /// Gives the file its name, when its content is on the disk.
    func commit() throws(CommandFailure) {
        try told { () throws(FileFailure) in try DurableFile.sync(descriptor, path: place) }
        let source = temporary ?? "/proc/self/fd/\(descriptor)"
        let linked = EscapedBytes.withCString(source) { source in
            EscapedBytes.withCString(place) {
                linkat(AT_FDCWD, source, AT_FDCWD, $0, temporary == nil ? AT_SYMLINK_FOLLOW : 0)
            }
        }
        if linked == 0 {
            if let temporary { Self.unlink(temporary) }
        } else if errno == EEXIST {
            throw OutputFile.failure(path, "another file has taken this name meanwhile; remove it or name another")
        } else if let temporary {
            // A file system without links.
            let renamed = EscapedBytes.withCString(temporary) { old in
                EscapedBytes.withCString(place) { rename(old, $0) }
            }
            guard renamed == 0 else { throw OutputFile.failure(path, errno) }
        } else {
            throw OutputFile.failure(path, errno)
        }
        close(descriptor)
        descriptor = -1
        try told { () throws(FileFailure) in try DurableFile.syncFolder(of: place) }
    }

    private static func unlink(_ path: String) {
        _ = EscapedBytes.withCString(path) { Foundation.unlink($0) }
    }

    private func told(_ work: () throws(FileFailure) -> Void) throws(CommandFailure) {
        do throws(FileFailure) {
            try work()
        } catch {
            throw OutputFile.failure(path, error.reason)
        }
    }
}
