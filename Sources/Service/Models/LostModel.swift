// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery

/// A model that should decide and cannot, while others do.
public struct LostModel: Sendable, Hashable {
    /// Nil where it is known by a name alone, which no package has.
    public let modality: Modality?
    /// What the gallery has of it; nil where nothing of it is known.
    public let model: ModelDescription?
    /// What is said where something is to be decided, with what helps.
    public let reason: String

    public init(modality: Modality?, model: ModelDescription?, reason: String) {
        self.modality = modality
        self.model = model
        self.reason = reason
    }
}

/// The models that a service is to decide by.
public struct ServedModels: Sendable {
    /// At most one of a modality.
    public let embedders: [any Embedder]
    /// Those that should be among them and cannot.
    public let lost: [LostModel]

    public init(_ embedders: [any Embedder], lost: [LostModel] = []) {
        self.embedders = embedders
        self.lost = lost
    }
}
