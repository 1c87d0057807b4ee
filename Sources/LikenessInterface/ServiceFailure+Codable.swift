// SPDX-License-Identifier: Apache-2.0

/// The parameters of the error on the wire; each carries `message`, the description.
extension ServiceFailure: Encodable {
    private enum Key: String, CodingKey {
        case identity, identities, sample, limit, cause, locked, count, unacceptable, available, report, message
        case retryAfter = "retry_after"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(description, forKey: .message)
        switch self {
        case .noSuchIdentity(let identity):
            try container.encode(identity, forKey: .identity)
        case .noSuchSample(let identity, let sample):
            try container.encode(identity, forKey: .identity)
            try container.encode(sample, forKey: .sample)
        case .tooManySamples(let identity, let limit):
            try container.encode(identity, forKey: .identity)
            try container.encode(limit, forKey: .limit)
        case .imageRejected(let cause, _):
            try container.encode(cause, forKey: .cause)
        case .tooManyAttempts(let retryAfter, let isLockOut):
            try container.encode(retryAfter, forKey: .retryAfter)
            try container.encode(isLockOut, forKey: .locked)
        case .severalFaces(let count):
            try container.encode(count, forKey: .count)
        case .lowQuality(let unacceptable):
            try container.encode(unacceptable, forKey: .unacceptable)
        case .modalityMismatch(let identity, _):
            try container.encodeIfPresent(identity, forKey: .identity)
        case .noSuchOperatingPoint(_, let available):
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
