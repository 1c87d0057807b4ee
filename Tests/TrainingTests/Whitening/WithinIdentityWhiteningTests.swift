// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import Testing
import Training

@Suite struct WithinIdentityWhiteningTests {
    /// Embeddings of 40 identities that scatter much along one direction and little along the others.
    private func samples(seed: UInt64) -> (values: [Float], labels: [Int]) {
        var random = RandomSource(seed: seed), values: [Float] = [], labels: [Int] = []
        for identity in 0..<40 {
            let center = (0..<6).map { _ in random.normal() }
            for _ in 0..<8 {
                let along = 0.8 * random.normal()
                let row = center.enumerated().map { $1 + ($0 < 2 ? along : 0) + 0.1 * random.normal() }
                let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
                values += row.map { $0 / length }
                labels.append(identity)
            }
        }
        return (values, labels)
    }

    /// The scatter about the identities' means that a plain sum gives.
    private func covariance(_ values: [Float], _ labels: [Int]) -> [[Double]] {
        var result = Array(repeating: Array(repeating: 0.0, count: 6), count: 6)
        for identity in Set(labels) {
            let rows = labels.indices.filter { labels[$0] == identity }
            let mean = (0..<6).map { position in
                rows.reduce(0.0) { $0 + Double(values[$1 * 6 + position]) } / Double(rows.count)
            }
            for row in rows {
                for a in 0..<6 {
                    for b in 0..<6 {
                        result[a][b] +=
                            (Double(values[row * 6 + a]) - mean[a]) * (Double(values[row * 6 + b]) - mean[b])
                    }
                }
            }
        }
        return result.map { $0.map { $0 / Double(labels.count - Set(labels).count) } }
    }

    @Test func theMapMakesTheScatterEvenAsFarAsTheShrinkageLetsIt() throws {
        let (values, labels) = samples(seed: 1), shrinkage = 0.1
        let whitening = try WithinIdentityWhitening(values, dimension: 6, labels: labels, shrinkage: shrinkage)
        var scatter = covariance(values, labels)
        let mean = (0..<6).reduce(0.0) { $0 + scatter[$1][$1] } / 6
        for a in 0..<6 {
            for b in 0..<6 { scatter[a][b] = (1 - shrinkage) * scatter[a][b] / mean + (a == b ? shrinkage : 0) }
        }
        // M·C·Mᵀ is the identity.
        for a in 0..<6 {
            for b in 0..<6 {
                var sum = 0.0
                for c in 0..<6 {
                    for d in 0..<6 {
                        sum += Double(whitening.matrix[a * 6 + c]) * scatter[c][d] * Double(whitening.matrix[b * 6 + d])
                    }
                }
                #expect(abs(sum - (a == b ? 1 : 0)) < 1e-4)
            }
        }
    }

    @Test func fullShrinkageChangesNothing() throws {
        let (values, labels) = samples(seed: 2)
        let found = try WithinIdentityWhitening(values, dimension: 6, labels: labels, shrinkage: 1).applied(to: values)
        #expect(zip(found, values).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func theNetworkWithTheMapMakesWhatTheMapMakesOfItsEmbeddings() throws {
        var random = RandomSource(seed: 3)
        let graph = try ArchitectureDescription(.residual, height: 16, width: 16, embedding: 6, widths: [4, 8])
            .makeGraph(random: &random)
        let (values, labels) = samples(seed: 4)
        let whitening = try WithinIdentityWhitening(values, dimension: 6, labels: labels, shrinkage: 0.2)
        let image = (0..<2 * 256).map { _ in random.normal() }
        func run(_ graph: Graph) throws -> [Float] {
            let network = try TrainableNetwork(graph)
            return try network.makePass(inputShape: [2, 1, 16, 16]).evaluate(image)
        }
        let plain = try run(graph), mapped = try run(whitening.appended(to: graph))
        #expect(relativeError(mapped, whitening.applied(to: plain)) < 1e-5)
    }

    @Test func whatCannotBeWhitenedIsRefused() throws {
        let (values, labels) = samples(seed: 5)
        #expect(throws: TrainingError.self) {
            try WithinIdentityWhitening(values, dimension: 6, labels: Array(labels.indices), shrinkage: 0.1)
        }
        #expect(throws: TrainingError.self) {
            try WithinIdentityWhitening(values, dimension: 6, labels: labels, shrinkage: 0)
        }
        #expect(throws: TrainingError.self) {
            try WithinIdentityWhitening(values, dimension: 5, labels: labels, shrinkage: 0.1)
        }
        var random = RandomSource(seed: 6)
        let graph = try ArchitectureDescription(.residual, height: 16, width: 16, embedding: 6, isNormalized: false)
            .makeGraph(random: &random)
        let whitening = try WithinIdentityWhitening(values, dimension: 6, labels: labels, shrinkage: 0.1)
        #expect(throws: TrainingError.self) { try whitening.appended(to: graph) }
    }
}
