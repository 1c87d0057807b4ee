// SPDX-License-Identifier: Apache-2.0

/// ONNX's Gemm.
struct GemmOperator: Operator {
    let alpha: Float
    let beta: Float
    let transposeA: Bool
    let transposeB: Bool

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 3)
        alpha = try reader.float("alpha", default: 1)
        beta = try reader.float("beta", default: 1)
        transposeA = try reader.flag("transA")
        transposeB = try reader.flag("transB")
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node
        let a = try inputs.floats(0), b = try inputs.floats(1), c = try inputs.optionalFloats(2)
        guard a.shape.count == 2, b.shape.count == 2 else {
            throw node.invalid("it multiplies \(a.shape) with \(b.shape), and takes matrices")
        }
        let rows = a.shape[transposeA ? 1 : 0], inner = a.shape[transposeA ? 0 : 1]
        let columns = b.shape[transposeB ? 0 : 1]
        guard b.shape[transposeB ? 1 : 0] == inner else {
            throw node.invalid("the matrices \(a.shape) and \(b.shape) cannot be multiplied")
        }
        guard
            let shape = GemmShape(
                rows: rows, columns: columns, inner: inner, transposeA: transposeA, transposeB: transposeB)
        else {
            throw node.invalid("the matrices \(a.shape) and \(b.shape) are empty or \(NetworkLimits.tooLarge)")
        }
        var bias = GemmBias.none
        if let c {
            guard let matching = GemmBias.matching(shape: c.shape, rows: rows, columns: columns) else {
                throw node.invalid("its third operand \(c.shape) cannot be stretched to [\(rows), \(columns)]")
            }
            bias = matching
        }
        return try lowering.emit(
            GemmStep(shape: shape, alpha: alpha, beta: beta, bias: bias), [a, b, c], shape: [rows, columns], of: node)
    }
}

struct GemmStep: CountedStep {
    let shape: GemmShape
    let alpha: Float
    let beta: Float
    let bias: GemmBias
    var activation = Activation.none

    var work: Work { shape.work }

    func run(_ memory: StepMemory) {
        GemmKernel.run(
            shape, alpha: alpha, beta: beta, a: memory.operand(0), b: memory.operand(1), c: memory.operands[2],
            bias: bias,
            output: memory.output, activation: activation)
    }
}

/// ONNX's MatMul, by NumPy's rules.
struct MatMulOperator: Operator {
    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 2)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, left = try inputs.floats(0), right = try inputs.floats(1)
        guard let shape = MatMulShape(left: left.shape, right: right.shape) else {
            throw node.invalid(
                "the shapes \(left.shape) and \(right.shape) cannot be multiplied, or are empty or \(NetworkLimits.tooLarge)"
            )
        }
        return try lowering.emit(MatMulStep(shape: shape), [left, right], shape: shape.outputShape, of: node)
    }
}

struct MatMulStep: CountedStep {
    let shape: MatMulShape

    var work: Work { shape.work }

    func run(_ memory: StepMemory) {
        MatMulKernel.run(shape, left: memory.operand(0), right: memory.operand(1), output: memory.output)
    }
}
