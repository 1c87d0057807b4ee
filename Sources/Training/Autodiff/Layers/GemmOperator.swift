// SPDX-License-Identifier: Apache-2.0

import COpenBLAS
import NeuralNet

/// ONNX's Gemm as a fully connected layer: x · weightsᵀ + bias, with weights [outputs, inputs] and a bias or none.
struct GemmOperator: TrainableOperator {
    private let node: Node
    private let weights: Parameter
    private let bias: Parameter?

    init(_ context: inout OperatorContext) throws(TrainingError) {
        node = context.node
        try context.read { (reader) throws(NetworkError) in
            try reader.requireInputs(2, upTo: 3)
            let alpha = try reader.float("alpha", default: 1), beta = try reader.float("beta", default: 1)
            let transposes = (try reader.flag("transA"), try reader.flag("transB"))
            guard alpha == 1, beta == 1, transposes == (false, true) else {
                throw reader.node.unsupported(
                    "alpha and beta are 1, transA is 0 and transB is 1 where a network is trained")
            }
        }
        weights = try context.parameter(1, decays: true)
        bias = try context.optionalParameter(2, decays: false)
        guard weights.shape.count == 2 else {
            throw node.untrainable("its weights have the shape \(weights.shape), and two axes are needed")
        }
        guard bias.map({ $0.shape == [weights.shape[0]] }) ?? true else {
            throw node.untrainable("its bias is not one number for each of \(weights.shape[0]) outputs")
        }
    }

    func makeLayer(_ inputs: [[Int]], threads: Int) throws(TrainingError) -> any Layer {
        let input = inputs[0]
        guard input.count == 2, input[1] == weights.shape[1] else {
            throw node.untrainable("weights of shape \(weights.shape) do not suit an input of shape \(input)")
        }
        guard let shape = GemmShape(rows: input[0], columns: weights.shape[0], inner: input[1], transposeB: true) else {
            throw node.untrainable("the matrices \(input) and \(weights.shape) are empty or too large")
        }
        return GemmLayer(shape: shape, weights: weights, bias: bias)
    }
}

/// A fully connected layer. Threads share the longer side of each product's result, so that no sums of theirs meet.
struct GemmLayer: Layer {
    let shape: GemmShape
    let weights: Parameter
    let bias: Parameter?

    var outputShape: [Int] { [shape.rows, shape.columns] }
    var backwardReads: BackwardReads { .inputs }

    func forward(_ memory: LayerMemory, _ run: inout LayerRun) {
        let inner = shape.inner, columns = shape.columns
        weights.withValues { weights in
            bias.withValues { bias in
                Self.split(shape.rows, columns, run.threads) { rows, part in
                    for row in rows {
                        let line = memory.output + row * columns
                        for column in part { line[column] = bias?[column] ?? 0 }
                    }
                    cblas_sgemm(
                        CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows.count), blasint(part.count),
                        blasint(inner), 1,
                        memory.inputs[0] + rows.lowerBound * inner, blasint(inner),
                        weights + part.lowerBound * inner, blasint(inner),
                        1, memory.output + rows.lowerBound * columns + part.lowerBound, blasint(columns))
                }
            }
        }
    }

    func backward(_ memory: LayerMemory, threads: ComputeThreads) {
        let inner = shape.inner, columns = shape.columns, slopes = memory.outputGradient
        weights.withGradient { gradient in
            Self.split(columns, inner, threads) { outputs, part in
                cblas_sgemm(
                    CblasRowMajor, CblasTrans, CblasNoTrans, blasint(outputs.count), blasint(part.count),
                    blasint(shape.rows), 1,
                    slopes + outputs.lowerBound, blasint(columns), memory.inputs[0] + part.lowerBound, blasint(inner),
                    1, gradient + outputs.lowerBound * inner + part.lowerBound, blasint(inner))
            }
        }
        bias.withGradient { gradient in
            guard let gradient else { return }
            ChannelSum.addColumns(rows: shape.rows, columns: columns, range: 0..<columns, values: slopes, to: gradient)
        }
        guard let inputGradient = memory.inputGradients[0] else { return }
        weights.withValues { weights in
            Self.split(shape.rows, inner, threads) { rows, part in
                cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows.count), blasint(part.count),
                    blasint(columns), 1,
                    slopes + rows.lowerBound * columns, blasint(columns), weights + part.lowerBound, blasint(inner),
                    0, inputGradient + rows.lowerBound * inner + part.lowerBound, blasint(inner))
            }
        }
    }

    /// Calls the body with each thread's part of a matrix, cut across its longer side.
    private static func split(
        _ rows: Int, _ columns: Int, _ threads: ComputeThreads,
        _ body: (_ rows: Range<Int>, _ columns: Range<Int>) -> Void
    ) {
        if columns >= rows {
            threads.run(over: columns, granularity: 16) { body(0..<rows, $0) }
        } else {
            threads.run(over: rows) { body($0, 0..<columns) }
        }
    }
}
