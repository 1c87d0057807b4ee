// SPDX-License-Identifier: Apache-2.0

/// Operators that apply one function to each value: activations, roundings and trigonometry. Until operator set 22, and
/// in 28 (Celu), only their element types changed.
struct FunctionOperator: Operator {
    let function: ElementFunction

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        function =
            switch reader.node.operatorType {
            case "Erf": .erf
            case "Softplus": .softplus
            case "Softsign": .softsign
            case "Mish": .mish
            case "HardSwish": .hardSwish
            case "Gelu": try Self.gelu(&reader)
            case "Elu": .elu(alpha: try reader.float("alpha", default: 1))
            case "Selu":
                .selu(
                    alpha: try reader.float("alpha", default: 1.673_263_19),
                    gamma: try reader.float("gamma", default: 1.050_701))
            case "Celu": .celu(alpha: try reader.float("alpha", default: 1))
            case "HardSigmoid":
                .hardSigmoid(
                    alpha: try reader.float("alpha", default: 0.2), beta: try reader.float("beta", default: 0.5))
            case "ThresholdedRelu": .thresholdedRelu(alpha: try reader.float("alpha", default: 1))
            case "Swish": .swish(alpha: try reader.float("alpha", default: 1))
            case "Shrink":
                .shrink(bias: try reader.float("bias", default: 0), lambda: try reader.float("lambd", default: 0.5))
            case "Floor": .floor
            case "Ceil": .ceil
            case "Round": .round
            case "Sin": .sin
            case "Cos": .cos
            case "Tan": .tan
            case "Asin": .asin
            case "Acos": .acos
            case "Atan": .atan
            case "Sinh": .sinh
            case "Cosh": .cosh
            case "Asinh": .asinh
            case "Acosh": .acosh
            case "Atanh": .atanh
            default: throw .unsupportedOperator(operatorType: reader.node.operatorType, node: reader.node.label)
            }
    }

    private static func gelu(_ reader: inout NodeReader) throws(NetworkError) -> ElementFunction {
        let name = try reader.string("approximate", default: "none")
        switch name {
        case "none": return .gelu
        case "tanh": return .tanhGelu
        default: throw reader.node.invalid("approximate is “\(name)”, and is none or tanh")
        }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        try FunctionStep.emit(function, try inputs.floats(0), of: inputs.node, into: &lowering)
    }
}

struct FunctionStep: CountedStep {
    let function: ElementFunction
    let count: Int

    var work: Work { Work(count, function.cost) }

    /// - Parameter type: what the result's floats stand for.
    static func emit(
        _ function: ElementFunction, _ input: PlanValue, type: ElementType = .float, of node: Node,
        into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        let count = try Lowering.checkedCount(input.shape, what: "The input of node “\(node.label)”")
        return try lowering.emit(
            FunctionStep(function: function, count: count), [input], shape: input.shape, type: type, of: node)
    }

    func run(_ memory: StepMemory) {
        ElementFunctionKernel.run(function, count: count, input: memory.operand(0), output: memory.output)
    }
}

/// ONNX's IsNaN, IsInf (operator sets 10 and 20) and Not, which answer truth values.
struct TestOperator: Operator {
    let function: ElementFunction

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        function =
            switch reader.node.operatorType {
            case "IsNaN": .isNaN
            case "IsInf":
                .isInfinite(
                    positive: try reader.flag("detect_positive", default: true),
                    negative: try reader.flag("detect_negative", default: true))
            default: .not
            }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let input = function == .not ? try inputs.numbers(0) : try inputs.floats(0)
        guard function != .not || inputs.type(0) == .bool else {
            throw inputs.node.invalid("its input is no truth value")
        }
        return try FunctionStep.emit(function, input, type: .bool, of: inputs.node, into: &lowering)
    }
}

/// ONNX's Abs, Neg and Sign, on whole numbers too where these are known when planning.
struct SignOperator: Operator {
    let type: String

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        type = reader.node.operatorType
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.value(0)
        if let constant = input.constant, let integers = constant.integers, constant.elementType.isInteger {
            let values: [Int64] = integers.map { value in
                switch type {
                case "Neg": 0 &- value
                case "Abs": value < 0 ? 0 &- value : value
                default: value.signum()
                }
            }
            return try lowering.fold(
                ConstantTensor(shape: constant.shape, storage: .int64(values)).converted(to: constant.elementType),
                of: node)
        }
        let floats = try inputs.floats(0)
        switch type {
        case "Neg": return try UnaryStep.emit(.negate, floats, of: node, into: &lowering)
        case "Abs": return try UnaryStep.emit(.absolute, floats, of: node, into: &lowering)
        default: return try FunctionStep.emit(.sign, floats, of: node, into: &lowering)
        }
    }
}
