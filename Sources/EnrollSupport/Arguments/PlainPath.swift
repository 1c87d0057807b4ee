// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import Synchronization

/// What the C library's headers declare for GNU programs only.
enum OpenFlag {
    /// Linux's `O_PATH`: a descriptor for what a path leads to, and not for its content.
    static let path: Int32 = 0o10000000
}

/// Paths for code that takes texts: one that is not UTF-8 is opened by its bytes, and known by its descriptor from then
/// on.
public enum PlainPath {
    /// What the descriptors' paths stand for, for messages.
    private static let opened = Mutex<[(plain: String, given: String)]>([])
    private static let descriptors = "/proc/self/fd/"

    /// A path that leads to the same file or folder, which has to be there. It does so until the process ends.
    ///
    /// - Throws: a failure that begins with the path.
    public static func of(_ given: String) throws(CommandFailure) -> String {
        guard EscapedBytes.isEscaped(given) else { return given }
        let descriptor = EscapedBytes.withCString(given) { open($0, OpenFlag.path | O_CLOEXEC) }
        guard descriptor >= 0 else {
            let code = errno
            throw CommandFailure(
                .noInput, name: "NoInputFile",
                message: "\(EscapedBytes.printable(given)): "
                    + (code == ENOENT
                        ? "there is no such file or folder" : "cannot be opened: \(String(cString: strerror(code)))"))
        }
        let plain = descriptors + "\(descriptor)"
        opened.withLock { $0.append((plain, EscapedBytes.printable(given))) }
        return plain
    }

    /// A path of something that is to be made, or whose neighbours matter: only the folders that it lies in may be
    /// called otherwise than in UTF-8.
    public static func besideOthers(_ given: String) throws(CommandFailure) -> String {
        let path = try inPlainFolder(given)
        guard !EscapedBytes.isEscaped(path) else {
            throw CommandFailure(
                .usage, name: "Usage",
                message: "\(EscapedBytes.printable(given)): this name is not UTF-8; give it one that is")
        }
        return path
    }

    /// The same path with a plain folder, and its last name as it was given.
    static func inPlainFolder(_ given: String) throws(CommandFailure) -> String {
        guard EscapedBytes.isEscaped(given) else { return given }
        return try of(FilePath.folder(of: given)) + "/" + lastName(given)
    }

    /// The last name of a path.
    public static func lastName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// A text with the paths as they were given.
    ///
    /// - Parameter isJSON: what is put in is escaped as in JSON's strings.
    public static func told(_ message: String, isJSON: Bool = false) -> String {
        guard message.contains(descriptors) else { return message }
        // The longest first: one is the beginning of another.
        return opened.withLock { $0 }.sorted { $0.plain.utf8.count > $1.plain.utf8.count }
            .reduce(message) {
                $0.replacingOccurrences(
                    of: $1.plain, with: isJSON ? $1.given.replacingOccurrences(of: "\\", with: "\\\\") : $1.given)
            }
    }
}
