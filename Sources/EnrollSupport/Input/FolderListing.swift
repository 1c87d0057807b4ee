// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging

/// What is in a folder, by the bytes of the names.
public enum FolderListing {
    private static let imageExtensions = ImageFormat.readExtensions

    /// The names in a folder without the hidden ones, in order, carried as ``EscapedBytes`` says.
    ///
    /// - Throws: a failure when there is no such folder, or it cannot be read.
    public static func names(in folder: String) throws(CommandFailure) -> [String] {
        guard let stream = EscapedBytes.withCString(folder, { opendir($0) }) else {
            throw CommandFailure(
                .noInput, name: "NoInputFile",
                message: "\(EscapedBytes.printable(folder)): "
                    + (isFolder(folder) ? "the folder cannot be read" : "there is no such folder"))
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { EscapedBytes.text(of: $0.prefix { $0 != 0 }) }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// The names of the PNG and JPEG files in a folder, by their extensions.
    public static func images(in folder: String) throws(CommandFailure) -> [String] {
        try names(in: folder).filter { isImageName($0) && !isFolder("\(folder)/\($0)") }
    }

    public static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return EscapedBytes.withCString(path, { stat($0, &status) }) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func isImageName(_ name: String) -> Bool {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return false }
        return imageExtensions.contains(name[name.index(after: dot)...].lowercased())
    }
}
