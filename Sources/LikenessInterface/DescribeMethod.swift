// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Verification.Describe`: tells what is enrolled for one identity.
public enum DescribeMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Verification.Describe"

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public let identity: String

        public init(identity: String) {
            self.identity = identity
        }
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let identity: WireIdentity
        public let samples: [WireSample]
        public let model: String

        public init(identity: WireIdentity, samples: [WireSample], model: String) {
            self.identity = identity
            self.samples = samples
            self.model = model
        }
    }
}
