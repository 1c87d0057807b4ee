// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Verification.List`: lists the identities by name, in pages when called with `more`.
public enum ListMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Verification.List"

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public init() {}
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let identities: [WireIdentity]

        public init(identities: [WireIdentity]) {
            self.identities = identities
        }
    }
}
