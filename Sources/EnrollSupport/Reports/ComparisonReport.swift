// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Recognition
import Wording

/// What a model says of two pictures, without a gallery.
public struct ComparisonReport: Sendable, Encodable {
    public let result: WireResult
    /// The Euclidean distance of both embeddings.
    public let distance: Double
    public let score: Double
    public let threshold: Double
    /// The false-match rate that the threshold stands for.
    public let operatingPoint: Double
    /// The share of skilled forgeries that match at the threshold; nil where none were measured.
    public let skilledFalseMatchRate: Double?
    public let model: String
    /// What of either picture supports no decision, in its order.
    public let complaints: [[String]]

    private enum CodingKeys: String, CodingKey {
        case result, distance, score, threshold, operatingPoint = "operating_point",
            skilledFalseMatchRate = "skilled_false_match_rate", model, complaints
    }

    public init(_ decision: Decision, samples: [PreparedSample]) {
        result =
            switch decision.result {
            case .match: .match
            case .noMatch: .noMatch
            case .inconclusive: .inconclusive
            }
        distance = decision.distance
        score = decision.score
        threshold = decision.threshold
        operatingPoint = decision.operatingPoint.falseMatchRate
        skilledFalseMatchRate = decision.operatingPoint.skilledFalseMatchRate
        model = decision.model.hexadecimal
        complaints = samples.map { $0.defects.map(\.description) }
    }

    public var text: String {
        let word =
            switch result {
            case .match: "match"
            case .noMatch: "no match"
            case .inconclusive: "inconclusive"
            }
        let numbers =
            "score \(NumberText.score(score, threshold: threshold)), threshold \(NumberText.threshold(threshold, score: score)) "
            + "(\(NumberText.falseMatch(operatingPoint, skilled: skilledFalseMatchRate))), distance \(NumberText.decimal(distance))"
        return "\(word), \(numbers)\n"
            + zip(["first", "second"], complaints).flatMap { name, complaints in
                complaints.map { "  the \(name) picture: \(PrintableText.of($0))\n" }
            }.joined()
    }
}
