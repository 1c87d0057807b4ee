// SPDX-License-Identifier: Apache-2.0

import Foundation
import Wording

/// A file that other programs read while it is written anew again and again.
public enum ReplacedFile {
    /// Puts a text in the place of a file in one step. A new file may be read by everybody; one that is there keeps its
    /// permissions. Until then the text is in a file whose name begins with a dot, which readers of a folder pass over.
    ///
    /// - Throws: ``CommandFailure`` with the status `cannotCreate`, above all where something else than a file stands
    ///   there, such as a device, a pipe or a link; it is then what it was.
    public static func write(_ text: String, to path: String) throws(CommandFailure) {
        var status = stat(), mode: mode_t = 0o644
        if lstat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw failure(path, "it is there and no regular file; name another, or leave --output out")
            }
            mode = status.st_mode & 0o777
        }
        let url = URL(fileURLWithPath: path)
        let hidden = url.deletingLastPathComponent().appendingPathComponent(
            ".\(url.lastPathComponent).\(UUID().uuidString)")
        do {
            try Data(text.utf8).write(to: hidden)
            try FileManager.default.setAttributes([.posixPermissions: Int(mode)], ofItemAtPath: hidden.path)
        } catch {
            try? FileManager.default.removeItem(at: hidden)
            throw failure(path, SystemReason.of(error))
        }
        guard rename(hidden.path, url.path) == 0 else {
            let code = errno
            try? FileManager.default.removeItem(at: hidden)
            throw failure(path, String(cString: strerror(code)))
        }
    }

    private static func failure(_ path: String, _ reason: String) -> CommandFailure {
        CommandFailure(
            .cannotCreate, name: "CannotWrite", message: "\(EscapedBytes.printable(path)) cannot be written: \(reason)")
    }
}
