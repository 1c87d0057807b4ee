// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

/// All that a gallery holds of an identity: what an export takes out, and an import puts in.
public struct IdentityContent: Sendable {
    /// A sample with everything of it.
    public struct Sample: Sendable {
        public let sample: EnrolledSample
        /// The kept file; nil where none is.
        public let image: [UInt8]?
        /// By the models of the gallery's generations.
        public let outcomes: [ModelDigest: EmbeddingOutcome]

        public init(sample: EnrolledSample, image: [UInt8]?, outcomes: [ModelDigest: EmbeddingOutcome]) {
            self.sample = sample
            self.image = image
            self.outcomes = outcomes
        }
    }

    public let name: IdentityName
    public let modality: Modality
    public let enrolled: Date
    public let updated: Date
    /// In order of their numbers.
    public let samples: [Sample]
    /// What could not be read of it, and is left out.
    public let damage: [GalleryDamage]

    public init(
        name: IdentityName, modality: Modality, enrolled: Date, updated: Date, samples: [Sample],
        damage: [GalleryDamage] = []
    ) {
        self.name = name
        self.modality = modality
        self.enrolled = enrolled
        self.updated = updated
        self.samples = samples
        self.damage = damage
    }
}

/// What an import did.
public enum ImportResult: Sendable, Hashable {
    case imported
    /// An identity of the name was enrolled, and is replaced.
    case replaced
}
