// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

/// What an image that a gallery keeps is.
public enum StoredImageKind: String, Sendable, Hashable, CaseIterable {
    /// The part of the source that shows the face or the signature, with margin: any model can prepare it.
    case crop
    /// What one model's network saw. Another model takes it for a whole picture, and may refuse it.
    case chip
}

/// A sample on its way into a gallery.
public struct NewSample: Sendable {
    /// The file that a later model embeds again, and what it is.
    public let image: [UInt8]
    public let kind: StoredImageKind
    /// The size of the image, in pixels.
    public let width: Int
    public let height: Int
    /// The SHA-256 digest of the file that was enrolled, by which the same file is known again.
    public let original: [UInt8]
    public let measurements: [QualityMeasurement]
    /// By the model of the active generation, which has to have embedded it, and by those of others.
    public let outcomes: [ModelDigest: EmbeddingOutcome]

    public init(
        image: [UInt8], kind: StoredImageKind = .crop, width: Int, height: Int, original: [UInt8],
        measurements: [QualityMeasurement],
        outcomes: [ModelDigest: EmbeddingOutcome]
    ) {
        self.image = image
        self.kind = kind
        self.width = width
        self.height = height
        self.original = original
        self.measurements = measurements
        self.outcomes = outcomes
    }

    /// A sample that one model has embedded.
    public init(
        image: [UInt8], kind: StoredImageKind = .crop, width: Int, height: Int, original: [UInt8],
        measurements: [QualityMeasurement],
        embedding: Embedding
    ) {
        self.init(
            image: image, kind: kind, width: width, height: height, original: original, measurements: measurements,
            outcomes: [embedding.model: .embedded(embedding)])
    }
}

/// Which sample of which identity.
public struct SampleReference: Sendable, Hashable {
    public let identity: IdentityName
    /// From 1; given once within an identity and never again.
    public let number: Int

    public init(identity: IdentityName, number: Int) {
        self.identity = identity
        self.number = number
    }
}

/// What an enrolment did. When it is returned, the enrolment is on the disk.
public struct Enrollment: Sendable, Hashable {
    /// The most earlier samples of one file that are named: a file may have been enrolled for everybody.
    public static let maximumDuplicates = 16

    public let sample: SampleReference
    /// The generation that the identity is compared in.
    public let generation: Int64
    /// How many samples the identity has now.
    public let sampleCount: Int
    /// The samples made from the very same file before, the first ``maximumDuplicates`` by name and number.
    public let duplicates: [SampleReference]

    public init(sample: SampleReference, generation: Int64, sampleCount: Int, duplicates: [SampleReference]) {
        self.sample = sample
        self.generation = generation
        self.sampleCount = sampleCount
        self.duplicates = duplicates
    }
}

/// What a removal did. When it is returned, the removal is on the disk.
public struct Removal: Sendable, Hashable {
    /// How many samples were removed.
    public let removed: Int
    /// How many samples the identity still has; with none left the identity is gone.
    public let remaining: Int

    public init(removed: Int, remaining: Int) {
        self.removed = removed
        self.remaining = remaining
    }
}

/// What the move of a sample to another identity did. When it is returned, the move is on the disk.
public struct SampleMove: Sendable, Hashable {
    /// What a move may do besides.
    public struct Permissions: OptionSet, Sendable, Hashable {
        public let rawValue: Int

        public init(rawValue: Int) {
            self.rawValue = rawValue
        }

        /// Make the identity that the sample goes to, where nobody is enrolled under its name.
        public static let makingIdentity = Permissions(rawValue: 1)
        /// Take the last sample, with which the identity that it was of is gone.
        public static let takingLast = Permissions(rawValue: 2)
    }

    /// Which it is now.
    public let sample: SampleReference
    /// How many samples the identity that it was of still has; with none left the identity is gone.
    public let remaining: Int
    /// How many the other has now.
    public let sampleCount: Int
    /// Whether the other identity is new.
    public let madeIdentity: Bool
    /// What the active model made of it; nil where that refuses it, or has not looked at it yet.
    public let embedding: Embedding?
    /// The other samples made from the very same file, the first ``Enrollment/maximumDuplicates`` by name and number.
    public let duplicates: [SampleReference]

    public init(
        sample: SampleReference, remaining: Int, sampleCount: Int, madeIdentity: Bool, embedding: Embedding?,
        duplicates: [SampleReference]
    ) {
        self.sample = sample
        self.remaining = remaining
        self.sampleCount = sampleCount
        self.madeIdentity = madeIdentity
        self.embedding = embedding
        self.duplicates = duplicates
    }
}

/// One identity, as a list shows it.
public struct EnrolledIdentity: Sendable, Hashable {
    public let name: IdentityName
    public let modality: Modality
    public let sampleCount: Int
    /// When the identity was made, and when a sample was last added or removed; whole seconds.
    public let enrolled: Date
    public let updated: Date
}

/// One sample, without its image.
public struct EnrolledSample: Sendable, Hashable {
    public let number: Int
    public let enrolled: Date
    /// What image of it is kept; nil for none. Its size in pixels is that of the image, kept or not.
    public let kept: StoredImageKind?
    public let width: Int
    public let height: Int
    public let measurements: [QualityMeasurement]
    /// The SHA-256 digest of the file that was enrolled.
    public let original: [UInt8]

    public init(
        number: Int, enrolled: Date, kept: StoredImageKind?, width: Int, height: Int,
        measurements: [QualityMeasurement],
        original: [UInt8]
    ) {
        self.number = number
        self.enrolled = enrolled
        self.kept = kept
        self.width = width
        self.height = height
        self.measurements = measurements
        self.original = original
    }
}

/// One identity with its samples in order of their numbers.
public struct IdentityDetails: Sendable, Hashable {
    public let identity: EnrolledIdentity
    public let samples: [EnrolledSample]
}

/// One sample's embedding by the model of a generation.
public struct EnrolledEmbedding: Sendable, Hashable {
    public let sample: SampleReference
    public let embedding: Embedding

    public init(sample: SampleReference, embedding: Embedding) {
        self.sample = sample
        self.embedding = embedding
    }
}

/// An embedding with the number of its sample.
public struct NumberedEmbedding: Sendable, Hashable {
    public let number: Int
    public let embedding: Embedding

    public init(number: Int, embedding: Embedding) {
        self.number = number
        self.embedding = embedding
    }
}

/// What a generation holds of one identity.
public struct IdentityEmbeddings: Sendable, Hashable {
    public let name: IdentityName
    /// By number.
    public var samples: [NumberedEmbedding]

    public init(name: IdentityName, samples: [NumberedEmbedding]) {
        self.name = name
        self.samples = samples
    }
}

/// What a generation holds, as far as it can be read.
public struct GenerationEmbeddings: Sendable {
    public let generation: Generation
    /// By name; none is without a sample.
    public let identities: [IdentityEmbeddings]
    /// The samples that the model refuses, and why.
    public let refusals: [SampleReference: String]
    /// What cannot be read, and is left out.
    public let damage: [GalleryDamage]

    public init(
        generation: Generation, identities: [IdentityEmbeddings], refusals: [SampleReference: String],
        damage: [GalleryDamage]
    ) {
        self.generation = generation
        self.identities = identities
        self.refusals = refusals
        self.damage = damage
    }

    /// Every sample that is embedded, by name and number.
    public var embeddings: [EnrolledEmbedding] {
        identities.flatMap { identity in
            identity.samples.map {
                EnrolledEmbedding(
                    sample: SampleReference(identity: identity.name, number: $0.number), embedding: $0.embedding)
            }
        }
    }
}

/// How much a gallery holds.
public struct GalleryCounts: Sendable, Hashable {
    public let identities: Int
    public let samples: Int

    public init(identities: Int, samples: Int) {
        self.identities = identities
        self.samples = samples
    }
}
