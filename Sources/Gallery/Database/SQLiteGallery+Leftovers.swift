// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation

/// What an earlier end, or a restored backup, leaves beside a gallery's file.
extension SQLiteGallery {
    /// A name beside the gallery for a copy that is removed when it has been sent. One that a kill leaves goes at the
    /// next opening: those who are removed later are in it.
    public static func temporaryCopyPath(beside path: String) -> String {
        path + copyInfix + UUID().uuidString
    }

    private static let copyInfix = ".backup-"
    private static let draftInfix = ".new-"
    /// What SQLite makes beside a file.
    static let besides = ["-journal", "-wal", "-shm"]

    /// A name beside the gallery for one that is being made.
    static func draftPath(beside path: String) -> String {
        path + draftInfix + UUID().uuidString
    }

    static func removeTemporaryCopies(beside path: String) {
        let folder = FilePath.folder(of: path), gallery = String(path.split(separator: "/").last ?? "")
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            for prefix in [gallery + copyInfix, gallery + draftInfix] where name.hasPrefix(prefix) {
                let suffix = besides.first { name.hasSuffix($0) } ?? ""
                if UUID(uuidString: String(name.dropFirst(prefix.count).dropLast(suffix.count))) != nil {
                    unlink(folder + "/" + name)
                }
            }
        }
    }

    /// Removes a write-ahead log that belongs to another file than this one.
    ///
    /// A backup has the log of none and says so in its header (bytes 18 and 19, SQLite's file format 1.3); a gallery
    /// that is used says the other. A log that is beside a backup is that of the gallery in whose place it was put,
    /// which ended without emptying it, and SQLite would write it into the backup.
    static func discardForeignLog(beside path: String) throws(GalleryError) {
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno, path: path) }
        defer { Foundation.close(descriptor) }
        var versions: [UInt8] = [0, 0]
        guard pread(descriptor, &versions, 2, 18) == 2, versions == [1, 1] else { return }
        var removed = false
        for suffix in ["-wal", "-shm"] where unlink(path + suffix) == 0 { removed = true }
        guard removed else { return }
        do {
            try DurableFile.syncFolder(of: path)
        } catch {
            throw GalleryError(error)
        }
    }
}
