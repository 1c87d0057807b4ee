// SPDX-License-Identifier: Apache-2.0

/// Copies what is seen of a tensor through other extents and strides: repeated, reordered or in part.
struct ViewCopy: ElementCopy {
    private let walk: StridedWalk
    private let offset: Int

    /// nil where too many axes remain after neighbours are joined.
    init?(extents: [Int], strides: [Int], offset: Int = 0) {
        // Of nothing, nothing is seen, whatever the strides.
        let isEmpty = extents.contains(0)
        guard let walk = StridedWalk(extents: isEmpty ? [0] : extents, strides: isEmpty ? [1] : strides) else {
            return nil
        }
        self.walk = walk
        self.offset = isEmpty ? 0 : offset
    }

    func run<Element: BitwiseCopyable>(
        input index: Int, _ input: UnsafePointer<Element>, into output: UnsafeMutablePointer<Element>
    ) {
        StridedCopy.gather(walk, from: input + offset, into: output)
    }

    /// Appends the copy and returns its output.
    ///
    /// - Parameters:
    ///   - extents: one for each stride, of as many values as `shape`.
    ///   - shape: what the output is seen as.
    static func emit(
        _ input: PlanValue, extents: [Int], strides: [Int], offset: Int = 0, shape: [Int], of node: Node,
        into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        guard let count = elementCount(of: extents), count == elementCount(of: shape) else {
            throw node.invalid("its output of shape \(shape) is \(NetworkLimits.tooLarge)")
        }
        guard let copy = ViewCopy(extents: extents, strides: strides, offset: offset) else {
            throw node.unsupported("the shape \(input.shape) has too many axes")
        }
        return try CopyStep.emit(copy, [input], shape: shape, of: node, into: &lowering)
    }

    /// The axes in another order: axis i of the result is axis `permutation[i]` of the input.
    static func transpose(
        _ input: PlanValue, _ permutation: [Int], of node: Node, into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        let strides = TensorExtent.strides(of: input.shape), extents = permutation.map { input.shape[$0] }
        return try emit(
            input, extents: extents, strides: permutation.map { strides[$0] }, shape: extents, of: node,
            into: &lowering)
    }

    /// The part of an axis from `start` on.
    static func slice(
        _ input: PlanValue, axis: Int, start: Int, count: Int, of node: Node, into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        var shape = input.shape
        let strides = TensorExtent.strides(of: shape)
        if start == 0, count == shape[axis] { return input }
        shape[axis] = count
        return try emit(
            input, extents: shape, strides: strides, offset: start &* strides[axis], shape: shape,
            of: node, into: &lowering)
    }

    /// Stretched to a shape that it can be stretched to.
    static func expand(
        _ input: PlanValue, to shape: [Int], of node: Node, into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        if input.shape == shape { return input }
        let missing = shape.count - input.shape.count, own = TensorExtent.strides(of: input.shape)
        guard missing >= 0 else { throw node.invalid("\(input.shape) cannot be stretched to \(shape)") }
        var strides: [Int] = []
        for axis in shape.indices {
            let extent = axis < missing ? 1 : input.shape[axis - missing]
            guard extent == 1 || extent == shape[axis] else {
                throw node.invalid("\(input.shape) cannot be stretched to \(shape)")
            }
            strides.append(extent == 1 ? 0 : own[axis - missing])
        }
        return try emit(input, extents: shape, strides: strides, shape: shape, of: node, into: &lowering)
    }
}
