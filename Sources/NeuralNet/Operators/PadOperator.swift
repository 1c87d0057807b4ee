// SPDX-License-Identifier: Apache-2.0

/// ONNX's Pad: the amounts are attributes until operator set 11, then inputs.
struct PadOperator: Operator {
    private let mode: PadMode
    private let attributes: (amounts: [Int], value: Float)?

    var plannedInputs: [Int] { [1, 2, 3] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let node = reader.node
        let name = try reader.string("mode", default: "constant")
        guard let mode = PadMode(rawValue: name), mode != .wrap || reader.opset >= 19 else {
            throw node.unsupported("the mode “\(name)”")
        }
        self.mode = mode
        guard reader.opset < 11 else {
            try reader.requireInputs(2, upTo: reader.opset < 18 ? 3 : 4)
            attributes = nil
            return
        }
        try reader.requireInputs(1, upTo: 1)
        guard let amounts = try reader.ints("pads") else { throw node.invalid("its attribute “pads” is missing") }
        attributes = (amounts, try reader.float("value", default: 0))
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.value(0), rank = input.shape.count
        let amounts = try inputs.requiredIntegers(1, unless: attributes?.amounts)
        let isFloat = inputs.type(0) == .float
        let value = isFloat ? try inputs.scalar(2, unless: attributes?.value) ?? 0 : 0
        let axes = try node.axes(try inputs.integers(3) ?? Array(0..<rank), rank: rank)
        guard amounts.count == 2 * axes.count else {
            throw node.invalid("it has \(amounts.count) amounts for \(axes.count) axes")
        }
        var before = Array(repeating: 0, count: rank), after = before
        for (index, axis) in axes.enumerated() {
            before[axis] = amounts[index]
            after[axis] = amounts[index + axes.count]
        }
        // Tables of as many places are made, so extents are bounded like those of windows.
        let bound = 1 << 24
        guard (before + after).allSatisfy({ $0.magnitude <= bound }), input.shape.allSatisfy({ $0 <= bound }) else {
            throw node.unsupported("an extent or amount of more than 16,777,216")
        }
        let extents = input.shape.indices.map { input.shape[$0] + max(0, before[$0]) + max(0, after[$0]) }
        try lowering.chargeTable([extents.reduce(0, +)], of: node)
        guard let shape = PadShape(input.shape, before: before, after: after, mode: mode) else {
            throw node.invalid("the shape \(input.shape) cannot be padded by \(amounts) (\(mode.rawValue))")
        }
        if !isFloat {
            // What surrounds whole numbers and truth values is 0.
            guard try inputs.constant(2).map({ $0.integers?.allSatisfy { $0 == 0 } ?? false }) ?? true else {
                throw node.unsupported("its input is \(inputs.type(0)) and padded with another value than 0")
            }
            return try CopyStep.emit(
                PadCopy(shape: shape), [input], shape: shape.outputShape, of: node, into: &lowering)
        }
        return try lowering.emit(PadStep(shape: shape, value: value), [input], shape: shape.outputShape, of: node)
    }
}

struct PadStep: CountedStep {
    let shape: PadShape
    let value: Float

    var work: Work { Work(shape.count, WorkCost.single) }

    func run(_ memory: StepMemory) {
        PadKernel.run(shape, value: value, input: memory.operand(0), output: memory.output)
    }
}

/// A margin of zeros around numbers of any type.
struct PadCopy: ElementCopy {
    let shape: PadShape

    func run<Element: BitwiseCopyable>(
        input index: Int, _ input: UnsafePointer<Element>, into output: UnsafeMutablePointer<Element>
    ) {
        // All bits 0 are the number 0 of every type.
        withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { zero in
            UnsafeMutableRawBufferPointer(zero).initializeMemory(as: UInt8.self, repeating: 0)
            PadKernel.run(shape, value: zero[0], input: input, output: output)
        }
    }
}
