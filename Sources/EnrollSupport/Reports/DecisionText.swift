import LikenessInterface
import Wording

/// The results of comparisons in words.
public enum DecisionText {
    /// `match, score 0.97, threshold 0.5 (FMR 1e-3), distance 0.31`, and for a result that is inconclusive what is
    /// wrong with the probe on further lines.
    public static func verification(_ reply: VerifyMethod.Reply) -> String {
        "\(word(reply.result)), \(comparison(score: reply.score, threshold: reply.threshold, rate: reply.operatingPoint)), "
            + "distance \(NumberText.decimal(reply.distance))\n"
            + doubts(reply.result, reply.unacceptable, message: reply.message)
    }

    /// Who it is, and the nearest identities whether they are accepted or not.
    public static func identification(_ reply: IdentifyMethod.Reply) -> String {
        let nearest = reply.candidates.first
        let head = switch (reply.result, nearest) {
        case (.match, let nearest?):
            "match: \(PrintableText.of(nearest.identity)), "
                + "\(comparison(score: nearest.score, threshold: reply.threshold, rate: reply.operatingPoint)), "
                + "distance \(NumberText.decimal(nearest.distance))\n"
        case (let result, let nearest):
            "\(word(result))\(result == .noMatch ? ": nobody known" : ""), "
                + comparison(score: nearest?.score, threshold: reply.threshold, rate: reply.operatingPoint) + "\n"
        }
        return head + doubts(reply.result, reply.unacceptable, message: reply.message) + candidates(reply)
    }

    private static func candidates(_ reply: IdentifyMethod.Reply) -> String {
        guard !reply.candidates.isEmpty else { return "" }
        let rows = reply.candidates.map { candidate in
            let isAccepted = reply.result == .match && candidate.score >= reply.threshold
            return [
                candidate.identity, isAccepted ? "yes" : "no",
                NumberText.score(candidate.score, threshold: reply.threshold), NumberText.decimal(candidate.distance),
            ]
        }
        return "\n" + TextTable(
            columns: [.init("NEAREST"), .init("ACCEPTED"), .init("SCORE"), .init("DISTANCE")], rows: rows).text
    }

    private static func word(_ result: WireResult) -> String {
        switch result {
        case .match: "match"
        case .noMatch: "no match"
        case .inconclusive: "inconclusive"
        }
    }

    private static func comparison(score: Double?, threshold: Double, rate: Double) -> String {
        let against = "threshold \(NumberText.threshold(threshold, score: score ?? threshold)) (FMR \(NumberText.rate(rate)))"
        return score.map { "score \(NumberText.score($0, threshold: threshold)), \(against)" } ?? against
    }

    private static func doubts(_ result: WireResult, _ unacceptable: [WireMeasurement], message: String) -> String {
        guard result == .inconclusive else { return "" }
        let reasons = unacceptable.isEmpty ? (message.isEmpty ? [] : [message]) : unacceptable.map(\.complaint)
        return reasons.map { "  \(PrintableText.of($0))\n" }.joined()
    }
}
