// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// `io.likeness.Admin.PruneGenerations`: removes the retired generations.
public enum PruneGenerationsMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.PruneGenerations"

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public let modality: Modality?

        public init(modality: Modality? = nil) {
            self.modality = modality
        }
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let generations: Int
        public let embeddings: Int

        public init(generations: Int, embeddings: Int) {
            self.generations = generations
            self.embeddings = embeddings
        }
    }
}
