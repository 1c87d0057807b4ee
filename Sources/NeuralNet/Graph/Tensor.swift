// SPDX-License-Identifier: Apache-2.0

/// Dense single-precision values in row-major order; images are [sample, channel, row, column].
public struct Tensor: Sendable, Equatable {
    public let shape: [Int]
    /// As many as the product of ``shape``.
    public var values: [Float]

    /// - Throws: ``NetworkError/malformedModel(reason:)`` when the shape does not have as many values.
    public init(shape: [Int], values: [Float]) throws(NetworkError) {
        guard elementCount(of: shape) == values.count else {
            throw .malformedModel(reason: "a tensor of shape \(shape) cannot hold \(values.count) values")
        }
        self.shape = shape
        self.values = values
    }

    init(checkedShape shape: [Int], values: [Float]) {
        self.shape = shape
        self.values = values
    }
}
