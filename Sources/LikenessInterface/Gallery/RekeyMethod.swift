// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.Rekey`: seals every row under the configured key, streaming when called with `more`.
public enum RekeyMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.Rekey"

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public init() {}
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let done: Int
        public let total: Int
        public let key: String

        public init(done: Int, total: Int, key: String) {
            self.done = done
            self.total = total
            self.key = key
        }
    }
}
