// SPDX-License-Identifier: Apache-2.0

enum OperatorRegistry {
    /// The operator of a node, with its attributes checked.
    static func makeOperator(_ reader: inout NodeReader) throws(NetworkError) -> any Operator {
        let made = try make(&reader)
        try reader.finish()
        return made
    }

    private static func make(_ reader: inout NodeReader) throws(NetworkError) -> any Operator {
        if let made = try makeWithWindow(&reader) { return made }
        if let made = try makeMoving(&reader) { return made }
        if let made = try makeElementwise(&reader) { return made }
        return switch reader.node.operatorType {
        case "BatchNormalization": try BatchNormalizationOperator(&reader)
        case "LRN": try LocalResponseNormalizationOperator(&reader)
        case "LpNormalization": try LpNormalizationOperator(&reader)
        case "LayerNormalization", "RMSNormalization": try LayerNormalizationOperator(&reader)
        case "InstanceNormalization", "GroupNormalization": try GroupNormalizationOperator(&reader)
        case "MeanVarianceNormalization": try MeanVarianceOperator(&reader)
        case "Softmax", "LogSoftmax", "Hardmax": try SoftmaxOperator(&reader)
        case "Gemm": try GemmOperator(&reader)
        case "Einsum": try EinsumOperator(&reader)
        case "MatMul": try MatMulOperator(&reader)
        case "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2",
            "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp":
            try ReductionOperator(&reader)
        case "ArgMax", "ArgMin": try ExtremePlaceOperator(&reader)
        case "TopK": try TopOperator(&reader)
        case "CumSum", "CumProd": try AccumulationOperator(&reader)
        case "Shape", "Size": try ShapeOperator(&reader)
        case "Cast": try CastOperator(&reader)
        case "CastLike": try CastLikeOperator(&reader)
        case "Constant": try ConstantOperator(&reader)
        case "ConstantOfShape": try ConstantOfShapeOperator(&reader)
        case "RNN", "GRU", "LSTM": try RecurrentOperator(&reader)
        case "Attention": try AttentionOperator(&reader)
        case "RotaryEmbedding": try RotaryOperator(&reader)
        case "SwiGLU": try SwiGLUOperator(&reader)
        case "DequantizeLinear": try DequantizeOperator(&reader)
        case "QuantizeLinear": try QuantizeOperator(&reader)
        case "DynamicQuantizeLinear": try DynamicQuantizeOperator(&reader)
        case "Range": try RangeOperator(&reader)
        case "EyeLike": try EyeLikeOperator(&reader)
        case "NonZero": try NonZeroOperator(&reader)
        default: throw .unsupportedOperator(operatorType: reader.node.operatorType, node: reader.node.label)
        }
    }

    /// Convolutions and pooling.
    private static func makeWithWindow(_ reader: inout NodeReader) throws(NetworkError) -> (any Operator)? {
        switch reader.node.operatorType {
        case "Conv" where VolumeConvolutionOperator.takes(reader): try VolumeConvolutionOperator(&reader)
        case "Conv": try ConvolutionOperator(&reader)
        case "ConvTranspose": try TransposedConvolutionOperator(&reader)
        case "MaxPool", "AveragePool", "LpPool":
            if VolumePoolOperator.takes(reader.node) {
                try VolumePoolOperator(&reader)
            } else {
                try PoolOperator(&reader)
            }
        case "GlobalAveragePool", "GlobalMaxPool": try GlobalPoolOperator(&reader)
        case "GlobalLpPool": try GlobalNormPoolOperator(&reader)
        default: nil
        }
    }

    /// Those that change where values lie, and the shape.
    private static func makeMoving(_ reader: inout NodeReader) throws(NetworkError) -> (any Operator)? {
        switch reader.node.operatorType {
        case "AffineGrid": try AffineGridOperator(&reader)
        case "GridSample": try GridSampleOperator(&reader)
        case "Resize", "Upsample": try ResizeOperator(&reader)
        case "Transpose": try TransposeOperator(&reader)
        case "Concat": try ConcatenationOperator(&reader)
        case "Split": try SplitOperator(&reader)
        case "Slice": try SliceOperator(&reader)
        case "Pad": try PadOperator(&reader)
        case "Expand": try ExpandOperator(&reader)
        case "Tile": try TileOperator(&reader)
        case "DepthToSpace", "SpaceToDepth": try DepthSpaceOperator(&reader)
        case "Gather": try GatherOperator(&reader)
        case "GatherElements", "GatherND": try GatherPlacesOperator(&reader)
        case "Scatter", "ScatterElements", "ScatterND": try ScatterOperator(&reader)
        case "OneHot": try OneHotOperator(&reader)
        case "ReverseSequence": try ReverseSequenceOperator(&reader)
        case "CenterCropPad": try CenterCropPadOperator(&reader)
        case "Compress": try CompressOperator(&reader)
        case "Trilu": try TriangleOperator(&reader)
        case "Identity": try IdentityOperator(&reader)
        case "Dropout": try DropoutOperator(&reader)
        case "Flatten": try FlattenOperator(&reader)
        case "Reshape": try ReshapeOperator(&reader)
        case "Squeeze": try SqueezeOperator(&reader)
        case "Unsqueeze": try UnsqueezeOperator(&reader)
        default: nil
        }
    }

    private static func makeElementwise(_ reader: inout NodeReader) throws(NetworkError) -> (any Operator)? {
        switch reader.node.operatorType {
        case "Relu", "LeakyRelu", "Sigmoid", "Tanh", "Exp", "Log", "Sqrt", "Reciprocal": try UnaryOperator(&reader)
        case "Erf", "Softplus", "Softsign", "Mish", "HardSwish", "Gelu", "Elu", "Selu", "Celu", "HardSigmoid",
            "ThresholdedRelu", "Swish", "Shrink", "Floor", "Ceil", "Round", "Sin", "Cos", "Tan", "Asin", "Acos",
            "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh":
            try FunctionOperator(&reader)
        case "Neg", "Abs", "Sign": try SignOperator(&reader)
        case "IsNaN", "IsInf", "Not": try TestOperator(&reader)
        case "BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitwiseNot", "BitShift": try BitwiseOperator(&reader)
        case "Clip": try ClipOperator(&reader)
        case "PRelu": try PReluOperator(&reader)
        case "Add", "Sub", "Mul", "Div", "Pow", "Mod", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual",
            "And", "Or", "Xor":
            try ArithmeticOperator(&reader)
        case "Min", "Max", "Sum", "Mean": try ManyOperandsOperator(&reader)
        case "Where": try SelectOperator(&reader)
        default: nil
        }
    }
}
