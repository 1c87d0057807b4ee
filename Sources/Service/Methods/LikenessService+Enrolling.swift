import Biometrics
import Gallery
import LikenessInterface
import Recognition
import Varlink

extension LikenessService {
    /// The most identities that an enrolment warns of.
    private static let maximumNearIdentities = 5

    /// - Parameter isSecond: whether another daemon's rotation was followed for it already.
    /// - Throws: ``ServiceFailure``, or `CancellationError` when the caller has gone before anything was stored.
    func enroll(
        _ parameters: EnrollMethod.Parameters, by peer: PeerCredentials, isSecond: Bool = false
    ) async throws -> EnrollMethod.Reply {
        let name = try identityName(parameters.identity)
        let modality = try await modalityForEnrolment(of: name, asked: parameters.modality)
        let probe = try await workers.embed(
            ProbeRequest(
                modality: modality, image: parameters.image, takesLargestFace: parameters.largest ?? false, purpose: .enrolment))
        guard let stored = probe.stored, let embedding = probe.embedding, let model = models[modality] else {
            throw ServiceFailure.internal(message: "a sample for enrolment has no form to be kept in")
        }
        try Task.checkCancellation()
        // Where a rotation was activated meanwhile, the image is embedded again.
        guard gallery.index(of: modality)?.accepts(embedding) ?? true, model.description.digest == embedding.model else {
            return try await enroll(parameters, by: peer, isSecond: isSecond)
        }
        let sample = NewSample(
            image: stored.image, width: stored.width, height: stored.height, original: stored.original,
            measurements: probe.measurements, embedding: embedding)
        let enrolment: Enrolment
        let neighbourhood: Neighbourhood
        do throws(GalleryError) {
            (enrolment, neighbourhood) = try await gallery.enrol(
                sample, as: name, modality: modality, by: AuditActor(peer)
            ) { index throws(IncomparableEmbeddings) in
                try Neighbourhood(
                    of: embedding, enrolledAs: name, in: index, threshold: model.defaultPoint.threshold,
                    limit: Self.maximumNearIdentities)
            }
        } catch {
            // The enrolment may have waited for the activation of another model.
            if case .wrongEmbedding = error, models[modality]?.description.digest != embedding.model {
                return try await enroll(parameters, by: peer, isSecond: isSecond)
            }
            if case .wrongEmbedding = error, gallery.store.isShared, !isSecond {
                try await followGenerations()
                return try await enroll(parameters, by: peer, isSecond: true)
            }
            throw ServiceFailure(error)
        }
        return EnrollMethod.Reply(
            identity: name.text, sample: enrolment.sample.number, samples: enrolment.sampleCount,
            measurements: probe.measurements.map(WireMeasurement.init),
            warnings: enrolment.duplicates.map(WireWarning.init(duplicate:)) + neighbourhood.warnings(for: name),
            model: model.description.digest.hexadecimal)
    }

    /// The modality to enrol with, and the refusals that need no look at the image.
    private func modalityForEnrolment(of name: IdentityName, asked: Modality?) async throws -> Modality {
        if let enrolled = gallery.find(name) {
            if let asked, asked != enrolled.modality {
                throw ServiceFailure(GalleryError.modalityMismatch(name, enrolled: enrolled.modality, offered: asked))
            }
            // The store says the same again, when no other enrolment can come between.
            guard enrolled.samples < gallery.store.maximumSamples else {
                throw ServiceFailure.tooManySamples(identity: name.text, limit: gallery.store.maximumSamples)
            }
            return enrolled.modality
        }
        let modality = try modality(asked)
        if let details = try await details(of: name), details.identity.modality != modality {
            throw ServiceFailure(
                GalleryError.modalityMismatch(name, enrolled: details.identity.modality, offered: modality))
        }
        return modality
    }
}

/// Who is near a sample that is about to be enrolled.
private struct Neighbourhood: Sendable {
    /// Other identities within the threshold, nearest first.
    let others: [GalleryIndex.Neighbour]
    /// The distance to the identity's own samples, where that is beyond the threshold.
    let unlikeOwn: Double?

    init(
        of embedding: Embedding, enrolledAs name: IdentityName, in index: GalleryIndex, threshold: Double, limit: Int
    ) throws(IncomparableEmbeddings) {
        others = try index.nearest(to: embedding, limit: limit, excluding: name).filter { $0.distance <= threshold }
        let own = try index.identities[name]?.reference.distance(to: embedding)
        unlikeOwn = own.flatMap { $0 <= threshold ? nil : $0 }
    }

    func warnings(for name: IdentityName) -> [WireWarning] {
        var warnings = others.map { other in
            WireWarning(
                kind: .nearIdentity,
                message: "the sample is so near “\(other.identity)” that it would be taken for them; check that they are not one person",
                identity: other.identity.text, distance: other.distance.onTheWire)
        }
        if let unlikeOwn {
            warnings.append(
                WireWarning(
                    kind: .unlikeOwnSamples,
                    message: "the sample is unlike the other samples of “\(name)”; check that it shows the same person",
                    identity: name.text, distance: unlikeOwn.onTheWire))
        }
        return warnings
    }
}

extension WireWarning {
    fileprivate init(duplicate: SampleReference) {
        self.init(
            kind: .duplicateSample,
            message: "the very same file is enrolled already, as sample \(duplicate.number) of “\(duplicate.identity)”; another picture would add more",
            identity: duplicate.identity.text, sample: duplicate.number)
    }
}
