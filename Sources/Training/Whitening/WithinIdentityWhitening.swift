// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// A linear map after which the samples of one identity scatter equally in all directions, so that distance counts
/// least where a hand varies most (within-class covariance normalisation: Hatch, Kajarekar and Stolcke, 2006).
///
/// The scatter is that of embeddings of length 1 about their identity's mean. It is drawn towards the same scatter in
/// all directions, because that of identities which a network learnt by heart says too little about others.
public struct WithinIdentityWhitening: Sendable, Hashable {
    public let dimension: Int
    /// Row by row; `dimension` × `dimension`, a lower triangle.
    public let matrix: [Float]

    /// - Parameters:
    ///   - values: embeddings of length 1, one after another.
    ///   - labels: whose each is. Identities with one embedding are not looked at.
    ///   - shrinkage: the share of the even scatter, above 0 and at most 1, at which nothing is changed.
    /// - Throws: ``TrainingError/invalidInput(reason:)`` when the numbers do not agree, no identity has two embeddings,
    ///   or these do not differ.
    public init(_ values: [Float], dimension: Int, labels: [Int], shrinkage: Double) throws(TrainingError) {
        guard dimension > 0, values.count == labels.count * dimension, shrinkage > 0, shrinkage <= 1 else {
            throw .invalidInput(
                reason:
                    "\(values.count) values are no \(labels.count) embeddings of \(dimension), or the shrinkage \(shrinkage) is not above 0 and at most 1"
            )
        }
        let (scatter, mean) = Self.scatter(values, dimension, labels)
        guard mean > 0, mean.isFinite else {
            throw .invalidInput(reason: "the whitening needs identities with two different embeddings or more")
        }
        var covariance = scatter.map { (1 - shrinkage) * $0 / mean }
        for position in 0..<dimension { covariance[position * dimension + position] += shrinkage }
        guard let inverse = LowerTriangle.inverseFactor(of: covariance, dimension) else {
            throw .invalidInput(
                reason: "the scatter within identities is too uneven to be made even; take a larger shrinkage")
        }
        self.dimension = dimension
        matrix = inverse.map { Float($0) }
    }

    /// The embeddings mapped, and brought to length 1 again.
    ///
    /// - Precondition: these are whole embeddings.
    public func applied(to values: [Float]) -> [Float] {
        precondition(values.count % dimension == 0)
        var result: [Float] = []
        result.reserveCapacity(values.count)
        for start in stride(from: 0, to: values.count, by: dimension) {
            let mapped = (0..<dimension).map { row in
                (0...row).reduce(Float(0)) { $0 + matrix[row * dimension + $1] * values[start + $1] }
            }
            let length = mapped.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
            result += mapped.map { length > 1e-12 ? $0 / length : 0 }
        }
        return result
    }

    /// The graph with the map before its last node, which brings embeddings to length 1.
    ///
    /// - Throws: ``TrainingError/invalidNetwork(reason:)`` when it ends with another node.
    public func appended(to graph: Graph) throws(TrainingError) -> Graph {
        guard let output = graph.outputs.first?.name,
            let last = graph.nodes.lastIndex(where: { $0.outputs == [output] }),
            graph.nodes[last].operatorType == "LpNormalization", let input = graph.nodes[last].inputs.first
        else {
            throw .invalidNetwork(reason: "its embeddings are not of length 1, and only such are whitened")
        }
        var result = graph
        result.initializers["whitening.weight"] = ConstantTensor(
            shape: [dimension, dimension], storage: .float(matrix))
        result.nodes[last].inputs = ["whitening"]
        result.nodes.insert(
            Node(
                name: "whitening", operatorType: "Gemm", inputs: [input, "whitening.weight"], outputs: ["whitening"],
                attributes: ["transB": .int(1)]),
            at: last)
        return result
    }

    /// The pooled scatter within identities, and the mean of its diagonal; 0 where there is none.
    private static func scatter(_ values: [Float], _ dimension: Int, _ labels: [Int]) -> ([Double], mean: Double) {
        var scatter = Array(repeating: 0.0, count: dimension * dimension), count = 0
        for rows in Dictionary(grouping: labels.indices, by: { labels[$0] }).sorted(by: { $0.key < $1.key }).map(
            \.value) where rows.count > 1
        {
            let mean = (0..<dimension).map { position in
                rows.reduce(0.0) { $0 + Double(values[$1 * dimension + position]) } / Double(rows.count)
            }
            for row in rows {
                let difference = (0..<dimension).map { Double(values[row * dimension + $0]) - mean[$0] }
                for first in 0..<dimension where difference[first] != 0 {
                    let factor = difference[first]
                    for second in 0...first { scatter[first * dimension + second] += factor * difference[second] }
                }
            }
            count += rows.count - 1
        }
        guard count > 0 else { return (scatter, 0) }
        for first in 0..<dimension {
            for second in 0...first {
                let value = scatter[first * dimension + second] / Double(count)
                scatter[first * dimension + second] = value
                scatter[second * dimension + first] = value
            }
        }
        return (scatter, (0..<dimension).reduce(0) { $0 + scatter[$1 * dimension + $1] } / Double(dimension))
    }
}

/// Symmetric matrices, row by row.
private enum LowerTriangle {
    /// The inverse of L, with L·Lᵀ the matrix (Cholesky); nil when that is not positive definite.
    static func inverseFactor(of matrix: [Double], _ size: Int) -> [Double]? {
        var factor = Array(repeating: 0.0, count: size * size)
        for row in 0..<size {
            for column in 0...row {
                var sum = matrix[row * size + column]
                for position in 0..<column { sum -= factor[row * size + position] * factor[column * size + position] }
                if row == column {
                    guard sum > 1e-12, sum.isFinite else { return nil }
                    factor[row * size + row] = sum.squareRoot()
                } else {
                    factor[row * size + column] = sum / factor[column * size + column]
                }
            }
        }
        var inverse = Array(repeating: 0.0, count: size * size)
        for column in 0..<size {
            inverse[column * size + column] = 1 / factor[column * size + column]
            for row in column + 1..<max(size, column + 1) {
                var sum = 0.0
                for position in column..<row {
                    sum -= factor[row * size + position] * inverse[position * size + column]
                }
                inverse[row * size + column] = sum / factor[row * size + row]
            }
        }
        return inverse
    }
}
