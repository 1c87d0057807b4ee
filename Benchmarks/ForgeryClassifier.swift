// SPDX-License-Identifier: Apache-2.0

import Foundation
import Recognition

/// Logistic regression of single embeddings, genuine or forged: what a picture tells without anything to compare it
/// with.
enum ForgeryClassifier {
    private static let folds = 5
    private static let steps = 300
    private static let rate: Float = 0.5
    private static let decay: Float = 1e-3

    /// The area under the curve of the scores of writers that the classifier did not see, in five parts; nil where
    /// there are no forgeries, or no genuine samples.
    static func heldOutArea(_ rows: [[Float]], isForgery: [Bool], writers: [Int]) -> Double? {
        guard isForgery.contains(true), isForgery.contains(false), let dimension = rows.first?.count else { return nil }
        let people = Array(Set(writers)).sorted()
        guard people.count >= folds else { return nil }
        let part = Dictionary(uniqueKeysWithValues: people.enumerated().map { ($1, $0 % folds) })
        var areas: [Double] = []
        for fold in 0..<folds {
            let isTest = writers.map { part[$0] == fold }
            let training = rows.indices.filter { !isTest[$0] }, test = rows.indices.filter { isTest[$0] }
            let model = fit(training.map { rows[$0] }, training.map { isForgery[$0] }, dimension)
            let scores = test.map { (score: model.score(rows[$0]), isForgery: isForgery[$0]) }
            if let area = area(scores) { areas.append(area) }
        }
        return areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
    }

    private struct Model {
        let mean: [Float]
        let deviation: [Float]
        var weights: [Float]
        var bias: Float = 0

        func scaled(_ row: [Float]) -> [Float] { zip(zip(row, mean), deviation).map { ($0.0 - $0.1) / $1 } }
        func score(_ row: [Float]) -> Float { zip(scaled(row), weights).reduce(bias) { $0 + $1.0 * $1.1 } }
    }

    private static func fit(_ rows: [[Float]], _ isForgery: [Bool], _ dimension: Int) -> Model {
        let count = Float(rows.count)
        let mean = (0..<dimension).map { position in rows.reduce(0) { $0 + $1[position] } / count }
        let deviation = (0..<dimension).map { position in
            max(
                (rows.reduce(0) { $0 + ($1[position] - mean[position]) * ($1[position] - mean[position]) } / count)
                    .squareRoot(),
                1e-6)
        }
        var model = Model(mean: mean, deviation: deviation, weights: Array(repeating: 0, count: dimension))
        let scaled = rows.map(model.scaled)
        // Both classes count the same, however many there are of each.
        let forged = Float(isForgery.count { $0 })
        let shares = isForgery.map { 0.5 / ($0 ? forged : count - forged) }
        for _ in 0..<steps {
            var slopes = Array(repeating: Float(0), count: dimension), slope: Float = 0
            for (index, row) in scaled.enumerated() {
                let value = zip(row, model.weights).reduce(model.bias) { $0 + $1.0 * $1.1 }
                let error = (1 / (1 + exp(-value)) - (isForgery[index] ? 1 : 0)) * shares[index]
                for position in 0..<dimension { slopes[position] += error * row[position] }
                slope += error
            }
            for position in 0..<dimension {
                model.weights[position] -= rate * (slopes[position] + decay * model.weights[position])
            }
            model.bias -= rate * slope
        }
        return model
    }

    /// The share of pairs of a forgery and a genuine sample of which the forgery scores higher.
    private static func area(_ scores: [(score: Float, isForgery: Bool)]) -> Double? {
        let forged = scores.filter(\.isForgery).map(\.score),
            genuine = scores.filter { !$0.isForgery }.map(\.score).sorted()
        guard !forged.isEmpty, !genuine.isEmpty else { return nil }
        let wins = forged.reduce(0.0) { sum, score in
            let below = genuine.partitioningIndex { $0 >= score }, notAbove = genuine.partitioningIndex { $0 > score }
            return sum + Double(below) + Double(notAbove - below) / 2
        }
        return wins / Double(forged.count * genuine.count)
    }
}
