// SPDX-License-Identifier: Apache-2.0

/// ONNX's Split: the lengths are an attribute until operator set 13, then an input; from 18 on their number may be
/// stated instead.
struct SplitOperator: MultipleOutputOperator {
    private let axis: Int
    private let attributeLengths: [Int]?
    private let parts: Int
    let outputCount: Int

    var plannedInputs: [Int] { [1] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let node = reader.node
        try reader.requireInputs(1, upTo: reader.opset < 13 ? 1 : 2)
        axis = try reader.int("axis", default: 0)
        attributeLengths = reader.opset < 13 ? try reader.ints("split") : nil
        outputCount = max(node.outputs.count, 1)
        parts = (reader.opset >= 18 ? try reader.int("num_outputs") : nil) ?? outputCount
        guard parts >= outputCount, parts <= NetworkLimits.maximumNodes else {
            throw node.invalid("num_outputs is \(parts), and it has \(outputCount) outputs")
        }
    }

    func lowerAll(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> [PlanValue?] {
        let node = inputs.node, input = try inputs.value(0)
        let axis = try node.axis(axis, rank: input.shape.count), extent = input.shape[axis]
        var lengths: [Int]
        if let stated = try inputs.integers(1, unless: attributeLengths) {
            lengths = stated
        } else {
            // The last part is shorter where they do not come out even.
            let length = extent / parts + (extent % parts == 0 ? 0 : 1)
            lengths = (0..<parts).map { min(length, max(0, extent &- $0 &* length)) }
        }
        guard lengths.count >= outputCount, lengths.allSatisfy({ $0 >= 0 && $0 <= extent }),
            lengths.reduce(0, { $0 &+ $1 }) == extent
        else {
            throw node.invalid("an axis of \(extent) cannot be split into \(lengths)")
        }
        var start = 0
        var results: [PlanValue?] = []
        for index in 0..<outputCount {
            results.append(
                inputs.wants(output: index)
                    ? try ViewCopy.slice(
                        input, axis: axis, start: start, count: lengths[index], of: node, into: &lowering)
                    : nil)
            start += lengths[index]
        }
        return results
    }
}
