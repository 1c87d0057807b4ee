// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Recognition

/// A probe and its distance to somebody, decided.
struct Comparison: Sendable {
    let decision: Decision
    let probe: Probe
    /// That of the model.
    let modality: Modality
    let generation: Int64

    init(probe: Probe, distance: Double, model: LoadedModel, point: OperatingPoint, generation: Int64) {
        self.probe = probe
        self.generation = generation
        modality = model.description.modality
        decision = Decision(
            distance: distance, isProbeAcceptable: probe.isAcceptable, calibration: model.calibration,
            operatingPoint: point,
            model: model.description.digest)
    }

    func reply(identity name: IdentityName, for grants: Grants) -> Verify.Reply {
        Verify.Reply(
            identity: name.text, result: WireResult(decision.result),
            distance: grants.score ? decision.distance.onTheWire : nil,
            score: grants.score ? decision.score : nil, threshold: grants.score ? decision.threshold : nil,
            operatingPoint: decision.operatingPoint.falseMatchRate,
            skilledFalseMatchRate: decision.operatingPoint.skilledFalseMatchRate,
            measurements: probe.measurements(for: grants),
            unacceptable: probe.unacceptable(for: grants),
            message: DecisionMessage.verification(
                decision, complaints: probe.complaints(for: grants), withFigures: grants.score),
            model: decision.model.hexadecimal, generation: Int(generation))
    }
}

/// A probe and those who are nearest to it, the first of them decided.
struct Identification: Sendable {
    let comparison: Comparison
    let nearest: [GalleryIndex.Neighbor]
    /// By the model's calibration, of each of ``nearest``.
    let scores: [Double]
    /// How often the search takes a stranger for somebody.
    let rate: IdentificationRate

    /// Compares a probe of the index's model with everybody who is in it.
    ///
    /// - Throws: ``ServiceFailure``.
    init(
        of probe: Probe, in index: GalleryIndex, by model: LoadedModel, at point: OperatingPoint, limit: Int
    ) throws(ServiceFailure) {
        var nearest: [GalleryIndex.Neighbor] = []
        if let embedding = probe.embedding {
            do {
                nearest = try index.nearest(to: embedding, limit: limit)
            } catch {
                throw ServiceFailure(error)
            }
        }
        self.nearest = nearest
        comparison = Comparison(
            probe: probe, distance: nearest.first?.distance ?? .infinity, model: model, point: point,
            generation: index.generation)
        scores = nearest.map { model.calibration.score(distance: $0.distance) }
        rate = IdentificationRate(point, references: index.referenceCount)
    }

    /// Who it is, where it matches.
    var matched: IdentityName? { comparison.decision.result == .match ? nearest.first?.identity : nil }

    func reply(for grants: Grants) -> Identify.Reply {
        let decision = comparison.decision
        return Identify.Reply(
            result: WireResult(decision.result), candidates: candidates(for: grants),
            threshold: grants.score ? decision.threshold : nil,
            operatingPoint: decision.operatingPoint.falseMatchRate,
            skilledFalseMatchRate: decision.operatingPoint.skilledFalseMatchRate,
            falsePositiveIdentification: WireIdentificationRate(rate),
            measurements: comparison.probe.measurements(for: grants),
            unacceptable: comparison.probe.unacceptable(for: grants), message: message(for: grants),
            model: decision.model.hexadecimal, generation: Int(comparison.generation))
    }

    /// The same of one of several faces.
    func face(for grants: Grants, box: WireBox) -> WireIdentifiedFace {
        WireIdentifiedFace(
            box: box, result: WireResult(comparison.decision.result), nearest: candidates(for: grants).first,
            measurements: comparison.probe.measurements(for: grants),
            unacceptable: comparison.probe.unacceptable(for: grants), message: message(for: grants))
    }

    private func message(for grants: Grants) -> String {
        DecisionMessage.identification(
            comparison.decision, nearest: nearest.first?.identity, complaints: comparison.probe.complaints(for: grants),
            rate: rate, withFigures: grants.score)
    }

    /// Without the grant *score* only the identities that match.
    private func candidates(for grants: Grants) -> [WireCandidate] {
        guard grants.score else {
            return matched.map { [WireCandidate(identity: $0.text)] } ?? []
        }
        return zip(nearest, scores).map {
            WireCandidate(identity: $0.identity.text, distance: $0.distance.onTheWire, score: $1)
        }
    }
}

extension Double {
    /// JSON has no infinity; a distance that is too large to be a number is the largest number.
    var onTheWire: Double { isFinite ? self : .greatestFiniteMagnitude }
}

extension WireResult {
    init(_ result: Decision.Result) {
        self =
            switch result {
            case .match: .match
            case .noMatch: .noMatch
            case .inconclusive: .inconclusive
            }
    }
}

extension WireIdentificationRate {
    init(_ rate: IdentificationRate) {
        self.init(rate: rate.rate, upperBound: rate.upperBound, references: rate.references)
    }
}
