// SPDX-License-Identifier: Apache-2.0

/// ONNX's GridSample: of images (operator set 16) and volumes (20). The names of the filters changed in 20.
struct GridSampleOperator: Operator {
    private let sampling: GridSampling

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let node = reader.node
        try reader.requireInputs(2, upTo: 2)
        let mode = try reader.string("mode", default: reader.opset < 20 ? "bilinear" : "linear")
        let filter: GridSampling.Filter
        switch mode {
        case "bilinear", "linear": filter = .linear
        case "bicubic", "cubic": filter = .cubic
        case "nearest": filter = .nearest
        default: throw node.unsupported("the mode “\(mode)”")
        }
        let padding = try reader.string("padding_mode", default: "zeros")
        guard let outside = GridSampling.Outside(rawValue: padding) else {
            throw node.unsupported("the padding_mode “\(padding)”")
        }
        sampling = GridSampling(
            filter: filter, outside: outside, alignCorners: try reader.flag("align_corners"))
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.floats(0), grid = try inputs.floats(1)
        let shape = input.shape, axes = shape.count - 2
        guard axes >= 1, axes <= 3, shape.allSatisfy({ $0 > 0 }), grid.shape.count == shape.count,
            grid.shape.first == shape[0], grid.shape.last == axes, elementCount(of: shape) != nil,
            let places = elementCount(of: grid.shape[1...axes])
        else { throw node.invalid("a grid of shape \(grid.shape) does not suit an input of shape \(shape)") }
        guard sampling.filter != .cubic || axes <= 2 else { throw node.unsupported("cubic interpolation of volumes") }
        let step = GridSampleStep(
            sampling: sampling, batch: shape[0], channels: shape[1],
            extents: Array(repeating: 1, count: 3 - axes) + shape[2...], places: places, axes: axes)
        return try lowering.emit(
            step, [input, grid], shape: Array(shape[..<2]) + Array(grid.shape[1...axes]), of: node)
    }
}

/// Operands: input, grid.
struct GridSampleStep: CountedStep {
    let sampling: GridSampling
    let batch: Int
    let channels: Int
    let extents: [Int]
    let places: Int
    let axes: Int

    var work: Work { Work(batch, channels, places, sampling.taps(axes: axes), WorkCost.single) }

    func run(_ memory: StepMemory) {
        sampling.run(
            batch: batch, channels: channels, input: extents, places: places, axes: axes, input: memory.operand(0),
            grid: memory.operand(1), output: memory.output)
    }
}
