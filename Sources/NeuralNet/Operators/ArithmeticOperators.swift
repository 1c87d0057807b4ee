// SPDX-License-Identifier: Apache-2.0

/// ONNX's Add, Sub, Mul, Div and Pow, with both operands stretched to one shape.
struct ArithmeticOperator: Operator {
    let operation: BinaryOperation

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 2)
        operation =
            switch reader.node.operatorType {
            case "Add": .add
            case "Sub": .subtract
            case "Mul": .multiply
            case "Div": .divide
            case "Pow": .power
            default: throw .unsupportedOperator(operatorType: reader.node.operatorType, node: reader.node.label)
            }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let left = try inputs.value(0)
        var right = try inputs.value(1)
        if operation == .power, let exponent = right.constant, exponent.integers != nil {
            // Pow alone takes operands of two types.
            right = .constant(ConstantValue(exponent.tensor.converted(to: .float)))
        }
        return try BinaryStep.emit(operation, left, right, of: inputs.node, into: &lowering)
    }
}

/// ONNX's Min and Max of any number of operands.
struct ExtremumOperator: Operator {
    let operation: BinaryOperation

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(reader.node.inputs.count, upTo: .max)
        guard !reader.node.inputs.isEmpty else { throw reader.node.invalid("it has no input") }
        operation = reader.node.operatorType == "Min" ? .minimum : .maximum
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        var result = try inputs.value(0)
        for index in inputs.values.indices.dropFirst() {
            result = try BinaryStep.emit(operation, result, try inputs.value(index), of: inputs.node, into: &lowering)
        }
        return result
    }
}

struct BinaryStep: StepBody {
    let operation: BinaryOperation
    let broadcast: BroadcastShape
    /// Both operands have the output's shape.
    let isElementwise: Bool

    static func emit(
        _ operation: BinaryOperation, _ left: PlanValue, _ right: PlanValue, of node: Node,
        into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        guard let broadcast = BroadcastShape(left: left.shape, right: right.shape) else {
            throw node.invalid("the shapes \(left.shape) and \(right.shape) cannot be stretched to one")
        }
        if let left = left.constant, let right = right.constant, left.integers != nil {
            try lowering.charge(shape: broadcast.outputShape, elementSize: MemoryLayout<Int64>.size, of: node)
            let folded = try ConstantArithmetic.evaluate(
                operation, left.tensor, right.tensor, outputShape: broadcast.outputShape, of: node)
            return .constant(ConstantValue(folded))
        }
        let isElementwise = left.shape == right.shape
        return try lowering.emit(
            BinaryStep(operation: operation, broadcast: broadcast, isElementwise: isElementwise), [left, right],
            shape: broadcast.outputShape, of: node)
    }

    func run(_ memory: StepMemory) {
        BinaryKernel.run(operation, broadcast, left: memory.operand(0), right: memory.operand(1), output: memory.output)
    }
}
