// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.ListModels`: the models that the daemon has loaded.
public enum ListModelsMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Admin.ListModels"

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public init() {}
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let models: [WireModel]

        public init(models: [WireModel]) {
            self.models = models
        }
    }
}
