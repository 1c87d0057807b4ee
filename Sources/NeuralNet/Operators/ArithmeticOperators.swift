// SPDX-License-Identifier: Apache-2.0

/// ONNX's Add, Sub, Mul, Div, Pow and Mod, the comparisons, and And, Or and Xor, with both operands stretched to one
/// shape. Comparisons and logic answer truth values. Arithmetic on whole numbers is done when planning only.
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
            // Floating-point numbers with fmod 0 are of operator set 28.
            case "Mod": try reader.flag("fmod") ? .remainder : .modulo
            case "Equal": .equal
            case "Less": .less
            case "LessOrEqual": .lessOrEqual
            case "Greater": .greater
            case "GreaterOrEqual": .greaterOrEqual
            case "And": .and
            case "Or": .or
            case "Xor": .xor
            default: throw .unsupportedOperator(operatorType: reader.node.operatorType, node: reader.node.label)
            }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let left = try inputs.value(0)
        var right = try inputs.value(1)
        if operation == .power {
            // Pow alone takes operands of two types.
            if let exponent = right.constant, exponent.elementType != lowering.elementType(of: left) {
                if exponent.elementType == .float,
                    exponent.tensor.floats?.contains(where: { $0 != $0.rounded() }) ?? false
                {
                    throw inputs.node.unsupported("it raises integers to a power with a fraction")
                }
                right = .constant(ConstantValue(exponent.tensor.converted(to: lowering.elementType(of: left))))
            }
            if let exponent = right.constant, exponent.count == 1, let power = exponent.floats?.values.first,
                exponent.shape.count <= left.shape.count
            {
                return try FunctionStep.emit(
                    .power(power), try inputs.floats(0), of: inputs.node, into: &lowering)
            }
        }
        return try BinaryStep.emit(operation, left, right, of: inputs.node, into: &lowering)
    }
}

/// ONNX's Min, Max, Sum and Mean of any number of operands.
struct ManyOperandsOperator: Operator {
    let operation: BinaryOperation
    let isMean: Bool

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(reader.node.inputs.count, upTo: .max)
        guard !reader.node.inputs.isEmpty else { throw reader.node.invalid("it has no input") }
        switch reader.node.operatorType {
        case "Min": (operation, isMean) = (.minimum, false)
        case "Max": (operation, isMean) = (.maximum, false)
        default: (operation, isMean) = (.add, reader.node.operatorType == "Mean")
        }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        var result = try inputs.value(0)
        for index in inputs.values.indices.dropFirst() {
            result = try BinaryStep.emit(operation, result, try inputs.value(index), of: inputs.node, into: &lowering)
        }
        if isMean {
            let count = Float(inputs.values.count)
            result = try BinaryStep.emit(.divide, result, .scalar(count), of: inputs.node, into: &lowering)
        }
        return result
    }
}

struct BinaryStep: CountedStep {
    let operation: BinaryOperation
    let broadcast: BroadcastShape
    /// Both operands have the output's shape.
    let isElementwise: Bool

    var work: Work { Work(broadcast.rows, broadcast.row, operation.cost) + broadcast.work }

    static func emit(
        _ operation: BinaryOperation, _ left: PlanValue, _ right: PlanValue, of node: Node,
        into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        guard let broadcast = BroadcastShape(left: left.shape, right: right.shape) else {
            throw node.invalid("the shapes \(left.shape) and \(right.shape) cannot be stretched to one")
        }
        let type = lowering.elementType(of: left)
        guard lowering.elementType(of: right) == type else {
            throw node.invalid("it combines \(type) with \(lowering.elementType(of: right))")
        }
        let isLogic = [.and, .or, .xor].contains(operation)
        guard (type == .bool) == isLogic || (type == .bool && operation == .equal) else {
            throw node.invalid("it is applied to \(type)")
        }
        if let left = left.constant, let right = right.constant, left.integers != nil {
            try lowering.charge(shape: broadcast.outputShape, elementSize: MemoryLayout<Int64>.size, of: node)
            try lowering.charge(Work(broadcast.rows, broadcast.row, WorkCost.libraryFunction), of: node)
            let folded = try ConstantArithmetic.evaluate(
                operation, left.tensor, right.tensor, outputShape: broadcast.outputShape, of: node)
            return .constant(ConstantValue(folded))
        }
        guard !type.isInteger || operation.isTest || operation == .minimum || operation == .maximum else {
            throw node.unsupported("it calculates with \(type) in a run")
        }
        let isElementwise = left.shape == right.shape
        let operands = try [left, right].map { value throws(NetworkError) in try value.asFloats(of: node) }
        return try lowering.emit(
            BinaryStep(operation: operation, broadcast: broadcast, isElementwise: isElementwise), operands,
            shape: broadcast.outputShape, type: operation.isTest ? .bool : type, of: node)
    }

    func run(_ memory: StepMemory) {
        BinaryKernel.run(operation, broadcast, left: memory.operand(0), right: memory.operand(1), output: memory.output)
    }
}
