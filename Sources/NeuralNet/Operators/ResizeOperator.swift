// SPDX-License-Identifier: Apache-2.0

/// ONNX's Resize: nearest, linear and cubic, of any axes, and Upsample of operator sets 7 to 9. What changes the last two axes alone by the usual rules has a
/// kernel of its own; the rest goes axis by axis.
struct ResizeOperator: Operator {
    private enum Mode: Sendable {
        case linear
        case cubic(Float)
        case nearest(ResizeRounding)
        /// Operator set 10 does not name a rounding: up where the image shrinks, else down.
        case nearestByDirection
    }

    private enum Coordinates: Sendable {
        case usual(ResizeCoordinates)
        case halfPixelSymmetric
        case region
    }

    /// What happens to sizes that would change the ratio of the sides.
    private enum AspectPolicy: String {
        case stretch, not_larger, not_smaller
    }

    private let mode: Mode
    private let coordinates: Coordinates
    private let axes: [Int]?
    private let antialias: Bool
    private let excludeOutside: Bool
    private let outside: Float
    private let policy: AspectPolicy
    /// Where the region, the scales and the sizes stand among the inputs.
    private let regionInput: Int?
    private let scalesInput: Int
    private let sizesInput: Int?

    /// The scales of Upsample's operator set 7.
    private let attributeScales: [Float]?

    var plannedInputs: [Int] { [scalesInput] + [regionInput, sizesInput].compactMap { $0 } }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let node = reader.node
        let modeName = try reader.string("mode", default: "nearest")
        if node.operatorType == "Upsample" {
            guard reader.opset < 10, modeName == "nearest" || modeName == "linear" else {
                throw node.unsupported("the mode “\(modeName)” in operator set \(reader.opset)")
            }
            try reader.requireInputs(reader.opset < 9 ? 1 : 2, upTo: reader.opset < 9 ? 1 : 2)
            attributeScales = reader.opset < 9 ? try reader.floats("scales") : nil
            guard reader.opset == 9 || attributeScales != nil else {
                throw node.invalid("its attribute “scales” is missing")
            }
            (regionInput, scalesInput, sizesInput, axes) = (nil, 1, nil, nil)
            (antialias, excludeOutside, outside, policy) = (false, false, 0, .stretch)
            coordinates = .usual(.asymmetric)
            mode = modeName == "linear" ? .linear : .nearest(.floor)
            return
        }
        attributeScales = nil
        guard reader.opset >= 11 else {
            guard reader.opset == 10, modeName == "nearest" || modeName == "linear" else {
                throw node.unsupported("the mode “\(modeName)” in operator set \(reader.opset)")
            }
            try reader.requireInputs(2, upTo: 2)
            (regionInput, scalesInput, sizesInput, axes) = (nil, 1, nil, nil)
            (antialias, excludeOutside, outside, policy) = (false, false, 0, .stretch)
            coordinates = .usual(.asymmetric)
            mode = modeName == "linear" ? .linear : .nearestByDirection
            return
        }
        try reader.requireInputs(1, upTo: 4)
        (scalesInput, sizesInput) = (2, 3)
        let coordinatesName = try reader.string("coordinate_transformation_mode", default: "half_pixel")
        switch coordinatesName {
        case "half_pixel": coordinates = .usual(.halfPixel)
        case "pytorch_half_pixel": coordinates = .usual(.pytorchHalfPixel)
        case "align_corners": coordinates = .usual(.alignCorners)
        case "asymmetric": coordinates = .usual(.asymmetric)
        case "half_pixel_symmetric" where reader.opset >= 19: coordinates = .halfPixelSymmetric
        case "tf_crop_and_resize": coordinates = .region
        default: throw node.unsupported("the coordinate_transformation_mode “\(coordinatesName)”")
        }
        regionInput = coordinatesName == "tf_crop_and_resize" ? 1 : nil
        let rounding = try Self.rounding(&reader)
        let coefficient = try reader.float("cubic_coeff_a", default: -0.75)
        switch modeName {
        case "nearest": mode = .nearest(rounding)
        case "linear": mode = .linear
        case "cubic": mode = .cubic(coefficient)
        default: throw node.unsupported("the mode “\(modeName)”; nearest, linear and cubic are supported")
        }
        excludeOutside = try reader.flag("exclude_outside")
        outside = try reader.float("extrapolation_value", default: 0)
        guard reader.opset >= 18 else {
            (axes, antialias, policy) = (nil, false, .stretch)
            return
        }
        antialias = try reader.flag("antialias")
        axes = try reader.ints("axes")
        let policyName = try reader.string("keep_aspect_ratio_policy", default: "stretch")
        guard let policy = AspectPolicy(rawValue: policyName) else {
            throw node.unsupported("the keep_aspect_ratio_policy “\(policyName)”")
        }
        self.policy = policy
    }

    private static func rounding(_ reader: inout NodeReader) throws(NetworkError) -> ResizeRounding {
        let name = try reader.string("nearest_mode", default: "round_prefer_floor")
        switch name {
        case "round_prefer_floor": return .roundPreferFloor
        case "round_prefer_ceil": return .roundPreferCeil
        case "floor": return .floor
        case "ceil": return .ceil
        default: throw reader.node.unsupported("the nearest_mode “\(name)”")
        }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.floats(0), shape = input.shape
        let target = try target(inputs, shape: shape)
        let first = max(0, shape.count - 2)
        // The kernel for images does what is usual.
        if case .usual(let coordinates) = coordinates, !antialias, !excludeOutside, !shape.isEmpty,
            target.shape[..<first] == shape[..<first],
            let interpolation = try interpolation(from: shape.suffix(2), to: target.shape.suffix(2), node)
        {
            return try lowerImages(input, target, interpolation, coordinates, node, &lowering)
        }
        return try lowerAxes(inputs, target, &lowering)
    }

    private func lowerImages(
        _ input: PlanValue, _ target: Target, _ mode: InterpolationMode, _ coordinates: ResizeCoordinates,
        _ node: Node, _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        let shape = input.shape, first = max(0, shape.count - 2)
        let wide = [1, 1] + shape, wideTarget = [1, 1] + target.shape
        let height = wide[wide.count - 2], width = wide[wide.count - 1]
        let newHeight = wideTarget[wide.count - 2], newWidth = wideTarget[wide.count - 1]
        // Tables of as many places are made, so they are bounded like windows.
        guard newHeight <= 1 << 24, newWidth <= 1 << 24 else {
            throw node.unsupported("an extent of more than 16,777,216")
        }
        try lowering.chargeTable([max(newHeight, 0) + max(newWidth, 0)], tables: 2, of: node)
        let scales = target.scales.map { [1, 1] + $0 }
        guard let planes = elementCount(of: shape[..<first]),
            let resize = ResizeShape(
                planes: planes, inputHeight: height, inputWidth: width, outputHeight: newHeight, outputWidth: newWidth,
                heightScale: scales?[wide.count - 2], widthScale: scales?[wide.count - 1],
                mode: mode, coordinates: coordinates)
        else {
            throw node.invalid("it changes \(shape) to \(target.shape), which is impossible")
        }
        return try lowering.emit(ResizeStep(shape: resize), [input], shape: target.shape, of: node)
    }

    /// What the kernel for images does; nil where it has no such filter.
    private func interpolation(
        from old: ArraySlice<Int>, to new: ArraySlice<Int>, _ node: Node
    ) throws(NetworkError) -> InterpolationMode? {
        switch mode {
        case .linear: return .linear
        case .cubic: return nil
        case .nearest(let rounding): return .nearest(rounding)
        case .nearestByDirection:
            if zip(old, new).allSatisfy({ $0 <= $1 }) { return .nearest(.floor) }
            guard zip(old, new).allSatisfy({ $0 >= $1 }) else {
                throw node.unsupported("it shrinks one extent and enlarges another in operator set 10")
            }
            return .nearest(.ceil)
        }
    }

    private func lowerAxes(
        _ inputs: NodeInputs, _ target: Target, _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        let node = inputs.node
        var value = try inputs.floats(0)
        let shape = value.shape, region = try region(inputs, rank: shape.count)
        for axis in shape.indices {
            let new = target.shape[axis], old = shape[axis]
            let scale = target.scales?[axis] ?? Float(new) / Float(max(old, 1))
            guard new != old || scale != 1 || region[axis] != nil else { continue }
            let filter = try filter(old, new, node)
            if let taps = AxisResampling.tapCount(to: new, scale: scale, filter: filter, antialias: antialias) {
                try lowering.chargeTable([taps], of: node)
            }
            guard let seen = AxisShape(value.shape, axis: axis),
                let resampling = AxisResampling(
                    from: old, to: new, scale: scale, filter: filter,
                    coordinates: coordinates(region[axis]), antialias: antialias, excludeOutside: excludeOutside)
            else {
                throw node.invalid(
                    "it changes \(shape) to \(target.shape), which is impossible, or more than 4,194,304 weights")
            }
            var result = value.shape
            result[axis] = new
            value = try lowering.emit(
                AxisResamplingStep(resampling: resampling, shape: seen, outside: outside), [value], shape: result,
                of: node)
        }
        return value
    }

    private func filter(_ old: Int, _ new: Int, _ node: Node) throws(NetworkError) -> AxisResampling.Filter {
        switch mode {
        case .linear: return .linear
        case .cubic(let coefficient): return .cubic(coefficient)
        case .nearest(let rounding): return .nearest(rounding)
        case .nearestByDirection: return .nearest(new < old ? .ceil : .floor)
        }
    }

    private func coordinates(_ region: (start: Float, end: Float)?) -> AxisResampling.Coordinates {
        switch coordinates {
        case .halfPixelSymmetric: .halfPixelSymmetric
        case .region: .region(start: region?.start ?? 0, end: region?.end ?? 1)
        case .usual(.halfPixel): .halfPixel
        case .usual(.pytorchHalfPixel): .pytorchHalfPixel
        case .usual(.alignCorners): .alignCorners
        case .usual(.asymmetric): .asymmetric
        }
    }

    private func axes(rank: Int, _ node: Node) throws(NetworkError) -> [Int] {
        guard let axes else { return Array(0..<rank) }
        return try node.axes(axes, rank: rank)
    }

    /// The fractions of each axis between which the region lies; nil where the axis is taken whole.
    private func region(_ inputs: NodeInputs, rank: Int) throws(NetworkError) -> [(start: Float, end: Float)?] {
        var region: [(start: Float, end: Float)?] = Array(repeating: nil, count: rank)
        guard let regionInput else { return region }
        let axes = try axes(rank: rank, inputs.node)
        guard let values = try inputs.constant(regionInput)?.floats?.values, values.count == 2 * axes.count else {
            throw inputs.node.invalid("its region is not of \(2 * axes.count) numbers")
        }
        for (index, axis) in axes.enumerated() { region[axis] = (values[index], values[axes.count + index]) }
        return region
    }

    /// The output's shape, and a scale for each axis where the node states scales.
    private struct Target {
        var shape: [Int]
        var scales: [Float]?
    }

    private func target(_ inputs: NodeInputs, shape: [Int]) throws(NetworkError) -> Target {
        let node = inputs.node, axes = try axes(rank: shape.count, node)
        var result = shape
        let given =
            if let attributeScales { attributeScales } else {
                try inputs.constant(scalesInput).flatMap { $0.count > 0 ? $0.floats?.values ?? [] : nil }
            }
        if let stated = given {
            guard stated.count == axes.count else {
                throw node.invalid("it takes \(axes.count) scales in single precision")
            }
            var scales = Array(repeating: Float(1), count: shape.count)
            for (axis, scale) in zip(axes, stated) {
                let exact = Float(shape[axis]) * scale, extent = exact.rounded(.down)
                guard scale > 0, extent.isFinite, let whole = Int(exactly: extent) else {
                    throw node.invalid("the scale \(scale) of axis \(axis) is impossible")
                }
                // Here ONNX Runtime's answer is not the one that ONNX's own tests expect.
                if case .usual(.alignCorners) = coordinates, abs(exact - exact.rounded()) > 1e-3 {
                    throw node.unsupported("align_corners with the scale \(scale) of an axis of \(shape[axis])")
                }
                scales[axis] = scale
                result[axis] = whole
            }
            return Target(shape: result, scales: scales)
        }
        guard let sizesInput, let sizes = try inputs.integers(sizesInput), sizes.count == axes.count else {
            throw node.invalid("it has neither \(axes.count) scales nor as many sizes")
        }
        guard policy != .stretch else {
            for (axis, size) in zip(axes, sizes) { result[axis] = size }
            return Target(shape: result, scales: nil)
        }
        guard axes.allSatisfy({ shape[$0] > 0 }) else { throw node.invalid("an axis of \(shape) is empty") }
        let ratios = zip(axes, sizes).map { Float($1) / Float(shape[$0]) }
        let scale = (policy == .not_larger ? ratios.min() : ratios.max()) ?? 1
        var scales = Array(repeating: Float(1), count: shape.count)
        for axis in axes {
            guard let whole = Int(exactly: (Float(shape[axis]) * scale).rounded()) else {
                throw node.invalid("the sizes \(sizes) are impossible")
            }
            result[axis] = whole
            scales[axis] = scale
        }
        return Target(shape: result, scales: scales)
    }
}

struct ResizeStep: CountedStep {
    let shape: ResizeShape

    var work: Work { Work(shape.planes, shape.outputHeight, shape.outputWidth, 2 * WorkCost.single) }

    func run(_ memory: StepMemory) {
        ResizeKernel.run(shape, input: memory.operand(0), output: memory.output)
    }
}

struct AxisResamplingStep: CountedStep {
    let resampling: AxisResampling
    let shape: AxisShape
    let outside: Float

    var work: Work { Work(shape.outer, shape.inner, resampling.tapCount, WorkCost.value) }

    func run(_ memory: StepMemory) {
        AxisResamplingKernel.run(
            resampling, shape, outside: outside, input: memory.operand(0), output: memory.output)
    }
}
