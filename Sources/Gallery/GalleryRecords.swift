import Biometrics
import struct Biometrics.Measurement
import Foundation

/// A sample on its way into a gallery.
public struct NewSample: Sendable {
    /// The prepared image as a PNG file: what a later model embeds again.
    public let preparedImage: [UInt8]
    /// The size of the prepared image, in pixels.
    public let width: Int
    public let height: Int
    /// The SHA-256 digest of the file that was enrolled, by which the same file is known again.
    public let original: [UInt8]
    public let measurements: [Measurement]
    /// By the model of the active generation.
    public let embedding: Embedding

    public init(
        preparedImage: [UInt8], width: Int, height: Int, original: [UInt8], measurements: [Measurement],
        embedding: Embedding
    ) {
        self.preparedImage = preparedImage
        self.width = width
        self.height = height
        self.original = original
        self.measurements = measurements
        self.embedding = embedding
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
public struct Enrolment: Sendable, Hashable {
    /// The most earlier samples of one file that are named: a file may have been enrolled for everybody.
    public static let maximumDuplicates = 16

    public let sample: SampleReference
    /// How many samples the identity has now.
    public let sampleCount: Int
    /// The samples made from the very same file before, the first ``maximumDuplicates`` by name and number.
    public let duplicates: [SampleReference]

    public init(sample: SampleReference, sampleCount: Int, duplicates: [SampleReference]) {
        self.sample = sample
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
    public let width: Int
    public let height: Int
    public let measurements: [Measurement]
}

/// One identity with its samples in order of their numbers.
public struct IdentityDetails: Sendable, Hashable {
    public let identity: EnrolledIdentity
    public let samples: [EnrolledSample]
}

/// One sample's embedding by the model of the active generation.
public struct EnrolledEmbedding: Sendable, Hashable {
    public let sample: SampleReference
    public let embedding: Embedding

    public init(sample: SampleReference, embedding: Embedding) {
        self.sample = sample
        self.embedding = embedding
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

/// Who asked for a change, as the audit log keeps it.
public struct AuditActor: Sendable, Hashable {
    /// The user and the process at the other end of the socket.
    public let user: UInt32
    public let process: Int32

    public init(user: UInt32, process: Int32) {
        self.user = user
        self.process = process
    }
}

/// One entry of the audit log. Entries outlive the identities they speak of.
public struct AuditEntry: Sendable, Hashable {
    /// What was done.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        case enrol
        case removeSample = "remove_sample"
        case removeIdentity = "remove_identity"
        case activateModel = "activate_model"
    }

    /// Grows by one with each entry.
    public let number: Int64
    public let time: Date
    public let action: Action
    /// Nil when the daemon acted by itself.
    public let actor: AuditActor?
    public let identity: IdentityName?
    public let sample: Int?
    /// The digest of the model that was active.
    public let model: ModelDigest?
}
