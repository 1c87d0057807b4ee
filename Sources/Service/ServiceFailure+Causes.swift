// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import Imaging
import LikenessInterface
import Recognition

extension ServiceFailure {
    /// An image that is not read, in the decoder's words.
    init(_ error: ImagingError) {
        self = .imageRejected(cause: error.cause, message: error.description)
    }

    /// What a model cannot make of an image. What the caller can do nothing about is the daemon's own failure.
    init(_ error: RecognitionError) {
        switch error {
        case .imageRejected(let error): self.init(error)
        case .noFace, .landmarksUnusable: self = .noFace(message: error.description)
        case .severalFaces(let count): self = .severalFaces(count: count)
        case .wrongSampleSize, .embeddingUnusable, .network, .internalFailure:
            self = .internal(message: error.description)
        }
    }

    /// What a gallery refuses, in its words; what it cannot do is the daemon's own failure.
    init(_ error: GalleryError) {
        switch error {
        case .noSuchIdentity(let name): self = .noSuchIdentity(identity: name.text)
        case .noSuchSample(let name, let number): self = .noSuchSample(identity: name.text, sample: number)
        case .tooManySamples(let name, let limit): self = .tooManySamples(identity: name.text, limit: limit)
        case .lastSample(let name, let number): self = .lastSample(identity: name.text, sample: number)
        case .bringsLockOut(let name, let other, let seconds):
            self = .bringsLockOut(identity: name.text, to: other.text, retryAfter: seconds)
        case .modalityMismatch(let name, _, _):
            self = .modalityMismatch(identity: name.text, message: error.description)
        case .noActiveModel(let modality): self = .noModel(for: modality)
        case .identityExists(let name): self = .identityExists(identity: name.text)
        case .rotationImpossible(let identities, let count):
            self = .rotationImpossible(identities: identities.map(\.text), count: count, message: error.description)
        case .rollbackLoses(let identities, let count, _):
            self = .rotationImpossible(identities: identities.map(\.text), count: count, message: error.description)
        case .noSuchGeneration, .modelIsActive:
            self = .rotationImpossible(identities: [], count: 0, message: error.description)
        case .rotationRunning: self = .rotationRunning(message: error.description)
        case .nothingToRollBack: self = .nothingToRollBack(message: error.description)
        case .damagedRecord: self = .galleryDamaged(message: error.description)
        case .notSupported: self = .notSupported(message: error.description)
        case .inUse, .cannotOpen, .notAGallery, .disturbed, .newerSchema, .notDurable, .unreachable,
            .connectionMalformed, .passwordUnreadable, .refused, .unfit, .busy, .notTrusted,
            .outcomeUnknown, .keyMissing, .keyWrong, .notEncrypted, .madeWithAnotherModel, .wrongEmbedding,
            .sameIdentity,
            .notReembedded, .diskFull, .diskFailed,
            .tooManyOpenFiles, .storage, .closed:
            self = .internal(message: error.description)
        }
    }

    init(_ error: InvalidIdentityName) {
        self = .invalidName(message: error.description)
    }

    init(_ error: IncomparableEmbeddings) {
        self = .internal(message: error.description)
    }

    /// No model of the modality is loaded.
    static func noModel(for modality: Modality) -> ServiceFailure {
        .modalityMismatch(
            identity: nil,
            message:
                "the daemon has no model for the modality “\(modality.rawValue)”; import one (enroll model import), or name the one that is there in models.active, and reload the daemon"
        )
    }

    /// Whether the daemon is at fault, and its journal should say so.
    var isInternal: Bool {
        if case .internal = self { true } else { false }
    }
}
