// SPDX-License-Identifier: Apache-2.0

import Recognition
import StrictTOML
import Training

/// What training makes smaller. The losses are those of `Training`, where they are described.
public enum LossRecipe: Sendable, Hashable {
    case contrastive(margin: Double)
    /// A margin of nil is the soft one.
    case triplet(margin: Double?, mining: TripletLoss.Mining, distance: TrainingDistance)
    case prototypical(support: Int, scale: Double)
    case nPair(similarity: NPairLoss.Similarity, temperature: Double, regularisation: Double)
    case arcFace(margin: Double, scale: Double, labelSmoothing: Double)
    /// The threshold is a squared distance.
    case verification(
        scale: Double, threshold: Double, weights: VerificationLoss.Weights,
        references: VerificationLoss.References = .all, parts: Parts? = nil)
    /// A weighted sum of the others.
    case sum([Term])

    public struct Term: Sendable, Hashable {
        public var weight: Double
        public var loss: LossRecipe

        public init(weight: Double, loss: LossRecipe) {
            self.weight = weight
            self.loss = loss
        }
    }

    /// That each of so many parts of an embedding is looked at by itself too, and what their mean counts.
    public struct Parts: Sendable, Hashable {
        public var count: Int
        public var weight: Double

        public init(count: Int, weight: Double) {
            self.count = count
            self.weight = weight
        }
    }

    enum Kind: String, CaseIterable {
        case contrastive, triplet, prototypical
        case nPair = "n-pair"
        case arcFace = "arcface"
        case verification, sum
    }

    init(_ table: RecipeTable) throws(RecipeError) {
        try self.init(table, further: [])
    }

    private init(_ table: RecipeTable, further: [String]) throws(RecipeError) {
        let common = ["kind"] + further
        switch try table.choice("kind", of: Kind.self) {
        case .contrastive:
            try table.requireKeys(common + ["margin"])
            self = .contrastive(margin: try table.number("margin", in: 1e-6...1e6, default: 1))
        case .triplet:
            try table.requireKeys(common + ["margin", "soft", "mining", "distance"])
            let isSoft = try table.boolean("soft", default: false)
            self = .triplet(
                margin: isSoft ? nil : try table.number("margin", in: 1e-6...1e6, default: 0.2),
                mining: try table.choice("mining", of: TripletLoss.Mining.self, default: .semiHard),
                distance: try table.choice("distance", of: TrainingDistance.self, default: .euclidean))
        case .prototypical:
            try table.requireKeys(common + ["support", "scale"])
            self = .prototypical(
                support: try table.integer("support", in: 1...64, default: 1),
                scale: try table.number("scale", in: 1e-6...1e6, default: 1))
        case .nPair:
            try table.requireKeys(common + ["similarity", "temperature", "regularisation"])
            self = .nPair(
                similarity: try table.choice("similarity", of: NPairLoss.Similarity.self, default: .cosine),
                temperature: try table.number("temperature", in: 1e-6...1e6, default: 0.1),
                regularisation: try table.number("regularisation", in: 0...1e3, default: 0))
        case .arcFace:
            try table.requireKeys(common + ["margin", "scale", "label_smoothing"])
            self = .arcFace(
                margin: try table.number("margin", in: 0...1.5, default: 0.5),
                scale: try table.number("scale", in: 1...1024, default: 30),
                labelSmoothing: try table.number("label_smoothing", in: 0...0.99, default: 0))
        case .verification:
            try table.requireKeys(
                common + [
                    "scale", "threshold", "identification", "genuine", "forgery", "impostor", "references", "parts",
                    "part_weight",
                ])
            let count = try table.optionalInteger("parts", in: 2...256)
            let usual = VerificationLoss.Weights(), range = 0...1e3
            self = .verification(
                scale: try table.number("scale", in: 1e-6...1e6, default: 6),
                threshold: try table.number("threshold", in: 1e-6...1e6, default: 0.5),
                weights: VerificationLoss.Weights(
                    identification: try table.number("identification", in: range, default: usual.identification),
                    genuine: try table.number("genuine", in: range, default: usual.genuine),
                    forgery: try table.number("forgery", in: range, default: usual.forgery),
                    impostor: try table.number("impostor", in: range, default: usual.impostor)),
                references: try table.choice("references", of: VerificationLoss.References.self, default: .all),
                parts: try count.map { (count) throws(RecipeError) in
                    Parts(count: count, weight: try table.number("part_weight", in: range, default: 1))
                })
            guard count != nil || !table.has("part_weight") else {
                throw .contradiction(
                    reason: "\(table.full("part_weight")) is what parts count, and \(table.full("parts")) states none")
            }
        case .sum:
            guard further.isEmpty else {
                throw table.wrong("kind", found: "a sum within a sum", expected: "one of the other losses")
            }
            try table.requireKeys(["kind", "terms"])
            var terms: [Term] = []
            for term in try table.tables("terms", atMost: 8) {
                terms.append(
                    Term(
                        weight: try term.number("weight", in: 1e-6...1e6, default: 1),
                        loss: try LossRecipe(term, further: ["weight"])))
            }
            self = .sum(terms)
        }
    }

    var entries: [RecipeText.Entry] {
        switch self {
        case .contrastive(let margin): [("kind", .string(Kind.contrastive.rawValue)), ("margin", .number(margin))]
        case .triplet(let margin, let mining, let distance):
            [
                ("kind", .string(Kind.triplet.rawValue)), ("margin", margin.map(TOMLItem.number)),
                ("soft", margin == nil ? .boolean(true) : nil), ("mining", .string(mining.rawValue)),
                ("distance", .string(distance.rawValue)),
            ]
        case .prototypical(let support, let scale):
            [("kind", .string(Kind.prototypical.rawValue)), ("support", .integer(support)), ("scale", .number(scale))]
        case .nPair(let similarity, let temperature, let regularisation):
            [
                ("kind", .string(Kind.nPair.rawValue)), ("similarity", .string(similarity.rawValue)),
                ("temperature", .number(temperature)),
                ("regularisation", .number(regularisation)),
            ]
        case .arcFace(let margin, let scale, let smoothing):
            [
                ("kind", .string(Kind.arcFace.rawValue)), ("margin", .number(margin)), ("scale", .number(scale)),
                ("label_smoothing", .number(smoothing)),
            ]
        case .verification(let scale, let threshold, let weights, let references, let parts):
            [
                ("kind", .string(Kind.verification.rawValue)), ("scale", .number(scale)),
                ("threshold", .number(threshold)),
                ("identification", .number(weights.identification)), ("genuine", .number(weights.genuine)),
                ("forgery", .number(weights.forgery)), ("impostor", .number(weights.impostor)),
                ("references", .string(references.rawValue)), ("parts", (parts?.count).map(TOMLItem.integer)),
                ("part_weight", (parts?.weight).map(TOMLItem.number)),
            ]
        case .sum(let terms):
            [
                ("kind", .string(Kind.sum.rawValue)),
                (
                    "terms",
                    .array(terms.map { RecipeText.inlineTable([("weight", .number($0.weight))] + $0.loss.entries) })
                ),
            ]
        }
    }

    /// The losses that it is made of.
    var parts: [LossRecipe] {
        if case .sum(let terms) = self { terms.map(\.loss) } else { [self] }
    }

    /// - Parameters:
    ///   - classes: the identities of the training data, for losses that learn a centre of each.
    ///   - dimension: of an embedding.
    func make(classes: Int, dimension: Int, random: inout RandomSource) throws(TrainingError) -> any EmbeddingLoss {
        switch self {
        case .contrastive(let margin): return try ContrastiveLoss(margin: Float(margin))
        case .triplet(let margin, let mining, let distance):
            return try TripletLoss(
                mining: mining, margin: margin.map { .hinge(Float($0)) } ?? .soft, distance: distance)
        case .prototypical(let support, let scale):
            return try PrototypicalLoss(supportCount: support, scale: Float(scale))
        case .nPair(let similarity, let temperature, let regularisation):
            return try NPairLoss(
                similarity: similarity, temperature: Float(temperature), regularisation: Float(regularisation))
        case .arcFace(let margin, let scale, let smoothing):
            return try ArcFaceLoss(
                classCount: classes, dimension: dimension, scale: Float(scale), margin: Float(margin),
                labelSmoothing: Float(smoothing),
                random: &random)
        case .verification(let scale, let threshold, let weights, let references, let parts):
            let loss = try VerificationLoss(
                scale: scale, threshold: threshold, weights: weights, references: references)
            guard let parts else { return loss }
            return try PartsLoss(loss, count: parts.count, weight: parts.weight)
        case .sum(let terms):
            var made: [CompositeLoss.Term] = []
            for term in terms {
                made.append(
                    CompositeLoss.Term(
                        weight: Float(term.weight),
                        loss: try term.loss.make(classes: classes, dimension: dimension, random: &random)))
            }
            return try CompositeLoss(made)
        }
    }
}
