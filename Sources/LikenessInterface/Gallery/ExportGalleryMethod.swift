// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.ExportGallery`: sends every identity in the clear; it has to be called with `more`.
public enum ExportGalleryMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.ExportGallery"

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public init() {}
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let identity: WireExportedIdentity?
        public let done: Int
        public let total: Int
        public let damage: [WireDamage]

        public init(identity: WireExportedIdentity? = nil, done: Int, total: Int, damage: [WireDamage]) {
            self.identity = identity
            self.done = done
            self.total = total
            self.damage = damage
        }
    }
}
