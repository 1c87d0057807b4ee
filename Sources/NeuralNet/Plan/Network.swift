// SPDX-License-Identifier: Apache-2.0

/// A network that has been checked and is ready to be planned.
///
/// Every operator and attribute is known to be supported; what depends on the inputs' shapes is checked by
/// ``plan(inputShapes:)``. Weights are held once, whatever the number of copies, plans and runs.
public struct Network: Sendable {
    /// What a run takes: floats, whatever they stand for. Truth values are 0 and 1, whole numbers exact to 2^24.
    public let inputs: [ValueInfo]
    /// What a run answers, by the names and in the order of the graph.
    public let outputs: [ValueInfo]
    private let nodes: [LoadedNode]
    private let constants: [String: ConstantValue]
    private let preparedWeights: PreparedWeights
    /// The numbers of the graph's own constants.
    private let weightCount: Int
    private let optimizations: Optimizations

    /// Reads an ONNX model of operator sets 7 to 28.
    ///
    /// - Parameter external: where the files lie that hold values of tensors; without it such tensors are refused.
    /// - Throws: ``NetworkError`` naming the node where one is unsupported or contradicts itself.
    public init(onnx bytes: [UInt8], external: ExternalTensorData? = nil) throws(NetworkError) {
        try self.init(graph: try Graph(onnx: bytes, external: external))
    }

    /// - Throws: ``NetworkError`` naming the node where one is unsupported or contradicts itself.
    public init(graph: Graph) throws(NetworkError) {
        try self.init(graph: graph, optimizations: .all)
    }

    package init(graph: Graph, optimizations: Optimizations) throws(NetworkError) {
        let preparedWeights = PreparedWeights()
        weightCount = graph.weightCount
        var loader = try NetworkLoader(
            graph, preparedWeights: preparedWeights, account: CostAccount(weights: weightCount))
        if optimizations.foldsBatchNormalization { loader.foldBatchNormalization() }
        loader.removeUnused()
        inputs = graph.inputs
        outputs = graph.outputs
        nodes = loader.nodes
        constants = loader.constants
        self.preparedWeights = preparedWeights
        self.optimizations = optimizations
    }

    /// Decides everything that depends on shapes: the shape of every value, the kernels and the memory.
    ///
    /// - Parameters:
    ///   - inputShapes: shapes by input name. An input may be left out whose extents are all fixed, or
    ///     follow by their names from those of other inputs.
    ///   - images: how many images a pass takes; each may take ``NetworkLimits/maximumWork``.
    /// - Throws: ``NetworkError/invalidInputShape(input:reason:)`` when a shape is missing or does not suit,
    ///   ``NetworkError/tooMuchWork(operatorType:node:stage:work:limit:)`` and
    ///   ``NetworkError/tooLarge(what:bytes:limit:)`` when it would cost too much,
    ///   another ``NetworkError`` when a node cannot work on the shapes that reach it.
    public func plan(
        inputShapes: [String: [Int]] = [:], images: Int = 1
    ) throws(NetworkError) -> ExecutionPlan {
        let shapes = try InputShapes.resolve(inputs, given: inputShapes)
        var lowering = Lowering(
            preparedWeights: preparedWeights, account: CostAccount(weights: weightCount, images: max(images, 1)))
        var values: [String: PlanValue] = constants.mapValues { .constant($0) }
        var inputValues: [(name: String, value: PlanValue)] = []
        for (input, shape) in zip(inputs, shapes) {
            let value = try lowering.addStorage(
                shape: shape, what: "Input “\(input.name)”", type: input.elementType)
            values[input.name] = value
            inputValues.append((input.name, value))
        }
        for node in nodes { try node.lower(into: &values, &lowering) }
        var outputValues: [(name: String, value: PlanValue)] = []
        for output in outputs {
            guard let value = values[output.name] else {
                throw .malformedModel(reason: "nothing produces the output “\(output.name)”")
            }
            outputValues.append((output.name, value))
        }
        return try ExecutionPlan(lowering, inputs: inputValues, outputs: outputValues, optimizations: optimizations)
    }
}
