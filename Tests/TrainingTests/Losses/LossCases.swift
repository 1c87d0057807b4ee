// SPDX-License-Identifier: Apache-2.0

import Training

/// A loss, and what PyTorch is to be told of it.
struct LossCase: Sendable, CustomStringConvertible {
    let description: String
    let function: String
    let attributes: [String: TorchAttribute]
    /// From a source of its own, since a loss may have weights.
    let make: @Sendable () throws -> any EmbeddingLoss

    /// The classes and values of what ``LossBatches`` makes.
    static let classCount = 7, dimension = 5

    static let all: [LossCase] =
        triplets + [
            LossCase(description: "contrastive", function: "contrastive", attributes: ["margin": 2]) {
                try ContrastiveLoss(margin: 2)
            },
            LossCase(description: "prototypical", function: "prototypical", attributes: ["support": 2, "scale": 1]) {
                try PrototypicalLoss(supportCount: 2)
            },
            LossCase(
                description: "prototypical, scaled", function: "prototypical",
                attributes: ["support": 1, "scale": 0.25]
            ) {
                try PrototypicalLoss(supportCount: 1, scale: 0.25)
            },
            LossCase(
                description: "N-pair, cosine", function: "n_pair",
                attributes: ["cosine": true, "temperature": 0.25, "regularisation": 0]
            ) { try NPairLoss(temperature: 0.25) },
            LossCase(
                description: "N-pair, inner product", function: "n_pair",
                attributes: ["cosine": false, "temperature": 2, "regularisation": 0.125]
            ) { try NPairLoss(similarity: .innerProduct, temperature: 2, regularisation: 0.125) },
            LossCase(
                description: "verification", function: "verification",
                attributes: ["scale": 6, "threshold": 0.5, "weights": .list([0.5, 2, 1, 1])]
            ) { try VerificationLoss() },
            LossCase(
                description: "verification, gentle and unevenly weighted", function: "verification",
                attributes: ["scale": 0.5, "threshold": 4, "weights": .list([1, 0.5, 0.25, 2])]
            ) {
                try VerificationLoss(
                    scale: 0.5, threshold: 4,
                    weights: VerificationLoss.Weights(identification: 1, genuine: 0.5, forgery: 0.25, impostor: 2))
            },
            LossCase(
                description: "verification against references of one sample, of two, and so on",
                function: "verification",
                attributes: ["scale": 6, "threshold": 0.5, "weights": .list([0.5, 2, 1, 1]), "varied": true]
            ) { try VerificationLoss(references: .varied) },
            arcFace("ArcFace", scale: 4, margin: 0.5, smoothing: 0),
            arcFace("ArcFace, wide margin and smoothed labels", scale: 8, margin: 1.25, smoothing: 0.125),
            arcFace("normalised softmax", scale: 4, margin: 0, smoothing: 0),
        ]

    private static let triplets = TripletLoss.Mining.allCases.flatMap { mining in
        TrainingDistance.allCases.flatMap { distance in
            [TripletLoss.Margin.hinge(0.5), .soft].map { margin in
                var attributes: [String: TorchAttribute] = [
                    "mining": .string(mining.rawValue), "squared": .bool(distance == .squaredEuclidean),
                ]
                if case .hinge(let width) = margin { attributes["margin"] = .number(Double(width)) }
                return LossCase(
                    description: "triplet, \(mining.rawValue), \(distance.rawValue), \(margin)", function: "triplet",
                    attributes: attributes
                ) { try TripletLoss(mining: mining, margin: margin, distance: distance) }
            }
        }
    }

    private static func arcFace(_ description: String, scale: Float, margin: Float, smoothing: Float) -> LossCase {
        LossCase(
            description: description, function: "arcface",
            attributes: [
                "scale": .number(Double(scale)), "margin": .number(Double(margin)),
                "smoothing": .number(Double(smoothing)),
            ]
        ) {
            var random = RandomSource(seed: 77)
            return try ArcFaceLoss(
                classCount: classCount, dimension: dimension, scale: scale, margin: margin, labelSmoothing: smoothing,
                random: &random)
        }
    }
}

enum LossBatches {
    /// Three or four genuine samples of each of `ways` identities in mixed order, and forgeries of some.
    static func random(seed: UInt64, ways: Int = 4) throws -> EmbeddingBatch {
        var random = RandomSource(seed: seed)
        var rows: [(label: Int, isForgery: Bool)] = []
        for label in 0..<ways {
            for _ in 0..<3 + random.index(below: 2) { rows.append((label, false)) }
            for _ in 0..<random.index(below: 3) { rows.append((label, true)) }
        }
        rows.shuffle(using: &random)
        return try EmbeddingBatch(
            values: (0..<rows.count * LossCase.dimension).map { _ in random.normal() }, dimension: LossCase.dimension,
            labels: rows.map(\.label), isForgery: rows.map(\.isForgery))
    }

    static func with(_ values: [Float], like batch: EmbeddingBatch) throws -> EmbeddingBatch {
        try EmbeddingBatch(
            values: values, dimension: batch.dimension, labels: batch.labels, isForgery: batch.isForgery,
            pairs: batch.pairs)
    }
}
