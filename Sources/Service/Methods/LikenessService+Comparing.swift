import Biometrics
import Gallery
import LikenessInterface
import Recognition
import Varlink

extension LikenessService {
    /// - Throws: ``ServiceFailure``, or `CancellationError` when the caller has gone before a worker began.
    func verify(_ parameters: VerifyMethod.Parameters) async throws -> VerifyMethod.Reply {
        let name = try identityName(parameters.identity)
        guard let modality = gallery.find(name)?.modality else {
            if try await hasArrived(name) { return try await verify(parameters) }
            throw try await absence(of: name)
        }
        let model = try loadedModel(modality)
        let point = try model.operatingPoint(parameters.operatingPoint)
        let probe = try await embed(parameters.image, modality: modality, largest: parameters.largest)
        // As it is now: the identity may have been removed, or have more samples, since the call came.
        guard let index = gallery.index(of: modality), let enrolled = index.identities[name] else {
            throw ServiceFailure.noSuchIdentity(identity: name.text)
        }
        guard index.isOf(model, probe) else { return try await verify(parameters) }
        var distance = Double.infinity
        if let embedding = probe.embedding {
            do {
                distance = try enrolled.reference.distance(to: embedding)
            } catch {
                throw ServiceFailure(error)
            }
        }
        let decision = Decision(
            distance: distance, isProbeAcceptable: probe.unacceptable.isEmpty, calibration: model.calibration,
            operatingPoint: point, model: model.description.digest)
        let unacceptable = probe.unacceptable.map(WireMeasurement.init)
        return VerifyMethod.Reply(
            identity: name.text, result: WireResult(decision.result), distance: distance.onTheWire, score: decision.score,
            threshold: decision.threshold, operatingPoint: point.falseMatchRate,
            measurements: probe.measurements.map(WireMeasurement.init), unacceptable: unacceptable,
            message: DecisionMessage.verification(decision, unacceptable: unacceptable),
            model: decision.model.hexadecimal, generation: Int(index.generation))
    }

    /// - Throws: ``ServiceFailure``, `VarlinkError` for a limit out of range, or `CancellationError` when the caller
    ///   has gone before a worker began.
    func identify(_ parameters: IdentifyMethod.Parameters) async throws -> IdentifyMethod.Reply {
        let limit = parameters.limit ?? IdentifyMethod.defaultLimit
        guard IdentifyMethod.limits.contains(limit) else { throw VarlinkError.invalidParameter("limit") }
        let modality = try modality(parameters.modality)
        let model = try loadedModel(modality)
        let point = try model.operatingPoint(parameters.operatingPoint)
        let probe = try await embed(parameters.image, modality: modality, largest: parameters.largest)
        var nearest: [GalleryIndex.Neighbour] = []
        let index = gallery.index(of: modality)
        guard index?.isOf(model, probe) ?? true else { return try await identify(parameters) }
        if let embedding = probe.embedding {
            do {
                nearest = try index?.nearest(to: embedding, limit: limit) ?? []
            } catch {
                throw ServiceFailure(error)
            }
        }
        let decision = Decision(
            distance: nearest.first?.distance ?? .infinity, isProbeAcceptable: probe.unacceptable.isEmpty,
            calibration: model.calibration, operatingPoint: point, model: model.description.digest)
        let unacceptable = probe.unacceptable.map(WireMeasurement.init)
        return IdentifyMethod.Reply(
            result: WireResult(decision.result),
            candidates: nearest.map { neighbour in
                WireCandidate(
                    identity: neighbour.identity.text, distance: neighbour.distance.onTheWire,
                    score: model.calibration.score(distance: neighbour.distance))
            },
            threshold: decision.threshold, operatingPoint: point.falseMatchRate,
            measurements: probe.measurements.map(WireMeasurement.init), unacceptable: unacceptable,
            message: DecisionMessage.identification(decision, nearest: nearest.first?.identity, unacceptable: unacceptable),
            model: decision.model.hexadecimal, generation: Int(index?.generation ?? 0))
    }

    private func embed(_ image: String, modality: Modality, largest: Bool?) async throws -> Probe {
        try await workers.embed(
            ProbeRequest(modality: modality, image: image, takesLargestFace: largest ?? false, purpose: .comparison))
    }

    /// Whether somebody who is not in memory has been enrolled by another daemon, who is read now.
    private func hasArrived(_ name: IdentityName) async throws -> Bool {
        guard gallery.store.isShared, let modality = try await details(of: name)?.identity.modality, models[modality] != nil else { return false }
        do throws(GalleryError) {
            _ = try await gallery.refresh(name)
        } catch {
            throw ServiceFailure(error)
        }
        return gallery.find(name) != nil
    }

    /// Why nobody is found under a name: the identity may be of a modality without a model, or have no sample that the model took.
    private func absence(of name: IdentityName) async throws -> ServiceFailure {
        guard let identity = try await details(of: name)?.identity else { return .noSuchIdentity(identity: name.text) }
        guard let model = models[identity.modality] else { return noModel(for: identity.modality, identity: name) }
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
    /// Whether a decision by a model on a probe is one about this index. It is not when a rotation was activated while a worker was at
    /// the probe, which then is embedded again.
    fileprivate func isOf(_ model: LoadedModel, _ probe: Probe) -> Bool {
        self.model.digest == model.description.digest && probe.embedding.map(accepts) ?? true
    }
}
