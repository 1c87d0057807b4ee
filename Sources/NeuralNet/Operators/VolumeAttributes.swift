// SPDX-License-Identifier: Apache-2.0

/// The window of a convolution or pooling as its attributes state it, for one to three spatial axes.
struct VolumeAttributes: Sendable {
    /// nil where the weights state it.
    let kernel: [Int]?
    private let strides: [Int]?
    private let dilations: [Int]?
    private let pads: [Int]?
    let autoPad: AutoPad

    init(_ reader: inout NodeReader, hasDilations: Bool = true) throws(NetworkError) {
        let node = reader.node
        kernel = try reader.ints("kernel_shape")
        strides = try reader.ints("strides")
        dilations = hasDilations ? try reader.ints("dilations") : nil
        autoPad = try AutoPad(&reader)
        let pads = try reader.ints("pads")
        self.pads = autoPad == .notSet ? pads : nil
        let bound = 1 << 24
        for values in [kernel, strides, dilations].compactMap({ $0 }) {
            guard values.count <= VolumeWindow.axes else {
                throw node.unsupported("a window of \(values.count) dimensions")
            }
            guard values.allSatisfy({ $0 > 0 && $0 <= bound }) else {
                throw node.invalid("an extent of its window is not positive, or more than 16,777,216")
            }
        }
        if let pads, pads.contains(where: { $0 < 0 || $0 > bound }) {
            throw node.unsupported("a margin in pads \(pads) that is negative or more than 16,777,216")
        }
    }

    /// What it states for each of `rank` axes: with `missing` where it states nothing.
    struct Axes {
        var kernel: [Int]
        let strides: [Int]
        let dilations: [Int]
        var before: [Int]
        var after: [Int]

        /// What the window covers along an axis.
        func extent(_ axis: Int) -> Int { (kernel[axis] - 1) * dilations[axis] + 1 }
    }

    /// - Parameter input: the spatial extents that the window moves over, for SAME.
    func axes(kernel: [Int], over input: [Int], _ node: Node) throws(NetworkError) -> Axes {
        let rank = kernel.count
        guard rank >= 1, rank <= VolumeWindow.axes, input.count == rank else {
            throw node.unsupported("a window of \(rank) dimensions over \(input.count) axes after the channels")
        }
        for values in [self.kernel, strides, dilations].compactMap({ $0 }) where values.count != rank {
            throw node.invalid("its window has \(rank) dimensions, and an attribute has \(values.count) values")
        }
        if let pads, pads.count != 2 * rank {
            throw node.invalid("its window has \(rank) dimensions, and pads has \(pads.count) values")
        }
        let one = Array(repeating: 1, count: rank)
        var axes = Axes(
            kernel: kernel, strides: strides ?? one, dilations: dilations ?? one,
            before: pads.map { Array($0[..<rank]) } ?? Array(repeating: 0, count: rank),
            after: pads.map { Array($0[rank...]) } ?? Array(repeating: 0, count: rank))
        guard autoPad == .sameUpper || autoPad == .sameLower else { return axes }
        for axis in 0..<rank {
            (axes.before[axis], axes.after[axis]) = SlidingWindow.samePadding(
                extent: input[axis], kernel: kernel[axis], stride: axes.strides[axis],
                dilation: axes.dilations[axis], extraAtEnd: autoPad == .sameUpper)
        }
        return axes
    }
}

extension VolumeAttributes.Axes {
    /// The places of the window over these extents.
    func places(over input: [Int], ceilMode: Bool, _ node: Node) throws(NetworkError) -> [Int] {
        var places: [Int] = []
        for axis in input.indices {
            guard
                let count = SlidingWindow.positions(
                    extent: input[axis], kernel: kernel[axis], stride: strides[axis], dilation: dilations[axis],
                    before: before[axis], after: after[axis], ceilMode: ceilMode)
            else {
                throw node.invalid("its window \(kernel) does not fit its input of \(input) with the margins")
            }
            places.append(count)
        }
        return places
    }
}
