// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.CheckGallery`: reads and decrypts every row, streaming when called with `more`.
public enum CheckGalleryMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.CheckGallery"
    /// How many of the damaged parts one reply tells at most.
    public static let maximumDamage = 1000

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public init() {}
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let done: Int
        public let total: Int
        public let damaged: Int
        public let damage: [WireDamage]

        public init(done: Int, total: Int, damaged: Int, damage: [WireDamage]) {
            self.done = done
            self.total = total
            self.damaged = damaged
            self.damage = damage
        }
    }
}
