import Biometrics
import LikenessInterface
import Recognition
import Wording

/// Decisions in words.
enum DecisionMessage {
    static func verification(_ decision: Decision, unacceptable: [WireMeasurement]) -> String {
        switch decision.result {
        case .match: "match: \(figures(decision))"
        case .noMatch: "no match: \(figures(decision))"
        case .inconclusive: inconclusive(unacceptable)
        }
    }

    static func identification(_ decision: Decision, nearest: IdentityName?, unacceptable: [WireMeasurement]) -> String {
        switch (decision.result, nearest) {
        case (.inconclusive, _): inconclusive(unacceptable)
        case (.match, let name?): "match: “\(name)”, \(figures(decision))"
        case (_, let name?): "unknown: the nearest is “\(name)”, \(figures(decision))"
        case (_, nil): "unknown: nobody is enrolled"
        }
    }

    private static func inconclusive(_ unacceptable: [WireMeasurement]) -> String {
        "inconclusive: " + unacceptable.map(\.complaint).joined(separator: "; ")
    }

    private static func figures(_ decision: Decision) -> String {
        "score \(NumberText.score(decision.score, threshold: decision.threshold)), "
            + "threshold \(NumberText.threshold(decision.threshold, score: decision.score)) "
            + "(FMR \(NumberText.rate(decision.operatingPoint.falseMatchRate))), distance \(NumberText.decimal(decision.distance))"
    }
}
