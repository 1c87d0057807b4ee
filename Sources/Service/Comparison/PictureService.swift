// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import Imaging
import LikenessInterface
import Recognition
import Varlink

/// Detect and Compare: what the models make of a caller's own pictures. The gallery is not asked.
struct PictureService: Sendable {
    let models: ActiveModels
    let workers: ActiveWorkers
    let attempts: AttemptLedger

    var methods: [ServiceMethod] { [ServiceMethod(detect(_:_:)), ServiceMethod(compare(_:_:))] }

    /// How often pictures are embedded again because another model was activated while a worker was at one of them.
    private static let comparisonAttempts = 4

    /// - Throws: ``ServiceFailure``, `PermissionDenied` for what needs a grant, or `CancellationError` when the caller
    ///   has gone before a worker began.
    func detect(_ parameters: Detect, _ call: ServiceCall<Detect>) async throws -> Detect.Reply {
        _ = try models.modality(.face)
        return try await attempts.metered(call.caller, for: parameters.user, pictures: 1) { faces in
            let picture = try await look(
                parameters.image, .face, purpose: .detection, largest: nil, for: parameters.user, call.caller, faces)
            let reply = picture.detection(for: call.grants)
            try await call.enter(.detect, model: picture.model, result: Detect.outcome(of: reply))
            return reply
        }
    }

    /// - Throws: as ``detect(_:_:)``. What is wrong with one of the pictures says with which.
    func compare(_ parameters: Compare, _ call: ServiceCall<Compare>) async throws -> Compare.Reply {
        try call.caller.checkOperatingPoint(parameters.operatingPoint)
        let modality = try models.modality(parameters.modality)
        return try await attempts.metered(call.caller, for: parameters.user, pictures: 2) { _ in
            let pair = try await pair(of: parameters, modality, call.caller)
            let reply = pair.reply(for: call.grants)
            try await call.enter(.compare, model: pair.decision.model, result: reply.result.rawValue)
            return reply
        }
    }

    private func pair(of parameters: Compare, _ modality: Modality, _ caller: Caller) async throws -> PicturePair {
        for _ in 0..<Self.comparisonAttempts {
            let model = try models.model(of: modality)
            let point = try model.operatingPoint(parameters.operatingPoint)
            var probes: [Probe] = [], isOneModel = true
            for (image, name) in zip([parameters.first, parameters.second], PicturePair.names) {
                do {
                    let picture = try await look(
                        image, modality, purpose: .comparison, largest: parameters.largest, for: parameters.user,
                        caller)
                    isOneModel = isOneModel && picture.model == model.description.digest
                    probes.append(try picture.probe)
                } catch let failure as ServiceFailure {
                    throw failure.naming(picture: name)
                }
            }
            guard isOneModel else { continue }
            return try PicturePair(probes[0], probes[1], model: model, point: point)
        }
        throw ServiceFailure.internal(
            message:
                "other models were activated \(Self.comparisonAttempts) times while the pictures were embedded; try again"
        )
    }

    private func look(
        _ image: String, _ modality: Modality, purpose: ProbeRequest.Purpose, largest: Bool?, for user: Int?,
        _ caller: Caller, _ faces: LookedAtFaces? = nil
    ) async throws -> ProbedPicture {
        try await workers.look(
            ProbeRequest(
                modality: modality, image: image, takesLargestFace: largest ?? false, purpose: purpose,
                caller: caller.user(asking: user), faces: faces))
    }
}

/// Two pictures, decided.
private struct PicturePair {
    static let names = ["the first picture", "the second picture"]

    let first: Probe
    let second: Probe
    let decision: Decision

    /// - Throws: ``ServiceFailure`` for embeddings of two models.
    init(_ first: Probe, _ second: Probe, model: LoadedModel, point: OperatingPoint) throws(ServiceFailure) {
        self.first = first
        self.second = second
        var distance = Double.infinity
        if let one = first.embedding, let other = second.embedding {
            do {
                distance = Double(try EmbeddingPair(one, other).distance)
            } catch {
                throw ServiceFailure(error)
            }
        }
        decision = Decision(
            distance: distance, isProbeAcceptable: first.isAcceptable && second.isAcceptable,
            calibration: model.calibration, operatingPoint: point, model: model.description.digest)
    }

    func reply(for grants: Grants) -> Compare.Reply {
        let complaints = zip(Self.names, [first, second]).flatMap { name, probe in
            probe.complaints(for: grants).map { "\(name): \($0)" }
        }
        return Compare.Reply(
            result: WireResult(decision.result), distance: grants.score ? decision.distance.onTheWire : nil,
            score: grants.score ? decision.score : nil, threshold: grants.score ? decision.threshold : nil,
            operatingPoint: decision.operatingPoint.falseMatchRate,
            skilledFalseMatchRate: decision.operatingPoint.skilledFalseMatchRate,
            first: first.measured(for: grants), second: second.measured(for: grants),
            message: DecisionMessage.verification(decision, complaints: complaints, withFigures: grants.score),
            model: decision.model.hexadecimal)
    }
}

extension Probe {
    fileprivate func measured(for grants: Grants) -> WireMeasuredPicture {
        WireMeasuredPicture(measurements: measurements(for: grants), unacceptable: unacceptable(for: grants))
    }
}

extension ProbedPicture {
    fileprivate func detection(for grants: Grants) -> Detect.Reply {
        Detect.Reply(
            width: width, height: height, found: found, refusal: refusal?.description,
            faces: probes.compactMap { probe in
                probe.face.map { face in
                    WireFace(
                        box: WireBox(face.box), landmarks: face.landmarks.map { WirePoint(x: $0.x, y: $0.y) },
                        landmarkLayout: face.landmarkLayout.rawValue, measurements: probe.measurements(for: grants),
                        complaints: probe.complaints(for: grants))
                }
            }, model: model.hexadecimal)
    }
}

extension WireBox {
    init(_ box: Rectangle) {
        self.init(left: box.left, top: box.top, width: box.width, height: box.height)
    }
}

extension ServiceFailure {
    /// The same of one of several pictures.
    ///
    /// - Parameter name: which, in words.
    func naming(picture name: String) -> ServiceFailure {
        switch self {
        case .imageRejected(let cause, let message): .imageRejected(cause: cause, message: "\(name): \(message)")
        case .noFace(let message): .noFace(message: "\(name): \(message)")
        case .severalFaces(let count, _): .severalFaces(count: count, picture: name)
        default: self
        }
    }
}
