// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation
import Gallery
import Logging

/// Opening the gallery with the keys and the password that the service manager or the configuration gives.
extension DaemonRun {
    func openGallery() async throws -> SQLGallery {
        var options = SQLGallery.Options()
        options.keepsSamples = configuration.gallery.keepSamples
        options.keys = try galleryKeys()
        let database = configuration.gallery.database
        if database.isEmpty { return try await SQLiteGallery.open(path: configuration.gallery.path, options: options) }
        if PostgreSQLGallery.holdsPassword(database) {
            logger.warning("\(DaemonConfiguration.passwordWarning)")
        }
        return try await PostgreSQLGallery.open(connection: database, password: try galleryPassword(), options: options)
    }

    /// The password of the database that the service manager hands over.
    private func galleryPassword() throws -> String? {
        guard let path = Self.credential("likeness.gallery-password") else { return nil }
        return try DatabasePassword.read(path)
    }

    /// The path of what the service manager hands over under a name.
    private static func credential(_ name: String) -> String? {
        ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"].map { $0 + "/" + name }.flatMap {
            FileManager.default.fileExists(atPath: $0) ? $0 : nil
        }
    }

    /// The key that the service manager hands over, or that the configuration names.
    private func galleryKeys() throws -> WrappingKeys {
        let gallery = configuration.gallery
        var current: WrappingKey?
        if let path = Self.credential("likeness.gallery-key") {
            current = try WrappingKey.read(path, isHandedOver: true)
        } else if !gallery.keyFile.isEmpty {
            current = try WrappingKey.read(gallery.keyFile)
        }
        return WrappingKeys(
            current: current,
            previous: gallery.previousKeyFile.isEmpty ? nil : try WrappingKey.read(gallery.previousKeyFile),
            acceptsUnencrypted: gallery.acceptUnencrypted)
    }

    func reportEncryption(of gallery: any GalleryStore) async throws {
        let encryption = try await gallery.encryption()
        if encryption.needsRekey {
            logger.warning("The gallery is not under the configured key yet; `enroll gallery rekey` brings it there")
        } else if configuration.gallery.acceptUnencrypted, encryption.configured != nil {
            logger.warning(
                "gallery.accept_unencrypted is set and not needed any more: a gallery without encryption would be taken in the place of this one"
            )
        }
        if !encryption.isComplete {
            logger.warning(
                "The gallery is not encrypted: who can read \(configuration.galleryName) can read the enrolled samples")
        }
    }
}
