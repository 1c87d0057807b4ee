// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Recognition

/// Enroll, Remove, Describe and List.
struct EnrollmentService: Sendable {
    let models: ActiveModels
    let gallery: EnrolledGallery
    let workers: ActiveWorkers
    let attempts: AttemptLedger
    let follower: GalleryFollower

    var methods: [ServiceMethod] {
        [
            ServiceMethod(enroll(_:_:)),
            ServiceMethod { (parameters: Remove, call) in try await remove(parameters, by: call.caller) },
            ServiceMethod { (parameters: Describe, call) in try await describe(parameters, for: call.grants) },
            ServiceMethod { (_: List, call) in try await list(call) },
        ]
    }

    /// The most identities that an enrolment warns of.
    private static let maximumNearIdentities = 5

    /// How often an image is embedded again because another model was activated meanwhile.
    private static let enrollmentAttempts = 4

    /// - Throws: ``ServiceFailure``, or `CancellationError` when the caller has gone before anything was stored.
    func enroll(_ parameters: Enroll, _ call: ServiceCall<Enroll>) async throws -> Enroll.Reply {
        let caller = call.caller, name = try IdentityName(sent: parameters.identity)
        try caller.checkChange(of: name)
        if caller.grants.score { return try await enrolled(parameters, caller).reply }
        // An enrolment tells whom a picture would match: it is charged as a comparison is, and counts where it has told
        // something.
        let ticket = try await attempts.charge(caller.actor, identity: name)
        let reply: Enroll.Reply, told: [IdentityName]
        do {
            (reply, told) = try await enrolled(parameters, caller)
        } catch {
            attempts.settle(ticket, .undecided)
            throw error
        }
        // Before the charge is given back, so that no call at once slips between.
        for other in told where other != name { await attempts.countFailure(caller.actor, identity: other) }
        attempts.settle(ticket, told.contains(name) ? .noMatch : .undecided)
        return reply
    }

    /// Enrols, and returns the identities of which the reply's warnings tell something.
    private func enrolled(
        _ parameters: Enroll, _ caller: Caller
    ) async throws -> (reply: Enroll.Reply, told: [IdentityName]) {
        for attempt in 0..<Self.enrollmentAttempts {
            if let enrolled = try await enroll(parameters, caller, isFirst: attempt == 0) { return enrolled }
        }
        throw ServiceFailure.internal(
            message:
                "other models were activated \(Self.enrollmentAttempts) times while the image was embedded; nothing was enrolled, try again"
        )
    }

    /// Nil where another model was activated meanwhile, and nothing is enrolled.
    private func enroll(
        _ parameters: Enroll, _ caller: Caller, isFirst: Bool
    ) async throws -> (reply: Enroll.Reply, told: [IdentityName])? {
        let name = try IdentityName(sent: parameters.identity)
        let modality = try await modalityForEnrollment(of: name, asked: parameters.modality)
        let probe = try await workers.embed(
            ProbeRequest(
                modality: modality, image: parameters.image, takesLargestFace: parameters.largest ?? false,
                purpose: .enrollment,
                caller: caller.user))
        guard let stored = probe.stored, let embedding = probe.embedding, let model = models[modality] else {
            throw ServiceFailure.internal(message: "a sample for enrolment has no form to be kept in")
        }
        try Task.checkCancellation()
        // Where a rotation was activated meanwhile, the image is embedded again.
        guard gallery.index(of: modality)?.accepts(embedding) ?? true, model.description.digest == embedding.model
        else { return nil }
        let sample = NewSample(
            image: stored.image, width: stored.width, height: stored.height, original: stored.original,
            measurements: probe.measurements, embedding: embedding)
        let enrollment: Enrollment
        let neighborhood: Neighborhood
        do throws(GalleryError) {
            (enrollment, neighborhood) = try await gallery.enroll(
                sample, as: name, modality: modality, by: caller.actor
            ) { index throws(IncomparableEmbeddings) in
                try Neighborhood(
                    of: embedding, enrolledAs: name, in: index, threshold: model.defaultPoint.threshold,
                    limit: Self.maximumNearIdentities)
            }
        } catch {
            // The enrolment may have waited for the activation of another model.
            if case .wrongEmbedding = error, models[modality]?.description.digest != embedding.model {
                return nil
            }
            if case .wrongEmbedding = error, gallery.store.isShared, isFirst {
                try await follower.followGenerations()
                return nil
            }
            throw ServiceFailure(error)
        }
        let reply = Enroll.Reply(
            identity: name.text, sample: enrollment.sample.number, samples: enrollment.sampleCount,
            measurements: caller.grants.score ? probe.measurements.map(WireMeasurement.init) : [],
            warnings: enrollment.duplicates.map(WireWarning.init(duplicate:))
                + neighborhood.warnings(for: name, withDistances: caller.grants.score),
            model: model.description.digest.hexadecimal)
        return (reply, neighborhood.told(of: name))
    }

    /// The modality to enrol with, and the refusals that need no look at the image.
    private func modalityForEnrollment(of name: IdentityName, asked: Modality?) async throws -> Modality {
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
        let modality = try models.modality(asked)
        if let details = try await gallery.details(of: name), details.identity.modality != modality {
            throw ServiceFailure(
                GalleryError.modalityMismatch(name, enrolled: details.identity.modality, offered: modality))
        }
        return modality
    }
}
