// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Files
import Gallery

/// The password of a gallery's database, in a file that the service manager hands over.
enum DatabasePassword {
    /// The longest that PostgreSQL takes is some hundred bytes.
    private static let largest = 4096

    /// - Throws: ``GalleryError/passwordUnreadable(path:)`` for anything but one line of text, ``TrustProblem`` for a
    ///   file that others could change.
    static func read(_ path: String) throws -> String {
        let bytes: [UInt8]
        do {
            bytes = try TrustedPaths().read(path, atMost: largest)
        } catch {
            if error.isDistrust { throw error }
            throw GalleryError.passwordUnreadable(path: path)
        }
        guard bytes.count <= largest, let text = String(validating: bytes, as: UTF8.self) else {
            throw GalleryError.passwordUnreadable(path: path)
        }
        let password = text.hasSuffix("\n") ? String(text.dropLast()) : text
        guard !password.isEmpty, !password.contains(where: \.isNewline), !password.utf8.contains(0) else {
            throw GalleryError.passwordUnreadable(path: path)
        }
        return password
    }
}

extension DaemonConfiguration {
    /// Where the gallery is, in words, and without a password.
    var galleryName: String {
        gallery.database.isEmpty ? gallery.path : PostgreSQLGallery.description(of: gallery.database) ?? "PostgreSQL"
    }
}
