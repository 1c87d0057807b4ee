// SPDX-License-Identifier: Apache-2.0

/// How margins follow from the input, by ONNX's auto_pad.
enum AutoPad: String, Sendable {
    case notSet = "NOTSET"
    case sameUpper = "SAME_UPPER"
    case sameLower = "SAME_LOWER"
    case valid = "VALID"

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let name = try reader.string("auto_pad", default: Self.notSet.rawValue)
        guard let own = AutoPad(rawValue: name) else {
            throw reader.node.invalid("auto_pad is “\(name)”, and is NOTSET, SAME_UPPER, SAME_LOWER or VALID")
        }
        self = own
    }
}

/// The window of a convolution or pooling as its attributes state it, for one or two spatial axes.
package struct WindowAttributes: Sendable {
    /// nil where the weights state it.
    package let kernel: [Int]?
    private let strides: [Int]?
    private let dilations: [Int]?
    private let pads: [Int]?
    private let autoPad: AutoPad

    /// - Parameter hasDilations: whether the operator has the attribute `dilations`.
    package init(_ reader: inout NodeReader, hasDilations: Bool = true) throws(NetworkError) {
        let node = reader.node
        kernel = try reader.ints("kernel_shape")
        strides = try reader.ints("strides")
        dilations = hasDilations ? try reader.ints("dilations") : nil
        autoPad = try AutoPad(&reader)
        let pads = try reader.ints("pads")
        self.pads = autoPad == .notSet ? pads : nil
        if let pads, pads.contains(where: { $0 < 0 }) { throw node.unsupported("a negative margin in pads \(pads)") }
        for values in [kernel, strides, dilations].compactMap({ $0 }) {
            guard values.count <= 2 else { throw node.unsupported("a window of \(values.count) dimensions") }
            guard values.allSatisfy({ $0 > 0 }) else { throw node.invalid("an extent of its window is not positive") }
        }
        if let kernel { try check(rank: kernel.count, node) }
    }

    private func check(rank: Int, _ node: Node) throws(NetworkError) {
        guard rank == 1 || rank == 2 else { throw node.unsupported("a window of \(rank) dimensions") }
        for values in [kernel, strides, dilations].compactMap({ $0 }) where values.count != rank {
            throw node.invalid("its window has \(rank) dimensions, and an attribute has \(values.count) values")
        }
        if let pads, pads.count != 2 * rank {
            throw node.invalid("its window has \(rank) dimensions, and pads has \(pads.count) values")
        }
    }

    /// Refuses margins as wide as the window, where a place of it would cover nothing.
    package func requireMarginsWithinKernel(_ node: Node) throws(NetworkError) {
        guard let kernel, let pads else { return }
        for (index, pad) in pads.enumerated() where pad >= kernel[index % kernel.count] {
            throw node.invalid(
                "a margin of \(pad) is not less than the window's extent \(kernel[index % kernel.count])")
        }
    }

    /// The window over an image of the spatial extents `input`; one axis is a window of height 1.
    package func window(kernel: [Int], over input: [Int], _ node: Node) throws(NetworkError) -> SlidingWindow {
        let rank = kernel.count
        try check(rank: rank, node)
        guard input.count == rank else {
            throw node.invalid("its window has \(rank) dimensions, and its input has \(input.count) after the channels")
        }
        let strides = strides ?? Array(repeating: 1, count: rank)
        let dilations = dilations ?? Array(repeating: 1, count: rank)
        var before = Array(repeating: 0, count: rank), after = before
        for axis in 0..<rank {
            switch autoPad {
            case .valid: break
            case .notSet:
                before[axis] = pads?[axis] ?? 0
                after[axis] = pads?[axis + rank] ?? 0
            case .sameUpper, .sameLower:
                (before[axis], after[axis]) = SlidingWindow.samePadding(
                    extent: input[axis], kernel: kernel[axis], stride: strides[axis], dilation: dilations[axis],
                    extraAtEnd: autoPad == .sameUpper)
            }
        }
        func two(_ values: [Int], _ missing: Int) -> (Int, Int) {
            rank == 1 ? (missing, values[0]) : (values[0], values[1])
        }
        let (kernelHeight, kernelWidth) = two(kernel, 1), (strideHeight, strideWidth) = two(strides, 1)
        let (dilationHeight, dilationWidth) = two(dilations, 1)
        let (padTop, padLeft) = two(before, 0), (padBottom, padRight) = two(after, 0)
        return SlidingWindow(
            kernelHeight: kernelHeight, kernelWidth: kernelWidth, strideHeight: strideHeight, strideWidth: strideWidth,
            dilationHeight: dilationHeight, dilationWidth: dilationWidth,
            padTop: padTop, padLeft: padLeft, padBottom: padBottom, padRight: padRight)
    }
}

extension SlidingWindow {
    /// Why it has no place over an image, for an error.
    package func misfit(height: Int, width: Int) -> String {
        "its window of \(kernelHeight) × \(kernelWidth) does not fit its input of \(height) × \(width) with the margins"
    }
}
