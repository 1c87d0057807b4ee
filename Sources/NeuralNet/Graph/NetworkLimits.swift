// SPDX-License-Identifier: Apache-2.0

/// Bounds that hold for every network, so that a hostile or damaged file cannot exhaust the machine.
public enum NetworkLimits {
    /// The most bytes of one activation or constant, and of all activations of a run together.
    public static let maximumBytes = 2 << 30
    /// The most work of a pass for each image, in multiply-adds of a product of matrices or what takes as long: about a
    /// second on a core of today. IResNet-100 at 112×112 pixels and ViT-base at 224×224 take less.
    public static let maximumWork = 1 << 35
    /// The most work of loading a network and of each plan of it, and what each of its weights adds to that.
    static let maximumPlanningWork = 1 << 34
    static let planningWorkPerWeight = 256
    /// The most bytes of constants, tables and layouts of weights that loading a network or a plan of it makes, and what
    /// each of its weights adds to them.
    static let maximumMadeBytes = 32 << 20
    static let madeBytesPerWeight = 40
    /// The most bytes of a run's memory: so many for each image, and more for each byte of the inputs and of the
    /// network's own weights. A network that makes much of a small image and few weights is no embedding network.
    static let runBytesPerImage = 40 << 20
    static let runBytesPerInputByte = 64
    static let runBytesPerWeight = 8
    /// What errors say of a tensor beyond that.
    static let tooLarge = "larger than the \(maximumBytes >> 30) GiB that a tensor may take"
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
