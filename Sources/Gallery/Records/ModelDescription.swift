// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// What a gallery remembers about the model that embeds its samples: enough to name it to a person when
/// another is loaded, and the digest that decides what may be compared.
public struct ModelDescription: Sendable, Hashable {
    public let digest: ModelDigest
    public let modality: Modality
    public let name: String
    public let version: String
    /// The number of coordinates of an embedding, at least 1.
    public let embeddingSize: Int

    public init(digest: ModelDigest, modality: Modality, name: String, version: String, embeddingSize: Int) {
        self.digest = digest
        self.modality = modality
        self.name = name
        self.version = version
        self.embeddingSize = embeddingSize
    }
}

extension ModelDescription: CustomStringConvertible {
    public var description: String { "\(name) \(version) (\(digest.short))" }
}
