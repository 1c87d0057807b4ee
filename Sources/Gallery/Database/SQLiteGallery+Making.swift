// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import GRDB

extension SQLiteGallery {
    /// Makes a gallery where there is no file, and refuses one that SQLite would take for an empty database: it was a
    /// gallery, or was never to be one.
    ///
    /// - Throws: ``GalleryError/notAGallery(path:reason:)``, ``GalleryError/cannotOpen(path:reason:)``.
    static func requireFile(at path: String, options: SQLGallery.Options) throws(GalleryError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw .system(errno, path: path) }
            if lstat(path, &status) == 0 {
                throw .cannotOpen(path: path, reason: "it is a symbolic link to a file that is not there")
            }
            // SQLite would take it for that of a file that was removed, and remove it with what was enrolled last.
            if stat(path + "-wal", &status) == 0, status.st_size > 0 {
                throw .notAGallery(
                    path: path,
                    reason:
                        "it is not there, and its log “\(path)-wal” is. Put the file back beside it; or, to begin a new gallery, remove the log"
                )
            }
            return try make(at: path, options: options)
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .cannotOpen(path: path, reason: "it is no file") }
        guard status.st_size > 0 else { throw .notAGallery(path: path, reason: "it is empty. \(removal(of: path))") }
    }

    static func removal(of path: String) -> String {
        "To begin a new gallery, remove it (and “\(path)-wal” and “\(path)-shm”, where they are there)"
    }

    /// Makes a gallery under another name, so that a kill or a loss of power leaves a whole one or none.
    private static func make(at path: String, options: SQLGallery.Options) throws(GalleryError) {
        let draft = draftPath(beside: path)
        do {
            try makePrivateFile(draft)
            let queue = try DatabaseQueue(path: draft, configuration: configuration)
            try SQLiteSchema.migrator(keys: options.keys, now: options.clock().wholeSeconds).migrate(queue)
            try queue.close()
            try DurableFile.sync(draft)
            guard rename(draft, path) == 0 else { throw GalleryError.system(errno, path: path) }
            try DurableFile.syncFolder(of: path)
        } catch {
            for suffix in [""] + besides { unlink(draft + suffix) }
            throw GalleryError.opening(error, path: path)
        }
    }

    /// Makes an empty file with mode 0600 before SQLite would make it with the process's umask.
    private static func makePrivateFile(_ path: String) throws(GalleryError) {
        let descriptor = Foundation.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system(errno, path: path) }
        Foundation.close(descriptor)
    }
}
