// SPDX-License-Identifier: Apache-2.0

import Foundation
import Wording

/// A file that other programs read while it is written anew again and again.
public enum ReplacedFile {
    /// Puts a text in the place of a file in one step, readable by everybody. A name without a dot at its front is made
    /// of one with, which readers of a folder pass over.
    ///
    /// - Throws: ``CommandFailure`` with the status `cannotCreate`; the file is then what it was.
    public static func write(_ text: String, to path: String) throws(CommandFailure) {
        let url = URL(fileURLWithPath: path)
        let hidden = url.deletingLastPathComponent().appendingPathComponent(
            ".\(url.lastPathComponent).\(UUID().uuidString)")
        do {
            try Data(text.utf8).write(to: hidden)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: hidden.path)
            guard rename(hidden.path, url.path) == 0 else {
                throw CommandFailure(
                    .cannotCreate, name: "CannotWrite",
                    message: "\(EscapedBytes.printable(path)): \(String(cString: strerror(errno)))")
            }
        } catch {
            try? FileManager.default.removeItem(at: hidden)
            throw error as? CommandFailure
                ?? CommandFailure(
                    .cannotCreate, name: "CannotWrite",
                    message: "\(EscapedBytes.printable(path)): \(SystemReason.of(error))")
        }
    }
}
