// SPDX-License-Identifier: Apache-2.0

enum OperatorRegistry {
    /// The operator of a node, with its attributes checked.
    static func makeOperator(
        for node: Node, opset: Int, constants: [String: ConstantValue]
    ) throws(NetworkError) -> any Operator {
        var reader = NodeReader(node: node, opset: opset, constants: constants)
        let made = try make(&reader)
        try reader.finish()
        return made
    }

    private static func make(_ reader: inout NodeReader) throws(NetworkError) -> any Operator {
        switch reader.node.operatorType {
        case "Conv": try ConvolutionOperator(&reader)
        case "MaxPool", "AveragePool": try PoolOperator(&reader)
        case "GlobalAveragePool", "GlobalMaxPool": try GlobalPoolOperator(&reader)
        case "BatchNormalization": try BatchNormalizationOperator(&reader)
        case "LRN": try LocalResponseNormalizationOperator(&reader)
        case "LpNormalization": try LpNormalizationOperator(&reader)
        case "Softmax": try SoftmaxOperator(&reader)
        case "Relu", "LeakyRelu", "Sigmoid", "Tanh", "Exp", "Log", "Sqrt", "Neg", "Abs", "Reciprocal":
            try UnaryOperator(&reader)
        case "Clip": try ClipOperator(&reader)
        case "PRelu": try PReluOperator(&reader)
        case "Add", "Sub", "Mul", "Div", "Pow": try ArithmeticOperator(&reader)
        case "Min", "Max": try ExtremumOperator(&reader)
        case "Gemm": try GemmOperator(&reader)
        case "MatMul": try MatMulOperator(&reader)
        case "ReduceMean", "ReduceSum", "ReduceMax": try ReductionOperator(&reader)
        case "Resize": try ResizeOperator(&reader)
        case "Transpose": try TransposeOperator(&reader)
        case "Concat": try ConcatenationOperator(&reader)
        case "Slice": try SliceOperator(&reader)
        case "Pad": try PadOperator(&reader)
        case "Gather": try GatherOperator(&reader)
        case "Identity": try IdentityOperator(&reader)
        case "Dropout": try DropoutOperator(&reader)
        case "Flatten": try FlattenOperator(&reader)
        case "Reshape": try ReshapeOperator(&reader)
        case "Squeeze": try SqueezeOperator(&reader)
        case "Unsqueeze": try UnsqueezeOperator(&reader)
        case "Shape": try ShapeOperator(&reader)
        case "Cast": try CastOperator(&reader)
        case "Constant": try ConstantOperator(&reader)
        case "ConstantOfShape": try ConstantOfShapeOperator(&reader)
        default: throw .unsupportedOperator(operatorType: reader.node.operatorType, node: reader.node.label)
        }
    }
}
