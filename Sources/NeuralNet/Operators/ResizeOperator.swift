// SPDX-License-Identifier: Apache-2.0

/// ONNX's Resize of the last two axes, nearest or linear.
struct ResizeOperator: Operator {
    private enum Mode: Sendable {
        case linear
        case nearest(ResizeRounding)
        /// Operator set 10 does not name a rounding: up where the image shrinks, else down.
        case nearestByDirection
    }

    private let mode: Mode
    private let coordinates: ResizeCoordinates
    private let axes: [Int]?
    /// Where the scales and the sizes stand among the inputs.
    private let scalesInput: Int
    private let sizesInput: Int?

    var plannedInputs: [Int] { [scalesInput] + (sizesInput.map { [$0] } ?? []) }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let node = reader.node
        let modeName = try reader.string("mode", default: "nearest")
        guard modeName == "nearest" || modeName == "linear" else {
            throw node.unsupported("the mode “\(modeName)”; nearest and linear are supported")
        }
        guard reader.opset >= 11 else {
            guard reader.opset == 10 else {
                throw .unsupportedOperator(operatorType: node.operatorType, node: node.label)
            }
            try reader.requireInputs(2, upTo: 2)
            (scalesInput, sizesInput, axes, coordinates) = (1, nil, nil, .asymmetric)
            mode = modeName == "linear" ? .linear : .nearestByDirection
            return
        }
        try reader.requireInputs(1, upTo: 4)
        (scalesInput, sizesInput) = (2, 3)
        let coordinatesName = try reader.string("coordinate_transformation_mode", default: "half_pixel")
        switch coordinatesName {
        case "half_pixel": coordinates = .halfPixel
        case "pytorch_half_pixel": coordinates = .pytorchHalfPixel
        case "align_corners": coordinates = .alignCorners
        case "asymmetric": coordinates = .asymmetric
        default: throw node.unsupported("the coordinate_transformation_mode “\(coordinatesName)”")
        }
        let roundingName = try reader.string("nearest_mode", default: "round_prefer_floor")
        let rounding: ResizeRounding
        switch roundingName {
        case "round_prefer_floor": rounding = .roundPreferFloor
        case "round_prefer_ceil": rounding = .roundPreferCeil
        case "floor": rounding = .floor
        case "ceil": rounding = .ceil
        default: throw node.unsupported("the nearest_mode “\(roundingName)”")
        }
        mode = modeName == "linear" ? .linear : .nearest(rounding)
        if try reader.flag("exclude_outside") { throw node.unsupported("exclude_outside is 1") }
        // These matter to cubic interpolation and to a region of interest only.
        reader.ignore("cubic_coeff_a")
        reader.ignore("extrapolation_value")
        guard reader.opset >= 18 else { axes = nil; return }
        if try reader.flag("antialias") { throw node.unsupported("antialias is 1") }
        axes = try reader.ints("axes")
        let policy = try reader.string("keep_aspect_ratio_policy", default: "stretch")
        guard policy == "stretch" else { throw node.unsupported("the keep_aspect_ratio_policy “\(policy)”") }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.floats(0), shape = input.shape
        let target = try target(inputs, shape: shape)
        let first = max(0, shape.count - 2)
        guard !shape.isEmpty, target.shape[..<first] == shape[..<first] else {
            throw node.unsupported("it changes \(shape) to \(target.shape); only the last two extents can change")
        }
        let wide = [1, 1] + shape, wideTarget = [1, 1] + target.shape
        let height = wide[wide.count - 2], width = wide[wide.count - 1]
        let newHeight = wideTarget[wide.count - 2], newWidth = wideTarget[wide.count - 1]
        // Tables of as many places are made, so they are bounded like windows.
        guard newHeight <= 1 << 24, newWidth <= 1 << 24 else {
            throw node.unsupported("an extent of more than 16,777,216")
        }
        let scales = target.scales.map { [1, 1] + $0 }
        guard let planes = elementCount(of: shape[..<first]),
            let resize = ResizeShape(
                planes: planes, inputHeight: height, inputWidth: width, outputHeight: newHeight, outputWidth: newWidth,
                heightScale: scales?[wide.count - 2], widthScale: scales?[wide.count - 1],
                mode: try interpolation(from: (height, width), to: (newHeight, newWidth), node),
                coordinates: coordinates)
        else {
            throw node.invalid("it changes \(shape) to \(target.shape), which is impossible")
        }
        return try lowering.emit(ResizeStep(shape: resize), [input], shape: target.shape, of: node)
    }

    private func interpolation(
        from old: (height: Int, width: Int), to new: (height: Int, width: Int), _ node: Node
    ) throws(NetworkError) -> InterpolationMode {
        switch mode {
        case .linear: return .linear
        case .nearest(let rounding): return .nearest(rounding)
        case .nearestByDirection:
            if new.height >= old.height, new.width >= old.width { return .nearest(.floor) }
            guard new.height <= old.height, new.width <= old.width else {
                throw node.unsupported("it shrinks one extent and enlarges another in operator set 10")
            }
            return .nearest(.ceil)
        }
    }

    /// The output's shape, and a scale for each axis where the node states scales.
    private func target(_ inputs: NodeInputs, shape: [Int]) throws(NetworkError) -> (shape: [Int], scales: [Float]?) {
        let node = inputs.node
        let axes =
            try axes.map { axes throws(NetworkError) in try node.axes(axes, rank: shape.count) } ?? Array(shape.indices)
        var result = shape
        if let constant = try inputs.constant(scalesInput), constant.count > 0 {
            guard let stated = constant.floats?.values, stated.count == axes.count else {
                throw node.invalid("it takes \(axes.count) scales in single precision")
            }
            var scales = Array(repeating: Float(1), count: shape.count)
            for (axis, scale) in zip(axes, stated) {
                let extent = (Float(shape[axis]) * scale).rounded(.down)
                guard scale > 0, extent.isFinite, let whole = Int(exactly: extent) else {
                    throw node.invalid("the scale \(scale) of axis \(axis) is impossible")
                }
                scales[axis] = scale
                result[axis] = whole
            }
            return (result, scales)
        }
        guard let sizesInput, let sizes = try inputs.integers(sizesInput), sizes.count == axes.count else {
            throw node.invalid("it has neither \(axes.count) scales nor as many sizes")
        }
        for (axis, size) in zip(axes, sizes) { result[axis] = size }
        return (result, nil)
    }
}

struct ResizeStep: StepBody {
    let shape: ResizeShape

    func run(_ memory: StepMemory) {
        ResizeKernel.run(shape, input: memory.operand(0), output: memory.output)
    }
}
