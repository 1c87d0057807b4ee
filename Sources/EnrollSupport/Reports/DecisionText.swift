// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Wording

/// The results of comparisons in words.
public enum DecisionText {
    /// `match, score 0.97, threshold 0.5 (FMR 1e-3), distance 0.31`, with the share of skilled forgeries that match
    /// where it was measured, without the numbers that the caller may not have, and for a result that is inconclusive
    /// what is wrong with the probe on further lines.
    public static func verification(_ reply: Verify.Reply) -> String {
        "\(word(reply.result)), \(comparison(score: reply.score, threshold: reply.threshold, rate: rate(reply.operatingPoint, reply.skilledFalseMatchRate)))"
            + distance(reply.distance) + "\n"
            + doubts(reply.result, reply.unacceptable, message: reply.message)
    }

    /// Who it is, and the nearest identities whether they are accepted or not.
    public static func identification(_ reply: Identify.Reply) -> String {
        let nearest = reply.candidates.first
        let head =
            switch (reply.result, nearest) {
            case (.match, let nearest?):
                "match: \(PrintableText.of(nearest.identity)), "
                    + comparison(
                        score: nearest.score, threshold: reply.threshold,
                        rate: rate(reply.operatingPoint, reply.skilledFalseMatchRate))
                    + distance(nearest.distance) + "\n"
            case (let result, let nearest):
                "\(word(result))\(result == .noMatch ? ": nobody known" : ""), "
                    + comparison(
                        score: nearest?.score, threshold: reply.threshold,
                        rate: rate(reply.operatingPoint, reply.skilledFalseMatchRate)) + "\n"
            }
        return head + doubts(reply.result, reply.unacceptable, message: reply.message)
            + search(reply.falsePositiveIdentification) + candidates(reply)
    }

    /// `  a stranger is taken for somebody: FPIR 4.9e-2, with 95 % confidence at most 1e-1, among 50 references`
    static func search(_ rate: WireIdentificationRate?) -> String {
        guard let rate, rate.references > 0 else { return "" }
        let text = NumberText.falsePositiveIdentification(
            rate.rate, upperBound: rate.upperBound, references: rate.references)
        return "  a stranger is taken for somebody: \(text)\n"
    }

    private static func candidates(_ reply: Identify.Reply) -> String {
        // Who may have no numbers is told of the one who matches alone.
        guard let threshold = reply.threshold else { return "" }
        let rows = reply.candidates.compactMap { candidate -> [String]? in
            guard let score = candidate.score, let distance = candidate.distance else { return nil }
            let isAccepted = reply.result == .match && score >= threshold
            return [
                candidate.identity, isAccepted ? "yes" : "no", NumberText.score(score, threshold: threshold),
                NumberText.decimal(distance),
            ]
        }
        guard !rows.isEmpty else { return "" }
        return "\n"
            + TextTable(
                columns: [.init("NEAREST"), .init("ACCEPTED"), .init("SCORE"), .init("DISTANCE")], rows: rows
            ).text
    }

    static func word(_ result: WireResult) -> String {
        switch result {
        case .match: "match"
        case .noMatch: "no match"
        case .inconclusive: "inconclusive"
        }
    }

    private static func distance(_ distance: Double?) -> String {
        distance.map { ", distance \(NumberText.decimal($0))" } ?? ""
    }

    static func rate(_ falseMatchRate: Double, _ skilled: Double?) -> String {
        NumberText.falseMatch(falseMatchRate, skilled: skilled)
    }

    static func comparison(score: Double?, threshold: Double?, rate: String) -> String {
        guard let threshold else { return "at \(rate)" }
        let against = "threshold \(NumberText.threshold(threshold, score: score ?? threshold)) (\(rate))"
        return score.map { "score \(NumberText.score($0, threshold: threshold)), \(against)" } ?? against
    }

    private static func doubts(_ result: WireResult, _ unacceptable: [WireMeasurement], message: String) -> String {
        guard result == .inconclusive else { return "" }
        let reasons = unacceptable.isEmpty ? (message.isEmpty ? [] : [message]) : unacceptable.map(\.complaint)
        return reasons.map { "  \(PrintableText.of($0))\n" }.joined()
    }
}
