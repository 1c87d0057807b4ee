// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.RotationStatus`: the rotation that is under way or was the last, and the generations.
public enum RotationStatusMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.RotationStatus"

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public init() {}
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let rotation: WireRotation?
        public let generations: [WireGeneration]

        public init(rotation: WireRotation? = nil, generations: [WireGeneration]) {
            self.rotation = rotation
            self.generations = generations
        }
    }
}
