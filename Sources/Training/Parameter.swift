// SPDX-License-Identifier: Apache-2.0

/// Numbers of a network that training changes, or keeps with it: a weight, a bias, a running mean.
///
/// A reference type, because the network, the optimiser and the checkpoint all speak of the same numbers. One thread
/// at a time may use it.
public final class Parameter {
    /// The name of the initialiser in the graph, or one that a loss gives its own weights.
    public let name: String
    public let shape: [Int]
    /// Row-major; as many as the product of ``shape``.
    public var values: [Float]
    /// The sum of the loss's derivatives since it was last set to zero; as many as ``values``.
    public var gradient: [Float]
    /// Whether weight decay applies: to weights, not to biases, slopes or the scales of a normalisation.
    public let decays: Bool

    /// - Precondition: `values` has as many elements as the product of `shape`.
    public init(name: String, shape: [Int], values: [Float], decays: Bool) {
        precondition(shape.reduce(1, *) == values.count)
        self.name = name
        self.shape = shape
        self.values = values
        self.decays = decays
        gradient = Array(repeating: 0, count: values.count)
    }

    public func clearGradient() {
        for index in gradient.indices { gradient[index] = 0 }
    }
}
