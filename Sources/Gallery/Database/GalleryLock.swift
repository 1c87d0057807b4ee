// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// The exclusive hold of one process on a gallery: an advisory lock on a file beside it.
///
/// SQLite's own locks keep two writers apart for a transaction; this one keeps two daemons apart for their
/// lives, because each holds the embeddings in memory and would not see the other's changes.
final class GalleryLock: Sendable {
    /// Nil once it is released.
    private let descriptor: Mutex<Int32?>

    /// - Throws: ``GalleryError/inUse(path:)`` or ``GalleryError/cannotOpen(path:reason:)``.
    init(galleryPath: String) throws(GalleryError) {
        let path = galleryPath + ".lock"
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw .system(errno, path: galleryPath, what: "its lock file \(path)")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            Foundation.close(descriptor)
            if code == EWOULDBLOCK { throw .inUse(path: galleryPath) }
            throw .system(code, path: galleryPath, what: "its lock file \(path)")
        }
        self.descriptor = Mutex(descriptor)
    }

    /// Lets another process have the gallery.
    ///
    /// The lock is given up in so many words, because a child that is between fork and exec still has the
    /// descriptor. The file stays: removing it would let two processes hold locks on two files of one name.
    func release() {
        descriptor.withLock { descriptor in
            guard let held = descriptor.take() else { return }
            flock(held, LOCK_UN)
            Foundation.close(held)
        }
    }

    deinit {
        release()
    }
}
