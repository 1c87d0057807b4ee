// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Recognition
import Varlink

/// EnrollSamples, CheckSample and MoveSample.
extension EnrollmentService {
    /// - Throws: ``ServiceFailure``, or `VarlinkError` for a number of images out of range.
    func enrollSamples(
        _ parameters: EnrollSamples, _ call: ServiceCall<EnrollSamples>
    ) async throws -> EnrollSamples.Reply {
        let name = try IdentityName(sent: parameters.identity)
        guard EnrollSamples.limits.contains(parameters.images.count) else {
            throw VarlinkError.invalidParameter("images")
        }
        try Base64Image.check(
            together: parameters.images, limits: configuration.value.images, called: "all images together")
        return try await enroll(
            Batch(name: name, images: parameters.images, modality: parameters.modality, largest: parameters.largest),
            call.caller)
    }

    /// Looks at an image as an enrolment does, up to where that would ask the gallery. It is held to the rate alone.
    ///
    /// - Throws: ``ServiceFailure`` where it would not be enrolled.
    func check(_ parameters: CheckSample, _ call: ServiceCall<CheckSample>) async throws -> CheckSample.Reply {
        let name = try IdentityName(sent: parameters.identity)
        try await call.caller.checkChange(of: name)
        return try await attempts.metered(call.caller, for: nil, pictures: 1) { _ in
            let modality = try await modalityForEnrollment(of: name, asked: parameters.modality)
            let probe = try await probed(parameters.image, modality, largest: parameters.largest, call.caller)
            guard let embedding = probe.embedding else {
                throw ServiceFailure.internal(message: "a sample that is fit to enrol has no embedding")
            }
            return CheckSample.Reply(
                modality: modality,
                measurements: call.grants.score ? probe.measurements.map(WireMeasurement.init) : [],
                model: embedding.model.hexadecimal)
        }
    }

    /// - Throws: ``ServiceFailure``, or `VarlinkError` for an identity that a sample would be moved to from itself.
    func move(_ parameters: MoveSample, by caller: Caller) async throws -> MoveSample.Reply {
        let name = try IdentityName(sent: parameters.identity), other = try IdentityName(sent: parameters.to)
        for changed in [name, other] { try await caller.checkChange(of: changed) }
        guard name != other else { throw VarlinkError.invalidParameter("to") }
        // Who is locked out of an identity must not take its samples to where he is not.
        if !caller.grants.score { try await attempts.requireAdmitted(caller.actor, identity: name) }
        return try await charged(caller, other, pictures: 1) {
            let (reply, told) = try await moved(parameters, from: name, to: other, caller)
            return (reply, [told])
        }
    }

    /// Moves, and returns the identities of which the reply's warnings tell something.
    private func moved(
        _ parameters: MoveSample, from name: IdentityName, to other: IdentityName, _ caller: Caller
    ) async throws -> (reply: MoveSample.Reply, told: [IdentityName]) {
        let sample = SampleReference(identity: name, number: parameters.sample)
        var permissions: SampleMove.Permissions = []
        if parameters.create == true { permissions.insert(.makingIdentity) }
        if parameters.last == true { permissions.insert(.takingLast) }
        do throws(GalleryError) {
            let (move, neighborhood) = try await gallery.move(
                sample, to: other, permissions, by: caller.actor, carrying: attempts.carrying(from: name, to: other)
            ) { index throws(IncomparableEmbeddings) -> Neighborhood? in
                guard let model = models[index.model.modality],
                    let embedding = index.identities[name]?.samples.first(where: { $0.number == sample.number })?
                        .embedding
                else { return nil }
                return try Neighborhood(
                    of: embedding, movedFrom: sample, to: other, in: index, threshold: model.defaultPoint.threshold)
            }
            let near = neighborhood.flatMap(\.self)
            let reply = MoveSample.Reply(
                identity: other.text, sample: move.sample.number, samples: move.sampleCount, remaining: move.remaining,
                created: move.madeIdentity,
                warnings: move.duplicates.map(WireWarning.init(duplicate:))
                    + (near?.warnings(for: other, withDistances: caller.grants.score) ?? []))
            return (reply, near?.told(of: other) ?? [])
        } catch {
            throw ServiceFailure(error)
        }
    }
}
