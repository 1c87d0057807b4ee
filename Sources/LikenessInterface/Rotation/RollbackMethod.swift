// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// `io.likeness.Admin.Rollback`: goes back to the generation before.
public enum RollbackMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.Rollback"

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public let modality: Modality?

        public init(modality: Modality? = nil) {
            self.modality = modality
        }
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let active: WireGeneration
        public let previous: WireGeneration

        public init(active: WireGeneration, previous: WireGeneration) {
            self.active = active
            self.previous = previous
        }
    }
}
