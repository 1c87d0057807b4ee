import Biometrics
import Foundation
import LikenessInterface
import Recognition

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
        // Both are rounded, so that the one is never shown on the wrong side of the other without their distance.
        "score \(text(decision.score)), threshold \(text(decision.threshold)) (FMR \(rate(decision.operatingPoint.falseMatchRate))), distance \(text(decision.distance))"
    }

    private static func text(_ value: Double) -> String {
        String(format: "%.3g", value)
    }

    /// 0.001 as 1e-3, the way such rates are written.
    private static func rate(_ value: Double) -> String {
        let exponent = Int(log10(value).rounded(.down))
        let digits = value / pow(10, Double(exponent))
        return String(format: "%.3ge%d", digits, exponent)
    }
}
