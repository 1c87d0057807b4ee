// SPDX-License-Identifier: Apache-2.0

/// ONNX's Transpose.
struct TransposeOperator: Operator {
    private struct Copy: ElementCopy {
        let shape: TransposeShape

        func run<Element: BitwiseCopyable>(
            input index: Int, _ input: UnsafePointer<Element>, into output: UnsafeMutablePointer<Element>
        ) {
            TransposeKernel.run(shape, input: input, output: output)
        }
    }

    let permutation: [Int]?

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        permutation = try reader.ints("perm")
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let input = try inputs.value(0)
        let permutation = permutation ?? input.shape.indices.reversed()
        guard permutation.sorted() == Array(input.shape.indices) else {
            throw inputs.node.invalid("\(permutation) is no order of the axes of \(input.shape)")
        }
        guard let shape = TransposeShape(input.shape, permutation: permutation) else {
            throw inputs.node.unsupported("the shape \(input.shape) has too many axes")
        }
        return try CopyStep.emit(
            Copy(shape: shape), [input], shape: shape.outputShape, of: inputs.node, into: &lowering)
    }
}

/// ONNX's Concat.
struct ConcatenationOperator: Operator {
    private struct Copy: ElementCopy {
        let shape: ConcatenationShape

        func run<Element: BitwiseCopyable>(
            input index: Int, _ input: UnsafePointer<Element>, into output: UnsafeMutablePointer<Element>
        ) {
            ConcatenationKernel.copy(part: index, of: shape, from: input, into: output)
        }
    }

    let axis: Int

    init(_ reader: inout NodeReader) throws(NetworkError) {
        guard !reader.node.inputs.isEmpty else { throw reader.node.invalid("it has no input") }
        try reader.requireInputs(reader.node.inputs.count, upTo: .max)
        guard let axis = try reader.int("axis") else { throw reader.node.invalid("its attribute “axis” is missing") }
        self.axis = axis
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node
        var parts: [PlanValue] = []
        for index in inputs.values.indices { parts.append(try inputs.value(index)) }
        return try Self.concatenate(
            parts, axis: try node.axis(axis, rank: parts.first?.shape.count ?? 0), of: node, into: &lowering)
    }

    /// Values one after the other along an axis that is counted from the start.
    static func concatenate(
        _ parts: [PlanValue], axis: Int, of node: Node, into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        let shapes = parts.map(\.shape)
        guard let shape = ConcatenationShape(shapes, axis: axis) else {
            throw node.invalid("the shapes \(shapes) cannot be joined along axis \(axis)")
        }
        return try CopyStep.emit(Copy(shape: shape), parts, shape: shape.outputShape, of: node, into: &lowering)
    }
}

/// ONNX's Slice: the places are attributes until operator set 10, then inputs.
struct SliceOperator: Operator {
    private struct Copy: ElementCopy {
        let shape: SliceShape

        func run<Element: BitwiseCopyable>(
            input index: Int, _ input: UnsafePointer<Element>, into output: UnsafeMutablePointer<Element>
        ) {
            SliceKernel.run(shape, input: input, output: output)
        }
    }

    private let attributes: (starts: [Int], ends: [Int], axes: [Int]?)?

    var plannedInputs: [Int] { [1, 2, 3, 4] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        guard reader.opset < 10 else {
            try reader.requireInputs(3, upTo: 5)
            attributes = nil
            return
        }
        try reader.requireInputs(1, upTo: 1)
        guard let starts = try reader.ints("starts"), let ends = try reader.ints("ends") else {
            throw reader.node.invalid("its attributes “starts” and “ends” are not both there")
        }
        attributes = (starts, ends, try reader.ints("axes"))
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.value(0)
        let starts = try inputs.requiredIntegers(1, unless: attributes?.starts)
        let ends = try inputs.requiredIntegers(2, unless: attributes?.ends)
        let stated = try inputs.integers(3, unless: attributes?.axes)
        let steps = try inputs.integers(4) ?? Array(repeating: 1, count: starts.count)
        let axes = try node.axes(stated ?? Array(0..<starts.count), rank: input.shape.count)
        guard starts.count == axes.count, ends.count == axes.count, steps.count == axes.count else {
            throw node.invalid("starts, ends, axes and steps differ in length")
        }
        guard !steps.contains(0) else { throw node.invalid("a step is 0") }
        guard let shape = SliceShape(input.shape, starts: starts, ends: ends, axes: axes, steps: steps) else {
            throw node.unsupported("a slice of the shape \(input.shape) with steps \(steps) has too many axes")
        }
        return try CopyStep.emit(Copy(shape: shape), [input], shape: shape.outputShape, of: node, into: &lowering)
    }
}
