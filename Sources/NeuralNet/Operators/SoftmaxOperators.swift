// SPDX-License-Identifier: Apache-2.0

/// ONNX's Softmax, LogSoftmax and Hardmax: until operator set 13 over all axes from one on, then along one.
struct SoftmaxOperator: Operator {
    enum Kind: Sendable {
        case softmax, logSoftmax, hardmax
    }

    let kind: Kind
    let axis: Int
    let isAlongOneAxis: Bool

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        kind =
            switch reader.node.operatorType {
            case "Softmax": .softmax
            case "LogSoftmax": .logSoftmax
            default: .hardmax
            }
        isAlongOneAxis = reader.opset >= 13
        axis = try reader.int("axis", default: isAlongOneAxis ? -1 : 1)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.floats(0), shape = input.shape
        let axis = try node.axis(axis, rank: shape.count)
        let seen: AxisShape? =
            if isAlongOneAxis {
                AxisShape(shape, axis: axis)
            } else if let outer = elementCount(of: shape[..<axis]), let count = elementCount(of: shape[axis...]) {
                AxisShape(outer: outer, count: count, inner: 1)
            } else {
                nil
            }
        guard let seen else { throw node.invalid("its input of shape \(shape) is \(NetworkLimits.tooLarge)") }
        return try lowering.emit(SoftmaxStep(kind: kind, shape: seen), [input], shape: shape, of: node)
    }
}

struct SoftmaxStep: CountedStep {
    let kind: SoftmaxOperator.Kind
    let shape: AxisShape

    var work: Work {
        let cost = kind == .softmax && shape.inner == 1 ? WorkCost.function : WorkCost.libraryFunction
        return Work(shape.outer, shape.count, shape.inner, cost)
    }

    func run(_ memory: StepMemory) {
        switch kind {
        case .softmax: SoftmaxKernel.run(shape, input: memory.operand(0), output: memory.output)
        case .logSoftmax: LogSoftmaxKernel.run(shape, input: memory.operand(0), output: memory.output)
        case .hardmax: HardmaxKernel.run(shape, input: memory.operand(0), output: memory.output)
        }
    }
}

/// Softmax of rows that may be masked whole.
struct MaskedSoftmaxStep: CountedStep {
    let rows: Int
    let count: Int

    var work: Work { Work(rows, count, WorkCost.function) }

    func run(_ memory: StepMemory) {
        MaskedSoftmaxKernel.run(rows: rows, count: count, input: memory.operand(0), output: memory.output)
    }
}
