// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.RepairGallery`: removes what is damaged, streaming when called with `more`.
public enum RepairGalleryMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.RepairGallery"

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public init() {}
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let done: Int
        public let total: Int
        public let removed: Int
        public let damage: [WireDamage]

        public init(done: Int, total: Int, removed: Int, damage: [WireDamage]) {
            self.done = done
            self.total = total
            self.removed = removed
            self.damage = damage
        }
    }
}
