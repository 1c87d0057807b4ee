// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Verification.Remove`: removes one sample, or the identity with all of them.
public enum RemoveMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Verification.Remove"

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public let identity: String
        public let sample: Int?

        public init(identity: String, sample: Int? = nil) {
            self.identity = identity
            self.sample = sample
        }
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let removed: Int
        public let remaining: Int

        public init(removed: Int, remaining: Int) {
            self.removed = removed
            self.remaining = remaining
        }
    }
}
