// SPDX-License-Identifier: Apache-2.0

import Biometrics
import LikenessInterface
import Recognition
import Wording

/// Decisions in words, with scores, thresholds and distances for those who may have them.
enum DecisionMessage {
    static func verification(_ decision: Decision, unacceptable: [WireMeasurement], withFigures: Bool) -> String {
        switch decision.result {
        case .match: "match: \(figures(decision, withFigures))"
        case .noMatch: "no match: \(figures(decision, withFigures))"
        case .inconclusive: inconclusive(unacceptable)
        }
    }

    static func identification(
        _ decision: Decision, nearest: IdentityName?, unacceptable: [WireMeasurement], withFigures: Bool
    ) -> String {
        switch (decision.result, nearest) {
        case (.inconclusive, _): inconclusive(unacceptable)
        case (.match, let name?): "match: “\(name)”, \(figures(decision, withFigures))"
        case (_, let name?) where withFigures: "unknown: the nearest is “\(name)”, \(figures(decision, true))"
        case (_, nil) where withFigures: "unknown: nobody is enrolled"
        case (_, _): "unknown, \(figures(decision, false))"
        }
    }

    private static func inconclusive(_ unacceptable: [WireMeasurement]) -> String {
        "inconclusive: " + unacceptable.map(\.complaint).joined(separator: "; ")
    }

    private static func figures(_ decision: Decision, _ isWhole: Bool) -> String {
        let rate = NumberText.falseMatch(
            decision.operatingPoint.falseMatchRate, skilled: decision.operatingPoint.skilledFalseMatchRate)
        guard isWhole else { return "at a \(rate)" }
        return "score \(NumberText.score(decision.score, threshold: decision.threshold)), "
            + "threshold \(NumberText.threshold(decision.threshold, score: decision.score)) "
            + "(\(rate)), distance \(NumberText.decimal(decision.distance))"
    }
}
