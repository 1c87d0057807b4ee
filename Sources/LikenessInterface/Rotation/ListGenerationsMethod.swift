// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.ListGenerations`: the generations of every modality.
public enum ListGenerationsMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.ListGenerations"

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public init() {}
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let generations: [WireGeneration]

        public init(generations: [WireGeneration]) {
            self.generations = generations
        }
    }
}
