// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.CancelRotation`: ends the rotation that is under way.
public enum CancelRotationMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.CancelRotation"

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public init() {}
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let rotation: WireRotation

        public init(rotation: WireRotation) {
            self.rotation = rotation
        }
    }
}
