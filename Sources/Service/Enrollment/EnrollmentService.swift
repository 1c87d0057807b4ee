// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import Imaging
import LikenessInterface
import Recognition

/// Enroll, EnrollSamples, CheckSample, MoveSample, Remove, Describe and List.
struct EnrollmentService: Sendable {
    let models: ActiveModels
    let gallery: EnrolledGallery
    let workers: ActiveWorkers
    let attempts: AttemptLedger
    let follower: GalleryFollower
    let configuration: CurrentConfiguration

    var methods: [ServiceMethod] {
        [
            ServiceMethod(enroll(_:_:)),
            ServiceMethod(enrollSamples(_:_:)),
            ServiceMethod(check(_:_:)),
            ServiceMethod { (parameters: MoveSample, call) in try await move(parameters, by: call.caller) },
            ServiceMethod { (parameters: Remove, call) in try await remove(parameters, by: call.caller) },
            ServiceMethod { (parameters: Describe, call) in try await describe(parameters, for: call.caller) },
            ServiceMethod { (_: List, call) in try await list(call) },
        ]
    }

    /// How often images are embedded again because another model was activated meanwhile.
    private static let enrollmentAttempts = 4

    /// Images that are to become samples of one identity, in one step.
    struct Batch: Sendable {
        let name: IdentityName
        let images: [String]
        let modality: Modality?
        let largest: Bool?

        /// Which of several images something is about, in words; nil where there is one.
        func picture(_ place: Int) -> String? { images.count > 1 ? "image \(place + 1)" : nil }
    }

    /// - Throws: ``ServiceFailure``, or `CancellationError` when the caller has gone before anything was stored.
    func enroll(_ parameters: Enroll, _ call: ServiceCall<Enroll>) async throws -> Enroll.Reply {
        let name = try IdentityName(sent: parameters.identity)
        let reply = try await enroll(
            Batch(
                name: name, images: [parameters.image], modality: parameters.modality, largest: parameters.largest),
            call.caller)
        guard let enrolled = reply.enrolled.first else {
            throw ServiceFailure.internal(message: "an enrolment of one image made no sample")
        }
        return Enroll.Reply(
            identity: reply.identity, sample: enrolled.sample, samples: reply.samples,
            measurements: enrolled.measurements, warnings: enrolled.warnings, model: reply.model)
    }

    /// Enrols all of a batch, or nothing.
    func enroll(_ batch: Batch, _ caller: Caller) async throws -> EnrollSamples.Reply {
        try await caller.checkChange(of: batch.name)
        return try await charged(caller, batch.name, pictures: batch.images.count) {
            for attempt in 0..<Self.enrollmentAttempts {
                if let enrolled = try await enrolled(batch, caller, isFirst: attempt == 0) { return enrolled }
            }
            throw ServiceFailure.internal(
                message:
                    "other models were activated \(Self.enrollmentAttempts) times while the image was embedded; nothing was enrolled, try again"
            )
        }
    }

    /// Does what tells whom pictures would be taken for: it is charged as a comparison is, and counts where it has told
    /// something.
    ///
    /// - Parameter work: returns the identities of which the reply's warnings tell something, for each picture.
    func charged<Reply>(
        _ caller: Caller, _ name: IdentityName, pictures: Int,
        _ work: () async throws -> (reply: Reply, told: [[IdentityName]])
    ) async throws -> Reply {
        if caller.grants.score { return try await work().reply }
        var tickets: [AttemptLedger.Ticket] = []
        let reply: Reply, told: [[IdentityName]]
        do {
            tickets = try await attempts.charge(caller.actor, identity: name, count: pictures)
            attempts.owe(caller, for: nil, pictures - 1)
            (reply, told) = try await work()
        } catch {
            for ticket in tickets { attempts.settle(ticket, .undecided) }
            throw error
        }
        // Before the charge is given back, so that no call at once slips between.
        for other in told.joined() where other != name {
            await attempts.countFailure(caller.actor, identity: other)
        }
        // What is given back first, so that the audit log is told of a lock-out only where there is one.
        let outcomes = told.map { $0.contains(name) ? AttemptLedger.Outcome.noMatch : .undecided }
        for outcome in [AttemptLedger.Outcome.undecided, .noMatch] {
            for (ticket, ended) in zip(tickets, outcomes) where ended == outcome { attempts.settle(ticket, outcome) }
        }
        return reply
    }

    /// Nil where another model was activated meanwhile, and nothing is enrolled.
    private func enrolled(
        _ batch: Batch, _ caller: Caller, isFirst: Bool
    ) async throws -> (reply: EnrollSamples.Reply, told: [[IdentityName]])? {
        let name = batch.name
        let modality = try await modalityForEnrollment(of: name, asked: batch.modality, samples: batch.images.count)
        var samples: [NewSample] = [], embeddings: [Embedding] = [], loaded: LoadedModel?
        for (place, image) in batch.images.enumerated() {
            let probe: Probe
            do {
                probe = try await probed(image, modality, largest: batch.largest, caller)
            } catch let failure as ServiceFailure {
                throw batch.picture(place).map(failure.naming) ?? failure
            }
            guard let stored = probe.stored, let embedding = probe.embedding, let model = models[modality] else {
                throw ServiceFailure.internal(message: "a sample for enrolment has no form to be kept in")
            }
            try Task.checkCancellation()
            // Where a rotation was activated meanwhile, the images are embedded again.
            guard gallery.index(of: modality)?.accepts(embedding) ?? true, model.description.digest == embedding.model
            else { return nil }
            samples.append(
                NewSample(
                    image: stored.image, width: stored.width, height: stored.height, original: stored.original,
                    measurements: probe.measurements, embedding: embedding))
            embeddings.append(embedding)
            loaded = model
        }
        guard let model = loaded else { throw ServiceFailure.internal(message: "an enrolment has no image") }
        let enrollments: [Enrollment]
        var neighborhoods: [Neighborhood]
        do throws(GalleryError) {
            (enrollments, neighborhoods) = try await gallery.enroll(
                samples, as: name, modality: modality, by: caller.actor
            ) { [embeddings] index throws(IncomparableEmbeddings) in
                try embeddings.indices.map { place throws(IncomparableEmbeddings) in
                    try Neighborhood(
                        of: embeddings[place], enrolledAs: name, with: Array(embeddings[..<place]), in: index,
                        threshold: model.defaultPoint.threshold)
                }
            }
        } catch {
            // The enrolment may have waited for the activation of another model.
            if case .wrongEmbedding = error, models[modality]?.description.digest != model.description.digest {
                return nil
            }
            if case .wrongEmbedding = error, gallery.store.isShared, isFirst {
                try await follower.followGenerations()
                return nil
            }
            throw ServiceFailure(error)
        }
        // Whoever may change his own alone would otherwise learn by it who else is enrolled and whom a picture shows.
        let isToldOfOthers = caller.grants.knowsWhoIsEnrolled
        if !isToldOfOthers { neighborhoods = neighborhoods.map(\.withoutOthers) }
        let enrolled = zip(zip(enrollments, neighborhoods), samples).map { made, sample in
            WireNewSample(
                sample: made.0.sample.number,
                measurements: caller.grants.score ? sample.measurements.map(WireMeasurement.init) : [],
                warnings: made.0.duplicates.filter { isToldOfOthers || $0.identity == name }
                    .map(WireWarning.init(duplicate:))
                    + made.1.warnings(for: name, withDistances: caller.grants.score))
        }
        let reply = EnrollSamples.Reply(
            identity: name.text, enrolled: enrolled, samples: enrollments.last?.sampleCount ?? 0,
            model: model.description.digest.hexadecimal)
        return (reply, neighborhoods.map { $0.told(of: name) })
    }

    /// What a worker makes of an image that is to be enrolled.
    ///
    /// - Throws: ``ServiceFailure``, where it is not to be.
    func probed(_ image: String, _ modality: Modality, largest: Bool?, _ caller: Caller) async throws -> Probe {
        try await workers.embed(
            ProbeRequest(
                modality: modality, image: image, takesLargestFace: largest ?? false, purpose: .enrollment,
                caller: caller.user))
    }

    /// The modality to enrol with, and the refusals that need no look at an image.
    func modalityForEnrollment(
        of name: IdentityName, asked: Modality?, samples: Int = 1
    ) async throws -> Modality {
        if let enrolled = gallery.find(name) {
            if let asked, asked != enrolled.modality {
                throw ServiceFailure(GalleryError.modalityMismatch(name, enrolled: enrolled.modality, offered: asked))
            }
            // The store says the same again, when no other enrolment can come between.
            guard enrolled.samples + samples <= gallery.store.maximumSamples else {
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
