// SPDX-License-Identifier: Apache-2.0

/// ONNX's MaxPool (its first output) and AveragePool over one or two spatial axes.
struct PoolOperator: Operator {
    enum Kind: Sendable {
        case maximum
        case average(countIncludePad: Bool)
    }

    let attributes: WindowAttributes
    let kernel: [Int]
    let ceilMode: Bool
    let kind: Kind

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let node = reader.node, isMaximum = node.operatorType == "MaxPool"
        try reader.requireInputs(1, upTo: 1)
        attributes = try WindowAttributes(&reader, hasDilations: reader.opset >= (isMaximum ? 10 : 19))
        guard let kernel = attributes.kernel else { throw node.invalid("its attribute “kernel_shape” is missing") }
        self.kernel = kernel
        ceilMode = reader.opset >= 10 ? try reader.flag("ceil_mode") : false
        kind = isMaximum ? .maximum : .average(countIncludePad: try reader.flag("count_include_pad"))
        // The order of indices, which are the second output.
        if isMaximum { reader.ignore("storage_order") }
        try attributes.requireMarginsWithinKernel(node)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, shape = try inputs.value(0).shape
        // The greatest of whole numbers is one of them.
        let isMaximum = if case .maximum = kind { true } else { false }
        let input = isMaximum ? try inputs.numbers(0) : try inputs.floats(0)
        guard shape.count == kernel.count + 2 else {
            throw node.invalid("its window has \(kernel.count) dimensions, and its input has the shape \(shape)")
        }
        let window = try attributes.window(kernel: kernel, over: Array(shape[2...]), node)
        let height = shape.count == 3 ? 1 : shape[2], width = shape[shape.count - 1]
        guard let size = window.outputSize(height: height, width: width, ceilMode: ceilMode) else {
            throw node.invalid(window.misfit(height: height, width: width))
        }
        guard let planes = elementCount(of: shape[..<2]),
            let pool = PoolShape(
                planes: planes, inputHeight: height, inputWidth: width, window: window, ceilMode: ceilMode)
        else {
            throw node.invalid("its input of shape \(shape) is empty or \(NetworkLimits.tooLarge)")
        }
        let spatial = shape.count == 3 ? [size.width] : [size.height, size.width]
        return try lowering.emit(
            PoolStep(shape: pool, kind: kind), [input], shape: Array(shape[..<2]) + spatial, type: inputs.type(0),
            of: node)
    }
}

struct PoolStep: CountedStep {
    let shape: PoolShape
    let kind: PoolOperator.Kind

    var work: Work { Work(shape.planes, shape.taps, WorkCost.single) }

    func run(_ memory: StepMemory) {
        switch kind {
        case .maximum: MaxPoolKernel.run(shape, input: memory.operand(0), output: memory.output)
        case .average(let countIncludePad):
            AveragePoolKernel.run(
                shape, countIncludePad: countIncludePad, input: memory.operand(0), output: memory.output)
        }
    }
}

/// ONNX's GlobalLpPool: the norm of each plane.
struct GlobalNormPoolOperator: Operator {
    private let p: Float

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        let p = try reader.int("p", default: 2)
        guard p > 0 else { throw reader.node.invalid("p is \(p)") }
        self.p = Float(p)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let input = try inputs.floats(0), node = inputs.node, shape = input.shape
        guard shape.count >= 3 else { throw node.invalid("its input of shape \(shape) is no batch of images") }
        let axes = Array(2..<shape.count)
        if p == 1 { return try ReductionStep.emit(.sumOfMagnitudes, input, axes: axes, of: node, into: &lowering) }
        if p == 2 { return try ReductionStep.emit(.euclidean, input, axes: axes, of: node, into: &lowering) }
        let magnitudes = try UnaryStep.emit(.absolute, input, of: node, into: &lowering)
        let powers = try FunctionStep.emit(.power(p), magnitudes, of: node, into: &lowering)
        let sum = try ReductionStep.emit(.sum, powers, axes: axes, of: node, into: &lowering)
        return try FunctionStep.emit(.power(1 / p), sum, of: node, into: &lowering)
    }
}

/// ONNX's GlobalAveragePool and GlobalMaxPool, over any number of spatial axes.
struct GlobalPoolOperator: Operator {
    let isMaximum: Bool

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        isMaximum = reader.node.operatorType == "GlobalMaxPool"
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let input = try inputs.floats(0), shape = input.shape
        guard shape.count >= 2, let planes = elementCount(of: shape[..<2]), let area = elementCount(of: shape[2...]),
            area > 0
        else {
            throw inputs.node.invalid("its input of shape \(shape) is no batch of images")
        }
        return try lowering.emit(
            GlobalPoolStep(isMaximum: isMaximum, planes: planes, area: area), [input],
            shape: Array(shape[..<2]) + Array(repeating: 1, count: shape.count - 2), of: inputs.node)
    }
}

struct GlobalPoolStep: CountedStep {
    let isMaximum: Bool
    let planes: Int
    let area: Int

    var work: Work { Work(planes, area, WorkCost.value) }

    func run(_ memory: StepMemory) {
        if isMaximum {
            GlobalPoolKernel.max(planes: planes, area: area, input: memory.operand(0), output: memory.output)
        } else {
            GlobalPoolKernel.average(planes: planes, area: area, input: memory.operand(0), output: memory.output)
        }
    }
}
