// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation

/// A file that other programs read while it is written anew again and again.
public enum ReplacedFile {
    /// Puts a text in the place of a file in one step. A new file may be read by everybody; one that is there keeps its
    /// permissions. Until then the text is in a file whose name begins with a dot, which readers of a folder pass over.
    ///
    /// - Throws: ``CommandFailure`` with the status `cannotCreate`, above all where something else than a file stands
    ///   there, such as a device, a pipe or a link; it is then what it was.
    public static func write(_ text: String, to path: String) throws(CommandFailure) {
        let place = try PlainPath.inPlainFolder(path)
        var status = stat(), mode: mode_t = 0o644
        if EscapedBytes.withCString(place, { lstat($0, &status) }) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw OutputFile.failure(path, "it is there and no regular file; name another, or leave --output out")
            }
            mode = status.st_mode & 0o777
        }
        let hidden = FilePath.folder(of: place) + "/.\(PlainPath.lastName(place)).\(UUID().uuidString)"
        try OutputFile.make(Array(text.utf8), at: hidden, for: path, mode: 0o600)
        let isReplaced = EscapedBytes.withCString(hidden) { new in
            EscapedBytes.withCString(place) { chmod(new, mode) == 0 && rename(new, $0) == 0 }
        }
        guard isReplaced else {
            let code = errno
            _ = EscapedBytes.withCString(hidden) { unlink($0) }
            throw OutputFile.failure(path, code)
        }
    }
}
