// SPDX-License-Identifier: Apache-2.0

import FuzzSupport
import NeuralNet

/// A network in ONNX: read, planned for small inputs, and run on zeros and ones.
@main enum ONNXFuzz: FuzzTarget {
    /// Runs that take more memory are planned only: filling it is what would take the time.
    private static let mostBytes = 8 << 20
    /// What stands for an extent that the network leaves open.
    private static let openExtent = 2

    static func prepare() { BLAS.useSingleThread() }

    static func read(_ input: [UInt8]) throws {
        let graph = try Graph(onnx: input)
        _ = try graph.onnxBytes()
        let network = try Network(graph: graph)
        var shapes: [String: [Int]] = [:]
        for input in network.inputs {
            shapes[input.name] = input.shape.map { if case .fixed(let extent) = $0 { extent } else { openExtent } }
        }
        let plan = try network.plan(inputShapes: shapes)
        guard plan.bytesPerRun <= mostBytes, plan.stepCount < 1000 else { return }
        let run = plan.makeRun()
        for input in plan.inputs {
            try run.withInput(input.name) { values in
                for index in values.indices { values[index] = index % 3 == 0 ? 1 : 0 }
            }
        }
        try run.execute()
    }
}
