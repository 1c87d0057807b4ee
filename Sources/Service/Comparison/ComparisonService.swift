// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import Imaging
import LikenessInterface
import Recognition
import Varlink

/// Verify, VerifyFrames, Identify and IdentifyAll: probes are embedded by the workers and compared with what memory holds of the gallery.
struct ComparisonService: Sendable {
    let models: ActiveModels
    let gallery: EnrolledGallery
    let workers: ActiveWorkers
    let attempts: AttemptLedger
    let configuration: CurrentConfiguration
    let metrics: ServiceMetrics

    var methods: [ServiceMethod] {
        [
            ServiceMethod(verify(_:_:)), ServiceMethod(verifyFrames(_:_:)), ServiceMethod(identify(_:_:)),
            ServiceMethod(identifyAll(_:_:)),
        ]
    }

    /// How often a probe is embedded again because another model was activated while a worker was at it.
    static let comparisonAttempts = 4

    /// - Throws: ``ServiceFailure``, `PermissionDenied` for what needs a grant, or `CancellationError` when the caller
    ///   has gone before a worker began.
    func verify(_ parameters: Verify, _ call: ServiceCall<Verify>) async throws -> Verify.Reply {
        try call.caller.checkOperatingPoint(parameters.operatingPoint)
        let name = try IdentityName(sent: parameters.identity)
        try await call.caller.checkVerification(of: name, for: parameters.user)
        return try await attempts.counted(call.caller, for: parameters.user, identity: name) {
            let (comparison, _) = try await verification(of: Attempt(parameters), name, call.caller)
            let reply = comparison.reply(identity: name, for: call.grants)
            try await call.enter(
                .verify, identity: name, model: ModelDigest(hexadecimal: reply.model), result: reply.result.rawValue)
            return (reply, reply.result)
        }
    }

    /// - Throws: as ``verify(_:_:)``, and `VarlinkError` for a limit out of range.
    func identify(_ parameters: Identify, _ call: ServiceCall<Identify>) async throws -> Identify.Reply {
        let threshold = try SearchThreshold(
            falseMatchRate: parameters.operatingPoint, identificationRate: parameters.identificationRate,
            of: call.caller)
        let limit = parameters.limit ?? Identify.defaultLimit
        guard Identify.limits.contains(limit) else { throw VarlinkError.invalidParameter("limit") }
        let modality = try models.modality(parameters.modality)
        return try await attempts.counted(call.caller, for: parameters.user, identity: nil) {
            let search = try await identification(of: parameters, modality, at: threshold, limit: limit, call.caller)
            let reply = search.reply(for: call.grants)
            try await call.enter(
                .identify, identity: search.matched, model: ModelDigest(hexadecimal: reply.model),
                result: reply.result.rawValue)
            return (reply, reply.result)
        }
    }

    // MARK: Verification

    /// Compares with the identity, or tells why that cannot be. To a caller who may not know who is enrolled, nobody is
    /// someone who does not match.
    func verification(
        of attempt: Attempt, _ name: IdentityName, _ caller: Caller
    ) async throws -> DecidedFrame {
        for _ in 0..<Self.comparisonAttempts {
            guard let modality = gallery.find(name)?.modality else {
                guard caller.grants.knowsWhoIsEnrolled else {
                    if let decided = try await comparisonWithNobody(attempt, name, caller) { return decided }
                    continue
                }
                if try await hasArrived(name) { continue }
                throw try await absence(of: name)
            }
            if let decided = try await comparison(of: attempt, with: name, modality, caller) { return decided }
        }
        throw Self.changesTooOften
    }

    /// Nil where another model was activated meanwhile.
    private func comparison(
        of attempt: Attempt, with name: IdentityName, _ modality: Modality, _ caller: Caller
    ) async throws -> DecidedFrame? {
        let model = try models.model(of: modality)
        let point = try model.operatingPoint(attempt.operatingPoint)
        let (probe, frame) = try await firstUsable(of: attempt, modality, caller)
        // As it is now: the model may be gone, and the identity may have been removed, or have more samples, since the
        // call came.
        guard let index = gallery.index(of: modality) else { throw models.noModel(for: modality) }
        guard index.isOf(model, probe) else { return nil }
        guard let enrolled = index.identities[name] else {
            guard !caller.grants.knowsWhoIsEnrolled else { throw ServiceFailure.noSuchIdentity(identity: name.text) }
            return (
                Comparison(
                    probe: probe, distance: .infinity, model: model, point: point, generation: index.generation), frame
            )
        }
        var distance = Double.infinity
        if let embedding = probe.embedding {
            do {
                distance = try metrics.timing(.compare) { () throws(IncomparableEmbeddings) in
                    try enrolled.reference.distance(to: embedding)
                }
            } catch {
                throw ServiceFailure(error)
            }
        }
        return (
            Comparison(probe: probe, distance: distance, model: model, point: point, generation: index.generation),
            frame
        )
    }

    /// What a comparison with somebody who is not enrolled comes to, in the time of one who is; nil where somebody has
    /// been enrolled meanwhile.
    private func comparisonWithNobody(
        _ attempt: Attempt, _ name: IdentityName, _ caller: Caller
    ) async throws -> DecidedFrame? {
        let modality = try presumedModality(of: name)
        let model = try models.model(of: modality)
        let point = try model.operatingPoint(nil)
        // Looked for while a worker is at the image, and not waited for where that fails, so that it takes no time of
        // its own.
        let arrival = Task { try await hasArrived(name) }
        let (probe, frame) = try await firstUsable(of: attempt, modality, caller)
        if try await arrival.value { return nil }
        let generation = gallery.index(of: modality)?.generation ?? 0
        return (
            Comparison(probe: probe, distance: .infinity, model: model, point: point, generation: generation), frame
        )
    }

    /// The modality by which a probe is prepared for a name that is not enrolled: by a keyed hash of the name, and as
    /// often one or another as those who are enrolled have it, so that what is said of the picture tells little about
    /// whether the name is enrolled.
    private func presumedModality(of name: IdentityName) throws -> Modality {
        let loaded = gallery.modalities.filter { models[$0] != nil }
        guard let first = loaded.first else { throw models.noModel(for: try models.modality(nil)) }
        let counts = loaded.map { gallery.index(of: $0)?.identities.count ?? 0 }
        let share = gallery.store.nameHash(of: name).prefix(4).reduce(0) { $0 * 256 + Double($1) } / 4_294_967_296
        var place = share * Double(counts.reduce(0, +))
        for (modality, count) in zip(loaded, counts) {
            place -= Double(count)
            if place < 0 { return modality }
        }
        return first
    }

    // MARK: Identification

    private func identification(
        of parameters: Identify, _ modality: Modality, at threshold: SearchThreshold, limit: Int, _ caller: Caller
    ) async throws -> Identification {
        for _ in 0..<Self.comparisonAttempts {
            let model = try models.model(of: modality)
            // Asked for in vain is said before a worker is asked.
            _ = try threshold.point(of: model, references: gallery.index(of: modality)?.referenceCount ?? 0)
            let probe = try await embed(
                parameters.image, modality: modality, largest: parameters.largest, for: parameters.user, caller)
            guard let index = try index(of: modality, for: [probe], by: model) else { continue }
            let point = try threshold.point(of: model, references: index.referenceCount)
            return try metrics.timing(.compare) { () throws(ServiceFailure) in
                try Identification(of: probe, in: index, by: model, at: point, limit: limit)
            }
        }
        throw Self.changesTooOften
    }

    /// What memory holds of the gallery now; nil where another model was activated since the probes were embedded.
    ///
    /// - Throws: ``ServiceFailure`` where nothing is decided by the modality any more, which is no answer about who is
    ///   enrolled.
    func index(
        of modality: Modality, for probes: [Probe], by model: LoadedModel
    ) throws(ServiceFailure) -> GalleryIndex? {
        guard let index = gallery.index(of: modality) else { throw models.noModel(for: modality) }
        return probes.allSatisfy { index.isOf(model, $0) } ? index : nil
    }

    // MARK: Parts of all

    static var changesTooOften: ServiceFailure {
        .internal(
            message: "other models were activated \(comparisonAttempts) times while the probe was embedded; try again")
    }

    func embed(
        _ image: String, modality: Modality, largest: Bool?, for user: Int?, _ caller: Caller
    ) async throws -> Probe {
        try await workers.embed(
            ProbeRequest(
                modality: modality, image: image, takesLargestFace: largest ?? false, purpose: .comparison,
                caller: caller.user(asking: user)))
    }

    /// Whether somebody who is not in memory has been enrolled by another daemon, who is read now.
    private func hasArrived(_ name: IdentityName) async throws -> Bool {
        guard gallery.store.isShared else { return false }
        let found: IdentityDetails?
        do throws(ServiceFailure) {
            found = try await gallery.details(of: name)
        } catch {
            // Told to those who may know who is enrolled, when they ask why nobody is found.
            guard case .galleryDamaged = error else { throw error }
            return false
        }
        guard let modality = found?.identity.modality, models[modality] != nil else { return false }
        do throws(GalleryError) {
            _ = try await gallery.refresh(name)
        } catch {
            throw ServiceFailure(error)
        }
        return gallery.find(name) != nil
    }

    /// Why nobody is found under a name: the identity may be of a modality without a model, or have no sample that the
    /// model took.
    private func absence(of name: IdentityName) async throws -> ServiceFailure {
        guard let identity = try await gallery.details(of: name)?.identity else {
            return .noSuchIdentity(identity: name.text)
        }
        guard let model = models[identity.modality] else {
            return models.noModel(for: identity.modality)
        }
        return .noUsableSample(
            identity: name.text,
            message: """
                none of the samples of “\(name)” (\(identity.sampleCount)) can be compared: the model \(model.description) refuses them, or they \
                are damaged, which `enroll gallery check` tells and `enroll gallery repair` mends where it can; else remove them and enrol \
                “\(name)” again
                """)
    }
}

extension GalleryIndex {
    /// Whether a decision by a model on a probe is one about this index. It is not when a rotation was activated while
    /// a worker was at the probe, which then is embedded again.
    fileprivate func isOf(_ model: LoadedModel, _ probe: Probe) -> Bool {
        self.model.digest == model.description.digest && probe.embedding.map(accepts) ?? true
    }
}
