// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.Unlock`: lifts lock-outs and forgets failed comparisons.
public enum UnlockMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.Unlock"

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        /// The number of the user whose failures are forgotten; nil for everybody's.
        public let user: Int?
        /// The identity with which they failed; nil for those with any, and in total.
        public let identity: String?

        public init(user: Int? = nil, identity: String? = nil) {
            self.user = user
            self.identity = identity
        }
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        /// How many records of failures there were.
        public let removed: Int

        public init(removed: Int) {
            self.removed = removed
        }
    }
}
