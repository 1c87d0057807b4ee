// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// `ModelIdentity` of `io.likeness.Admin`: what is left of a model once it is no longer loaded.
public struct WireModelIdentity: Sendable, Hashable, Codable {
    public let digest: String
    public let name: String
    public let version: String
    public let modality: Modality
    public let embeddingSize: Int

    private enum CodingKeys: String, CodingKey {
        case digest
        case name
        case version
        case modality
        case embeddingSize = "embedding_size"
    }

    public init(digest: String, name: String, version: String, modality: Modality, embeddingSize: Int) {
        self.digest = digest
        self.name = name
        self.version = version
        self.modality = modality
        self.embeddingSize = embeddingSize
    }
}

/// `Generation` of `io.likeness.Admin`: one embedding of every sample of a modality, all by one model.
public struct WireGeneration: Sendable, Hashable, Codable {
    /// Where a generation is in its life.
    public enum State: String, Sendable, Hashable, Codable, CaseIterable {
        case building
        case active
        case retired
    }

    public let id: Int
    public let model: WireModelIdentity
    public let state: State
    /// Seconds since 1970-01-01T00:00:00Z.
    public let created: Int
    public let samples: Int
    /// How many samples its model made nothing of.
    public let refused: Int

    public init(id: Int, model: WireModelIdentity, state: State, created: Int, samples: Int, refused: Int) {
        self.id = id
        self.model = model
        self.state = state
        self.created = created
        self.samples = samples
        self.refused = refused
    }
}
