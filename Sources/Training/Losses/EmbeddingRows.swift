// SPDX-License-Identifier: Apache-2.0

/// The embeddings of a batch in double precision, in which a loss sums, and the derivative it gathers.
struct EmbeddingRows {
    let count: Int
    let dimension: Int
    private(set) var values: [Double]
    /// As ``values``; zeros at first.
    private var gradient: [Double]

    /// - Throws: ``TrainingError/diverged(reason:)`` when an embedding is not finite.
    init(_ batch: EmbeddingBatch) throws(TrainingError) {
        guard batch.values.allSatisfy(\.isFinite) else {
            throw .diverged(reason: "an embedding holds what is no finite number")
        }
        count = batch.count
        dimension = batch.dimension
        values = batch.values.map(Double.init)
        gradient = Array(repeating: 0, count: values.count)
    }

    func squaredDistance(_ first: Int, _ second: Int) -> Double {
        values.withUnsafeBufferPointer { values in
            var sum = 0.0, left = first * dimension, right = second * dimension
            for _ in 0..<dimension {
                let difference = values[left] - values[right]
                sum += difference * difference
                left += 1
                right += 1
            }
            return sum
        }
    }

    /// Adds `factor` · (first − second) to the derivative of the first, and takes it from that of the second.
    mutating func addDifference(_ first: Int, _ second: Int, times factor: Double) {
        if factor == 0 { return }
        let dimension = dimension
        values.withUnsafeBufferPointer { values in
            gradient.withUnsafeMutableBufferPointer { gradient in
                var left = first * dimension, right = second * dimension
                for _ in 0..<dimension {
                    let change = factor * (values[left] - values[right])
                    gradient[left] += change
                    gradient[right] -= change
                    left += 1
                    right += 1
                }
            }
        }
    }

    /// Adds the derivative of a distance, times `factor`. Where two rows coincide a Euclidean distance has no
    /// derivative, and none is added: there is no direction to tell them apart by.
    mutating func add(_ metric: TrainingDistance, _ first: Int, _ second: Int, distance: Double, times factor: Double) {
        switch metric {
        case .euclidean: if distance > 0 { addDifference(first, second, times: factor / distance) }
        case .squaredEuclidean: addDifference(first, second, times: 2 * factor)
        }
    }

    /// - Throws: ``TrainingError/diverged(reason:)`` when the loss or its gradient does not fit single precision.
    func value(loss: Double) throws(TrainingError) -> LossValue {
        try LossValue(checking: loss, gradient: gradient)
    }
}

/// What a loss means by distance.
public enum TrainingDistance: String, Sendable, Hashable, Codable, CaseIterable {
    case euclidean
    case squaredEuclidean = "squared-euclidean"

    func distance(squared: Double) -> Double {
        switch self {
        case .euclidean: squared.squareRoot()
        case .squaredEuclidean: squared
        }
    }
}

extension LossValue {
    /// - Throws: ``TrainingError/diverged(reason:)`` when the loss or its gradient does not fit single precision.
    init(checking loss: Double, gradient: [Double]) throws(TrainingError) {
        let single = gradient.map { Float($0) }
        guard Float(loss).isFinite, single.allSatisfy(\.isFinite) else {
            throw .diverged(reason: "the loss is \(loss), or its gradient is no finite number")
        }
        self.init(loss: Float(loss), gradient: single)
    }

    static func nothing(_ batch: EmbeddingBatch) -> LossValue {
        LossValue(loss: 0, gradient: Array(repeating: 0, count: batch.values.count))
    }
}
