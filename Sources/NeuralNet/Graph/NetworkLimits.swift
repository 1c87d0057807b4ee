// SPDX-License-Identifier: Apache-2.0

/// Bounds that hold for every network, so that a hostile or damaged file cannot exhaust the machine.
public enum NetworkLimits {
    /// The most bytes of one activation or constant, and of all activations of a run together.
    public static let maximumBytes = 4 << 30
    /// The most bytes of an ONNX file (protobuf's own bound).
    public static let maximumFileBytes = 2 << 30
    /// The most dimensions of a tensor.
    public static let maximumRank = 16
    /// The most nodes of a graph.
    public static let maximumNodes = 100_000
    /// The most kernel calls of a run, and the most nodes that planning looks at, those of loops once for each round.
    static let maximumSteps = 300_000
    /// The greatest whole number below which single precision holds all.
    static let maximumExactInteger = 1 << 24
    /// The most values of a tensor that is computed while planning (shapes, indices, folded constants).
    static let maximumFoldedCount = 1 << 26
    /// The most bytes of all constants that are computed while planning.
    static let maximumFoldedBytes = 1 << 30
}

/// The number of values of a shape, or nil when an extent is negative or the product does not fit.
package func elementCount(of shape: some Sequence<Int>) -> Int? {
    var count = 1, isEmpty = false
    for extent in shape {
        guard extent >= 0 else { return nil }
        // A zero extent anywhere makes the tensor empty, whatever the rest multiplies to.
        if extent == 0 { isEmpty = true; continue }
        let (product, overflow) = count.multipliedReportingOverflow(by: extent)
        if overflow { return nil }
        count = product
    }
    return isEmpty ? 0 : count
}
