// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Wording

/// An error that `io.likeness.Verification` or `io.likeness.Admin` declares: the same name and the same words on the
/// wire, in the command and in the journal.
public enum ServiceFailure: Error, Sendable, Hashable {
    case noSuchIdentity(identity: String)
    case noSuchSample(identity: String, sample: Int)
    /// The identity has samples, and none that can be compared; `message` says why and what to do.
    case noUsableSample(identity: String, message: String)
    case tooManySamples(identity: String, limit: Int)
    /// The sample is the identity's only one.
    case lastSample(identity: String, sample: Int)
    /// `message` says which rule the name breaks.
    case invalidName(message: String)
    /// The name is that of an account of the daemon's host, which is not the caller's.
    case reservedName(identity: String)
    /// The user may enrol himself where polkit lets him, and it does not.
    case notAuthorized(AuthorizationRefusal)
    /// `cause` is one word for programs (`truncated`, `too_many_pixels`, …), `message` is for people.
    case imageRejected(cause: String, message: String)
    case noFace(message: String)
    /// `picture` says which of several pictures, in words.
    case severalFaces(count: Int, picture: String? = nil)
    /// The image cannot be enrolled: the measurements are those outside their limits.
    case lowQuality(unacceptable: [WireMeasurement])
    /// The identity has samples of another modality; or, without an identity, no model for the modality is loaded.
    case modalityMismatch(identity: String?, message: String)
    case noSuchOperatingPoint(asked: Double, available: [Double])
    /// No threshold of the model keeps a false-positive identification rate with so many references; `available` are
    /// those that its thresholds have, largest first.
    case noSuchIdentificationRate(asked: Double, references: Int, available: [Double])
    case busy(limit: Int)
    /// The caller has as many requests waiting as one may have. It is `Busy` to a program.
    case busyWithCaller(limit: Int)
    /// The daemon stops and takes no new work. It is `Busy` to a program, which may try again in the same way.
    case stopping
    /// Too many comparisons failed, or too many were asked for; `retryAfter` is in seconds.
    case tooManyAttempts(retryAfter: Int, isLockOut: Bool)
    /// The pictures of one call could fail more often than is allowed; of these `allowed` may be sent. It is
    /// `TooManyAttempts` to a program, without a lock-out; `retryAfter` is 0 where waiting allows no more.
    case tooManyAtOnce(asked: Int, allowed: Int, retryAfter: Int)
    /// A move would lock somebody out of an identity who is locked out of the one that the sample is of. It is
    /// `TooManyAttempts` to a program.
    case bringsLockOut(identity: String, to: String, retryAfter: Int)
    /// A backup is being sent already. It is `Busy` to a program.
    case backupRunning
    /// No one usable package is meant; `message` says why.
    case noSuchModel(message: String)
    /// `identities` are the first of `count` whose samples have no image any more.
    case rotationImpossible(identities: [String], count: Int, message: String)
    case rotationRunning(message: String)
    case noRotation
    indirect case rotationRefused(report: WireRotationReport, message: String)
    case nothingToRollBack(message: String)
    case identityExists(identity: String)
    /// `message` says which sample lacks what.
    case noUsableEmbedding(identity: String, message: String)
    case galleryDamaged(message: String)
    /// `message` says what this gallery cannot do, and what to do in its place.
    case notSupported(message: String)
    case `internal`(message: String)

    /// The name of the error on the wire.
    public var name: String { name(answering: InterfaceNames.verification) }

    /// The name of the error on the wire in an answer to a method of `interface`: both declare `Internal`, and each of
    /// the others is declared by one.
    public func name(answering interface: String) -> String {
        let declaring =
            switch self {
            case .internal: interface
            case .noSuchIdentity, .noSuchSample, .noUsableSample, .tooManySamples, .lastSample, .invalidName,
                .reservedName, .notAuthorized,
                .imageRejected,
                .noFace, .severalFaces, .lowQuality,
                .modalityMismatch, .noSuchOperatingPoint, .noSuchIdentificationRate, .busy, .busyWithCaller, .stopping,
                .backupRunning, .tooManyAttempts, .tooManyAtOnce, .bringsLockOut:
                InterfaceNames.verification
            case .noSuchModel, .rotationImpossible, .rotationRunning, .noRotation, .rotationRefused, .nothingToRollBack,
                .identityExists, .noUsableEmbedding, .galleryDamaged, .notSupported:
                InterfaceNames.admin
            }
        return "\(declaring).\(shortName)"
    }

    /// The name of ``rotationRefused(report:message:)``, which callers look for.
    public static let rotationRefusedName = "\(InterfaceNames.admin).RotationRefused"

    /// The name of ``severalFaces(count:picture:)``, likewise.
    public static let severalFacesName = "\(InterfaceNames.verification).SeveralFaces"

    /// The name of ``notAuthorized(_:)``, likewise.
    public static let notAuthorizedName = "\(InterfaceNames.verification).NotAuthorized"

    private var shortName: String {
        switch self {
        case .noSuchIdentity: "NoSuchIdentity"
        case .noSuchSample: "NoSuchSample"
        case .noUsableSample: "NoUsableSample"
        case .tooManySamples: "TooManySamples"
        case .lastSample: "LastSample"
        case .invalidName: "InvalidName"
        case .reservedName: "ReservedName"
        case .notAuthorized: "NotAuthorized"
        case .imageRejected: "ImageRejected"
        case .noFace: "NoFace"
        case .severalFaces: "SeveralFaces"
        case .lowQuality: "LowQuality"
        case .modalityMismatch: "ModalityMismatch"
        case .noSuchOperatingPoint: "NoSuchOperatingPoint"
        case .noSuchIdentificationRate: "NoSuchIdentificationRate"
        case .busy, .busyWithCaller, .stopping, .backupRunning: "Busy"
        case .tooManyAttempts, .tooManyAtOnce, .bringsLockOut: "TooManyAttempts"
        case .noSuchModel: "NoSuchModel"
        case .rotationImpossible: "RotationImpossible"
        case .rotationRunning: "RotationRunning"
        case .noRotation: "NoRotation"
        case .rotationRefused: "RotationRefused"
        case .nothingToRollBack: "NothingToRollBack"
        case .identityExists: "IdentityExists"
        case .noUsableEmbedding: "NoUsableEmbedding"
        case .galleryDamaged: "GalleryDamaged"
        case .notSupported: "NotSupported"
        case .internal: "Internal"
        }
    }
}

extension ServiceFailure: CustomStringConvertible {
    /// What was wrong and what to do about it.
    public var description: String {
        switch self {
        case .noSuchIdentity(let identity):
            "no identity is enrolled as “\(identity)”; enroll list shows the names"
        case .noSuchSample(let identity, let sample):
            "“\(identity)” has no sample \(sample); enroll show lists its samples"
        case .tooManySamples(let identity, let limit):
            "“\(identity)” has \(limit) samples already, which is the most; remove one first (enroll remove NAME --sample N)"
        case .lastSample(let identity, let sample):
            "sample \(sample) is the only one of “\(identity)”, of whom nothing would be left; let “\(identity)” go with it (--last), or enrol another image first"
        case .invalidName(let message), .imageRejected(_, let message), .noFace(let message),
            .modalityMismatch(_, let message), .noSuchModel(let message), .rotationImpossible(_, _, let message),
            .rotationRunning(let message), .rotationRefused(_, let message), .nothingToRollBack(let message),
            .noUsableSample(_, let message), .noUsableEmbedding(_, let message), .galleryDamaged(let message),
            .notSupported(let message),
            .internal(let message):
            message
        case .reservedName(let identity):
            "“\(identity)” is the name of an account of this host: its user alone may change what is enrolled under it, or an administrator"
        case .notAuthorized(let refusal):
            "nothing was changed: \(refusal.explanation)"
        case .severalFaces(let count, let picture):
            "\(picture ?? "the image") shows \(count) faces; crop it to one person, or ask for the largest face (--largest)"
        case .lowQuality(let unacceptable):
            "the image is not good enough to enrol: " + unacceptable.map(\.complaint).joined(separator: "; ")
        case .noSuchOperatingPoint(let asked, let available):
            "the model has no threshold for a false-match rate of \(NumberText.exactRate(asked)); it has: "
                + available.map(NumberText.exactRate).joined(separator: ", ")
        case .noSuchIdentificationRate(let asked, let references, let available):
            "no threshold of the model keeps a false-positive identification rate of \(NumberText.exactRate(asked)) among "
                + "\(NumberText.count(references, "reference")); its thresholds keep: "
                + (available.contains { $0 < 1 }
                    ? NumberText.ratesToAskFor(available).joined(separator: ", ") : "none below 1")
        case .busy(let limit):
            "the daemon has \(limit) requests waiting and takes no more; try again in a moment"
        case .busyWithCaller(let limit):
            "too many requests of yours: \(limit) are waiting, which is the most that one user may have; try again in a moment"
        case .stopping:
            "the daemon is stopping and takes no more requests; try again in a moment"
        case .tooManyAttempts(let seconds, true):
            "too many comparisons have failed, and no further one is made for \(NumberText.duration(seconds: Double(seconds))); an administrator can lift that sooner (enroll unlock)"
        case .tooManyAttempts(let seconds, false):
            "too many comparisons in a short time; try again in \(NumberText.duration(seconds: Double(seconds)))"
        case .tooManyAtOnce(let asked, let allowed, let seconds):
            "\(NumberText.count(asked, "picture")) at once could fail more often than you may; send at most \(allowed) now"
                + (seconds > 0 ? ", and more in \(NumberText.duration(seconds: Double(seconds)))" : "")
        case .bringsLockOut(let identity, let other, let seconds):
            "somebody is locked out of “\(identity)” after failed comparisons, and would be of “\(other)” with this sample; nothing was moved, try again in \(NumberText.duration(seconds: Double(seconds))), or have an administrator lift that (enroll unlock --identity NAME)"
        case .backupRunning:
            "another backup is being sent, and one is at a time; try again when it is done"
        case .noRotation:
            "no rotation is under way; enroll rotate --status tells how the last one ended"
        case .identityExists(let identity):
            "“\(identity)” is enrolled already; remove it first, or ask to replace it (--replace) or to leave it (--skip-existing)"
        }
    }
}

extension WireMeasurement {
    /// What is wrong with the measured value, as a clause with the value, the limit and what to do.
    public var complaint: String {
        if let quantity = QualityMeasurement.Quantity(rawValue: quantity),
            let defect = QualityDefect(QualityMeasurement(quantity, value, minimum: minimum, maximum: maximum))
        {
            return defect.description
        }
        // What a later daemon measures.
        let isLow = minimum.map { value < $0 } ?? false
        let (measured, limit) = NumberText.missed(value, limit: (isLow ? minimum : maximum) ?? value)
        return "\(quantity) is \(measured), and "
            + (isLow ? "at least \(limit) is needed" : "at most \(limit) is allowed")
    }
}

/// The parameters of the error on the wire; each carries `message`, the description.
extension ServiceFailure: Encodable {
    private enum Key: String, CodingKey {
        case identity, identities, sample, limit, cause, locked, count, unacceptable, available, references, report
        case message
        case retryAfter = "retry_after"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(description, forKey: .message)
        switch self {
        case .noSuchIdentity(let identity), .reservedName(let identity):
            try container.encode(identity, forKey: .identity)
        case .noSuchSample(let identity, let sample), .lastSample(let identity, let sample):
            try container.encode(identity, forKey: .identity)
            try container.encode(sample, forKey: .sample)
        case .tooManySamples(let identity, let limit):
            try container.encode(identity, forKey: .identity)
            try container.encode(limit, forKey: .limit)
        case .imageRejected(let cause, _):
            try container.encode(cause, forKey: .cause)
        case .notAuthorized(let refusal):
            try container.encode(refusal.rawValue, forKey: .cause)
        case .tooManyAttempts(let retryAfter, let isLockOut):
            try container.encode(retryAfter, forKey: .retryAfter)
            try container.encode(isLockOut, forKey: .locked)
        case .tooManyAtOnce(_, _, let retryAfter):
            try container.encode(retryAfter, forKey: .retryAfter)
            try container.encode(false, forKey: .locked)
        case .bringsLockOut(_, _, let retryAfter):
            try container.encode(retryAfter, forKey: .retryAfter)
            try container.encode(true, forKey: .locked)
        case .severalFaces(let count, _):
            try container.encode(count, forKey: .count)
        case .lowQuality(let unacceptable):
            try container.encode(unacceptable, forKey: .unacceptable)
        case .modalityMismatch(let identity, _):
            try container.encodeIfPresent(identity, forKey: .identity)
        case .noSuchOperatingPoint(_, let available):
            try container.encode(available, forKey: .available)
        case .noSuchIdentificationRate(_, let references, let available):
            try container.encode(references, forKey: .references)
            try container.encode(available, forKey: .available)
        case .rotationImpossible(let identities, let count, _):
            try container.encode(identities, forKey: .identities)
            try container.encode(count, forKey: .count)
        case .rotationRefused(let report, _):
            try container.encode(report, forKey: .report)
        case .identityExists(let identity), .noUsableSample(let identity, _), .noUsableEmbedding(let identity, _):
            try container.encode(identity, forKey: .identity)
        case .invalidName, .noFace, .busy, .busyWithCaller, .stopping, .backupRunning, .noSuchModel, .rotationRunning,
            .noRotation, .nothingToRollBack,
            .galleryDamaged, .notSupported, .internal:
            break
        }
    }
}
