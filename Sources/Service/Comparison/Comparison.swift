// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Recognition

/// A probe and its distance to somebody, decided.
struct Comparison: Sendable {
    let decision: Decision
    let probe: Probe
    let generation: Int64

    init(probe: Probe, distance: Double, model: LoadedModel, point: OperatingPoint, generation: Int64) {
        self.probe = probe
        self.generation = generation
        decision = Decision(
            distance: distance, isProbeAcceptable: probe.unacceptable.isEmpty, calibration: model.calibration,
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
            measurements: measurements(for: grants),
            unacceptable: unacceptable(for: grants),
            message: DecisionMessage.verification(
                decision, unacceptable: unacceptable(for: grants), withFigures: grants.score),
            model: decision.model.hexadecimal, generation: Int(generation))
    }

    /// What was measured on the picture; without the grant *score*, what is wrong with it.
    func measurements(for grants: Grants) -> [WireMeasurement] {
        grants.score ? probe.measurements.map(WireMeasurement.init) : unacceptable(for: grants)
    }

    func unacceptable(for grants: Grants) -> [WireMeasurement] {
        let exact = probe.unacceptable.map(WireMeasurement.init)
        return grants.score ? exact : exact.map(\.roundedAwayFromLimit)
    }
}

/// A probe and those who are nearest to it, the first of them decided.
struct Identification: Sendable {
    let comparison: Comparison
    let nearest: [GalleryIndex.Neighbor]
    /// By the model's calibration, of each of ``nearest``.
    let scores: [Double]

    init(comparison: Comparison, nearest: [GalleryIndex.Neighbor], calibration: Calibration) {
        self.comparison = comparison
        self.nearest = nearest
        scores = nearest.map { calibration.score(distance: $0.distance) }
    }

    func reply(for grants: Grants) -> Identify.Reply {
        let decision = comparison.decision, unacceptable = comparison.unacceptable(for: grants)
        return Identify.Reply(
            result: WireResult(decision.result), candidates: candidates(for: grants),
            threshold: grants.score ? decision.threshold : nil,
            operatingPoint: decision.operatingPoint.falseMatchRate,
            skilledFalseMatchRate: decision.operatingPoint.skilledFalseMatchRate,
            measurements: comparison.measurements(for: grants),
            unacceptable: unacceptable,
            message: DecisionMessage.identification(
                decision, nearest: nearest.first?.identity, unacceptable: unacceptable, withFigures: grants.score),
            model: decision.model.hexadecimal, generation: Int(comparison.generation))
    }

    /// Without the grant *score* only the identities that match.
    private func candidates(for grants: Grants) -> [WireCandidate] {
        guard grants.score else {
            guard comparison.decision.result == .match, let first = nearest.first else { return [] }
            return [WireCandidate(identity: first.identity.text)]
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
