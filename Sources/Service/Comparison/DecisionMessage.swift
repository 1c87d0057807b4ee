// SPDX-License-Identifier: Apache-2.0

import Biometrics
import LikenessInterface
import Recognition
import Wording

/// Decisions in words, with scores, thresholds and distances for those who may have them.
enum DecisionMessage {
    /// - Parameter complaints: why no decision rests on the probe.
    static func verification(_ decision: Decision, complaints: [String], withFigures: Bool) -> String {
        switch decision.result {
        case .match: "match: \(figures(decision, withFigures))"
        case .noMatch: "no match: \(figures(decision, withFigures))"
        case .inconclusive: inconclusive(complaints)
        }
    }

    static func identification(
        _ decision: Decision, nearest: IdentityName?, complaints: [String], rate: IdentificationRate, withFigures: Bool
    ) -> String {
        switch (decision.result, nearest) {
        case (.inconclusive, _): inconclusive(complaints)
        case (.match, let name?): "match: “\(name)”, \(figures(decision, withFigures))\(search(rate))"
        case (_, let name?) where withFigures:
            "unknown: the nearest is “\(name)”, \(figures(decision, true))\(search(rate))"
        case (_, nil) where withFigures: "unknown: nobody is enrolled"
        case (_, _): "unknown, \(figures(decision, false))\(search(rate))"
        }
    }

    private static func search(_ rate: IdentificationRate) -> String {
        "; "
            + NumberText.falsePositiveIdentification(
                rate.rate, upperBound: rate.upperBound, references: rate.references)
    }

    private static func inconclusive(_ complaints: [String]) -> String {
        "inconclusive: " + complaints.joined(separator: "; ")
    }

    private static func figures(_ decision: Decision, _ isWhole: Bool) -> String {
        let rate = NumberText.falseMatch(
            decision.operatingPoint.falseMatchRate, skilled: decision.operatingPoint.skilledFalseMatchRate)
        guard isWhole else { return "at \(rate)" }
        return "score \(NumberText.score(decision.score, threshold: decision.threshold)), "
            + "threshold \(NumberText.threshold(decision.threshold, score: decision.score)) "
            + "(\(rate)), distance \(NumberText.decimal(decision.distance))"
    }
}
