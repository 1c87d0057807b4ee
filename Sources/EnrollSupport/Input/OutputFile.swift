// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation

/// Writes a file that is there whole or not at all, through a loss of power too, and never in place of another.
public enum OutputFile {
    /// - Parameter mode: permissions, less what the umask takes.
    public static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws(CommandFailure) {
        try requireName(path)
        try make(bytes, at: try PlainPath.inPlainFolder(path), for: path, mode: mode)
    }

    /// - Parameters:
    ///   - place: where it is made, with a folder that every function can name.
    ///   - path: what a failure calls it.
    static func make(
        _ bytes: [UInt8], at place: String, for path: String, mode: mode_t
    ) throws(CommandFailure) {
        let descriptor = EscapedBytes.withCString(place) { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode) }
        guard descriptor >= 0 else {
            throw errno == EEXIST
                ? failure(path, "there is such a file already; remove it or name another") : failure(path, errno)
        }
        do throws(FileFailure) {
            defer { close(descriptor) }
            try DurableFile.write(bytes, to: descriptor, path: place)
            try DurableFile.sync(descriptor, path: place)
            try DurableFile.syncFolder(of: place)
        } catch {
            _ = EscapedBytes.withCString(place) { unlink($0) }
            throw failure(path, error.reason)
        }
    }

    /// - Throws: for `-`, which elsewhere is a standard stream, and here would make a file of that name.
    static func requireName(_ path: String) throws(CommandFailure) {
        guard path != InputFile.standardInput else {
            throw failure(path, "it is not written to standard output; name a file (./- for one of this name)")
        }
    }

    static func failure(_ path: String, _ code: Int32) -> CommandFailure {
        failure(path, FileFailure(path: path, code: code).reason)
    }

    static func failure(_ path: String, _ reason: String) -> CommandFailure {
        CommandFailure(
            .cannotCreate, name: "CannotCreate",
            message: "\(EscapedBytes.printable(path)): cannot be written: \(reason)")
    }
}
