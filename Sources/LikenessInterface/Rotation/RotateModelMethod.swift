// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.RotateModel`: rotates a modality to another model, streaming when called with `more`.
public enum RotateModelMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.RotateModel"
    /// The rises of the equal error rate that a caller may allow.
    public static let maxDrops = 0.0...1.0

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public let model: String
        public let dryRun: Bool?
        public let maxDrop: Double?

        private enum CodingKeys: String, CodingKey {
            case model
            case dryRun = "dry_run"
            case maxDrop = "max_drop"
        }

        public init(model: String, dryRun: Bool? = nil, maxDrop: Double? = nil) {
            self.model = model
            self.dryRun = dryRun
            self.maxDrop = maxDrop
        }
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let rotation: WireRotation

        public init(rotation: WireRotation) {
            self.rotation = rotation
        }
    }
}
