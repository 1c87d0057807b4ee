// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// The operators that can be trained.
enum OperatorTable {
    static func makeOperator(
        for node: Node, opset: Int, store: ParameterStore
    ) throws(TrainingError) -> any TrainableOperator {
        var context = OperatorContext(node: node, opset: opset, store: store)
        let made = try make(&context)
        _ = try context.read { (reader) throws(NetworkError) in try reader.finish() }
        return made
    }

    private static func make(_ context: inout OperatorContext) throws(TrainingError) -> any TrainableOperator {
        switch context.node.operatorType {
        case "Conv": try ConvolutionOperator(&context)
        case "Gemm": try GemmOperator(&context)
        case "Relu": try ReluOperator(&context)
        case "Add": try AddOperator(&context)
        case "Flatten": try FlattenOperator(&context)
        case "BatchNormalization": try BatchNormalizationOperator(&context)
        case "PRelu": try PReluOperator(&context)
        case "LRN": try LocalResponseNormalizationOperator(&context)
        case "LpNormalization": try LpNormalizationOperator(&context)
        case "MaxPool", "AveragePool": try PoolOperator(&context)
        case "GlobalAveragePool": try GlobalAveragePoolOperator(&context)
        case "Dropout": try DropoutOperator(&context)
        default: throw .unsupportedOperator(operatorType: context.node.operatorType, node: context.node.label)
        }
    }
}
