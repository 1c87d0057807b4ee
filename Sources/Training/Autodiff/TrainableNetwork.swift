// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet

/// A network whose weights can be changed: reverse-mode differentiation over the nodes of a ``Graph``.
///
/// The graph has one input, images [batch, channels, rows, columns], and one output; its operators are ONNX's (operator
/// set 17): Conv (with groups), BatchNormalization, Relu, PRelu, LRN, MaxPool, AveragePool, GlobalAveragePool, Dropout,
/// Flatten, Gemm, Add and LpNormalization. Dropout takes its share from an attribute `ratio` (default 0.5), and
/// drops whole channels where an attribute `channelwise` is 1; both are the trainer's own, and ``inferenceGraph()``
/// is without them.
///
/// What a step computes depends on its input, the parameters, the random source and the number of threads, and on
/// nothing else: the same of each gives the same bits. Another number of threads may round differently.
///
/// One thread at a time may use a network, its passes and its parameters.
public final class TrainableNetwork {
    /// What training changes, in the order in which the nodes use them.
    public let parameters: [Parameter]
    /// The running means and variances of batch normalisation: changed by training passes, saved, not trained.
    public let statistics: [Parameter]
    let graph: Graph
    let steps: [NetworkStep]
    let threads: ComputeThreads

    /// Reads a graph, and starts the threads that its passes compute with.
    ///
    /// From here on every matrix product of the process runs on the thread that asks for it
    /// (``BLAS/useSingleThread()``): the threads of a pass are the parallelism.
    ///
    /// - Parameter threads: how many threads compute; all processors of the machine when nil.
    /// - Throws: ``TrainingError/unsupportedOperator(operatorType:node:)`` or
    ///   ``TrainingError/invalidNetwork(reason:)``, naming the node and its operator.
    public init(_ graph: Graph, threads: Int? = nil) throws(TrainingError) {
        if let threads, threads < 1 {
            throw .invalidInput(reason: "\(threads) threads were asked for, and one at least is needed")
        }
        guard graph.inputs.count == 1, graph.outputs.count == 1 else {
            throw .invalidNetwork(
                reason:
                    "it has \(graph.inputs.count) inputs and \(graph.outputs.count) outputs, and one of each is trained"
            )
        }
        guard graph.inputs[0].shape.count == 4 else {
            throw .invalidNetwork(
                reason: "its input “\(graph.inputs[0].name)” is not of four axes: batch, channels, rows, columns")
        }
        let store = ParameterStore(graph.initializers)
        var steps: [NetworkStep] = []
        for node in NetworkStep.needed(graph) {
            steps.append(
                NetworkStep(
                    node: node,
                    operation: try OperatorTable.makeOperator(for: node, opset: graph.opsetVersion, store: store)))
        }
        self.steps = steps
        self.graph = graph
        parameters = store.parameters
        statistics = store.statistics
        do throws(NetworkError) {
            _ = try Network(graph: InferenceGraph.make(graph, values: []), optimizations: .none)
        } catch {
            throw TrainingError(error)
        }
        BLAS.useSingleThread()
        self.threads = ComputeThreads(count: threads ?? ProcessInfo.processInfo.activeProcessorCount)
    }

    /// Memory and a plan for batches of one shape. Its memory (``TrainingPass/bytes``) is bounded, and all that its
    /// runs use; a pass can be kept for as many steps as have its shape.
    ///
    /// - Parameters:
    ///   - inputShape: batch, channels, rows and columns.
    ///   - wantsInputGradient: whether ``TrainingPass/inputGradient`` is to be computed.
    /// - Throws: ``TrainingError/invalidInput(reason:)`` when the shape does not suit the network's input or its pass
    ///   would be too large, ``TrainingError/invalidNetwork(reason:)`` when a node cannot work on what reaches it.
    public func makePass(inputShape: [Int], wantsInputGradient: Bool = false) throws(TrainingError) -> TrainingPass {
        try checkInput(inputShape)
        return try TrainingPass(self, inputShape: inputShape, wantsInputGradient: wantsInputGradient)
    }

    /// The network for inference: as it is now, without Dropout, for batches of any size (the symbolic extent “batch”).
    public func inferenceGraph() -> Graph {
        InferenceGraph.make(graph, values: parameters + statistics)
    }

    private func checkInput(_ shape: [Int]) throws(TrainingError) {
        guard shape.count == 4, shape.allSatisfy({ $0 > 0 }), let count = elementCount(of: shape),
            count <= Int(Int32.max)
        else {
            throw .invalidInput(
                reason: "the input's shape \(shape) is not batch, channels, rows and columns of a usable size")
        }
        for (extent, declared) in zip(shape, graph.inputs[0].shape).dropFirst() {
            if case .fixed(let expected) = declared, expected != extent {
                throw .invalidInput(
                    reason: "the input's shape is \(shape), and the network takes "
                        + "[\(graph.inputs[0].shape.map(\.description).joined(separator: ", "))]")
            }
        }
    }
}

/// A node and what it does.
struct NetworkStep {
    let node: Node
    let operation: any TrainableOperator

    /// The names of the values that it computes with; the other inputs are parameters.
    var values: [String] { operation.valueInputs.map { $0 < node.inputs.count ? node.inputs[$0] : "" } }
    var output: String { node.outputs.first ?? "" }
    var hasParameters: Bool { node.inputs.count(where: { !$0.isEmpty }) > operation.valueInputs.count }

    /// The nodes that the output depends on, in their order.
    static func needed(_ graph: Graph) -> [Node] {
        var needed = Set(graph.outputs.map(\.name)), nodes: [Node] = []
        for node in graph.nodes.reversed() where node.outputs.contains(where: needed.contains) {
            needed.formUnion(node.inputs)
            nodes.append(node)
        }
        return nodes.reversed()
    }
}
