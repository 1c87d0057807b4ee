// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Decoding
import Foundation
import Gallery
import Imaging
import Recognition

/// How a service works: what the daemon's configuration file states, resolved.
public struct ServiceConfiguration: Sendable, Hashable {
    /// The program's version, for status.
    public var version: String
    /// Where the gallery is, for status.
    public var galleryPath: String
    /// Threads that decode, prepare and embed; 0 for one per core.
    public var workers = 0
    /// Those that there are, at least 1.
    public var workerCount: Int { workers > 0 ? workers : ProcessInfo.processInfo.activeProcessorCount }
    /// Requests that may wait for a worker, at least 1; one more is refused.
    public var queueLength = 64
    /// The false match rate whose threshold holds when the caller names none. Every model needs one measured for it.
    public var operatingPoint = Calibration.defaultRate
    /// The same for signatures.
    public var signatureOperatingPoint = Calibration.defaultRate
    /// The share of skilled forgeries that may match, which then chooses the threshold of signatures in place of that
    /// rate; nil for that rate.
    public var signatureSkilledRate: Double?
    /// The same for models that state such a share, where ``signatureSkilledRate`` is nil; the rate holds for the others.
    public var signatureUsualSkilledRate: Double?
    public var rule = DistanceRule.mean
    /// The most by which the gallery's own equal error rate may rise with a rotation, where the caller says nothing
    /// else; 0 to 1.
    public var maximumDrop = 0.01
    /// How long entries of the audit log are kept.
    public var auditRetention = AuditRetention(age: 365 * 86_400, entries: nil)
    /// Whether comparisons are entered in the audit log, each with a write to the disk before it is answered.
    public var auditsComparisons = false
    /// How much of an image is taken.
    public var images = DecodingLimits.default
    /// The program that decodes strangers' files; nil to decode them in this process.
    public var decoder: DecoderProgram?
    /// How long a worker may be at one image, or at embedding one batch, before it is given up and another takes its
    /// place.
    public var workerTimeout = Duration.seconds(60)
    public var access = AccessPolicy()
    /// Where the accounts of callers are looked up.
    public var users = UserDatabase.host
    /// How often a caller may fail.
    public var attempts = AttemptLimits()
    /// Whether the journal names people although the gallery is encrypted.
    public var journalNamesPeople = false

    /// How the distance of a probe to an identity is taken over its samples.
    public enum DistanceRule: String, Sendable, Hashable, CaseIterable {
        /// To the mean of the samples, of the kind that suits the model (``ModelManifest/defaultReferenceRule``).
        case mean
        /// To the nearest sample.
        case minimum
    }

    /// What holds for a modality when the caller names no rate.
    public func operatingPoint(of modality: Modality) -> OperatingPointChoice {
        guard modality == .signature else { return .falseMatchRate(operatingPoint) }
        if let signatureSkilledRate { return .skilledFalseMatchRate(signatureSkilledRate) }
        guard let signatureUsualSkilledRate else { return .falseMatchRate(signatureOperatingPoint) }
        return .skilledFalseMatchRateIfMeasured(signatureUsualSkilledRate, otherwise: signatureOperatingPoint)
    }

    public init(version: String, galleryPath: String) {
        self.version = version
        self.galleryPath = galleryPath
    }
}
