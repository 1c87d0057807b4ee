// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import Testing
import Training

/// A layer as the kernels compute it, and as nodes for PyTorch.
struct LayerCheck {
    typealias Values = [String: [Float]]

    let nodes: [Node]
    let tensors: [(name: String, tensor: TorchTensor)]
    let outputGradient: TorchTensor
    /// The output, and the gradients of those tensors that have one.
    let run: (_ tensors: Values, _ outputGradient: [Float]) -> (output: [Float], gradients: Values)

    var description: String {
        let shapes = tensors.map { "\($0.name)\($0.tensor.shape)" }.joined(separator: ", ")
        return nodes.map { "\($0.operatorType) \($0.attributes)" }.joined(separator: ", ") + " of \(shapes)"
    }

    private var values: Values { Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.tensor.values) }) }

    /// Compares outputs and gradients with PyTorch's, and gradients with finite differences.
    static func verify(
        _ checks: [LayerCheck], step: Float = 1e-2, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let answers = try TorchReference.answers(
            checks.map { check in
                TorchCase(nodes: check.nodes, tensors: check.tensors, output: "y", outputGradient: check.outputGradient)
            })
        for (check, answer) in zip(checks, answers) {
            let found = check.run(check.values, check.outputGradient.values)
            let expected = try #require(answer.outputs["y"])
            #expect(
                relativeError(found.output, expected.values) < 1e-5, "\(check.description)",
                sourceLocation: sourceLocation)
            #expect(!found.gradients.isEmpty, sourceLocation: sourceLocation)
            for (name, gradient) in found.gradients.sorted(by: { $0.key < $1.key }) {
                let reference = try #require(answer.gradients[name]).values
                #expect(
                    relativeError(gradient, reference) < 1e-4, "PyTorch’s gradient of \(name): \(check.description)",
                    sourceLocation: sourceLocation)
                var random = RandomSource(seed: 0)
                let positions = gradient.indices.shuffled(using: &random).prefix(mostDifferences)
                #expect(
                    relativeError(
                        positions.map { gradient[$0] },
                        check.differences(of: name, positions: Array(positions), step: step))
                        < 1e-3,
                    "differences of \(name): \(check.description)", sourceLocation: sourceLocation)
            }
        }
    }

    /// Derivatives of a tensor that are compared with differences; PyTorch's are compared all.
    private static let mostDifferences = 40

    private func differences(of name: String, positions: [Int], step: Float) -> [Float] {
        var moved = values
        return FiniteDifferences.gradient(at: values[name] ?? [], positions: positions, step: step) { point in
            moved[name] = point
            return FiniteDifferences.sum(run(moved, outputGradient.values).output, times: outputGradient.values)
        }
    }
}

extension RandomSource {
    /// Uniform in −2...2.
    mutating func tensor(_ shape: [Int]) -> TorchTensor {
        TorchTensor(shape, (0..<shape.reduce(1, *)).map { _ in uniform(in: -2...2) })
    }

    /// As ``tensor(_:)``, but nothing near zero, where activations have their kink.
    mutating func tensorAwayFromZero(_ shape: [Int]) -> TorchTensor {
        TorchTensor(shape, tensor(shape).values.map { $0 + ($0 < 0 ? -0.1 : 0.1) })
    }

    /// Values that are all 0.05 apart or more, so that a small step leaves their order alone.
    mutating func tensorOfDistinctValues(_ shape: [Int]) -> TorchTensor {
        let count = shape.reduce(1, *)
        return TorchTensor(shape, (0..<count).shuffled(using: &self).map { Float($0 - count / 2) * 0.05 })
    }

    mutating func int(_ range: ClosedRange<Int>) -> Int { range.lowerBound + index(below: range.count) }
}

/// An array that held no numbers before.
func written(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
    var values = [Float](repeating: .nan, count: count)
    values.withUnsafeMutableBufferPointer { buffer in if let base = buffer.baseAddress { body(base) } }
    return values
}

/// An array of zeros that `body` adds to.
func added(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    values.withUnsafeMutableBufferPointer { buffer in if let base = buffer.baseAddress { body(base) } }
    return values
}

/// Calls a kernel for its work in three parts, the last first, as threads may do it.
func inParts(_ count: Int, _ body: (Range<Int>) -> Void) {
    let cuts = [0, count / 3, count - count / 3, count]
    for part in (0..<3).reversed() where cuts[part] < cuts[part + 1] { body(cuts[part]..<cuts[part + 1]) }
}
