// SPDX-License-Identifier: Apache-2.0

/// ONNX's LpPool, and MaxPool and AveragePool over three axes or with the places of the greatest values as the second
/// output.
struct VolumePoolOperator: MultipleOutputOperator {
    private enum Kind: Sendable {
        case maximum(isColumnMajor: Bool)
        case average(countIncludePad: Bool)
        case norm(p: Float)
    }

    private let attributes: VolumeAttributes
    private let kernel: [Int]
    private let ceilMode: Bool
    private let kind: Kind

    var outputCount: Int { if case .maximum = kind { 2 } else { 1 } }

    /// Whether it, and not ``PoolOperator``, is to take a node.
    static func takes(_ node: Node) -> Bool {
        if case .ints(let kernel)? = node.attributes["kernel_shape"], kernel.count == 3 { return true }
        return node.operatorType == "LpPool" || (node.outputs.count > 1 && !node.outputs[1].isEmpty)
    }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let node = reader.node, opset = reader.opset
        try reader.requireInputs(1, upTo: 1)
        let hasDilations: Bool, hasCeiling: Bool
        switch node.operatorType {
        case "MaxPool":
            (hasDilations, hasCeiling) = (opset >= 10, opset >= 10)
            kind = .maximum(isColumnMajor: opset >= 8 ? try reader.flag("storage_order") : false)
        case "AveragePool":
            (hasDilations, hasCeiling) = (opset >= 19, opset >= 10)
            kind = .average(countIncludePad: try reader.flag("count_include_pad"))
        default:
            (hasDilations, hasCeiling) = (opset >= 18, opset >= 18)
            let p = try reader.int("p", default: 2)
            guard p > 0 else { throw node.invalid("p is \(p)") }
            kind = .norm(p: Float(p))
        }
        attributes = try VolumeAttributes(&reader, hasDilations: hasDilations)
        ceilMode = hasCeiling ? try reader.flag("ceil_mode") : false
        guard let kernel = attributes.kernel else { throw node.invalid("its attribute “kernel_shape” is missing") }
        self.kernel = kernel
    }

    func lowerAll(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> [PlanValue?] {
        let node = inputs.node, input = try inputs.floats(0), shape = input.shape
        guard shape.count == kernel.count + 2, let planes = elementCount(of: shape[..<2]), planes > 0 else {
            throw node.invalid("its window has \(kernel.count) dimensions, and its input has the shape \(shape)")
        }
        let spatial = Array(shape[2...])
        let axes = try attributes.axes(kernel: kernel, over: spatial, node)
        let places = try axes.places(over: spatial, ceilMode: ceilMode, node)
        // Axes at the end along which the window does not reach are one block.
        var kept = kernel.count
        if case .average = kind {
            while kept > 1, kernel[kept - 1] == 1, axes.strides[kept - 1] == 1, places[kept - 1] == spatial[kept - 1],
                axes.before[kept - 1] == 0
            { kept -= 1 }
        }
        func first(_ values: [Int]) -> [Int] { Array(values[..<kept]) }
        guard let inner = elementCount(of: spatial[kept...]), elementCount(of: shape) != nil,
            let window = VolumeWindow(
                input: first(spatial), kernel: first(kernel), strides: first(axes.strides),
                dilations: first(axes.dilations), padsBefore: first(axes.before), output: first(places)),
            window.outputCount <= IndexTable.maximumCount
        else { throw node.invalid("its input of shape \(shape) is empty, or an extent is more than 16,777,216") }
        if case .average = kind { try lowering.chargeTable([window.outputCount], tables: 2, of: node) }
        let result = Array(shape[..<2]) + places
        func emit(_ pooling: VolumePooling, _ type: ElementType = .float) throws(NetworkError) -> PlanValue {
            try lowering.emit(
                VolumePoolStep(window: window, pooling: pooling, planes: planes, inner: inner), [input],
                shape: result, type: type, of: node)
        }
        switch kind {
        case .norm(let p): return [try emit(.norm(p: p))]
        case .average(let countIncludePad):
            return [try emit(.average(counts: counts(window, axes, kept: kept, countIncludePad: countIncludePad)))]
        case .maximum(let isColumnMajor):
            guard inputs.wants(output: 1) else { return [try emit(.maximum)] }
            guard elementCount(of: shape) ?? .max <= NetworkLimits.maximumExactInteger else {
                throw node.unsupported("the places in a tensor of more than 16,777,216 values")
            }
            return [
                inputs.wants(output: 0) ? try emit(.maximum) : nil,
                try emit(.maximumPlace(isColumnMajor: isColumnMajor), .int64),
            ]
        }
    }

    /// What each window is divided by.
    private func counts(
        _ window: VolumeWindow, _ axes: VolumeAttributes.Axes, kept: Int, countIncludePad: Bool
    ) -> [Float] {
        let missing = VolumeWindow.axes - kept
        let perAxis = (0..<VolumeWindow.axes).map { axis in
            (0..<window.output[axis]).map { position in
                let span = PoolSpan(
                    position: position, kernel: window.kernel[axis], stride: window.strides[axis],
                    dilation: window.dilations[axis], before: window.padsBefore[axis],
                    after: axis < missing ? 0 : axes.after[axis - missing], extent: window.input[axis])
                return countIncludePad ? span.countWithMargin : span.count
            }
        }
        return perAxis[0].flatMap { a in perAxis[1].flatMap { b in perAxis[2].map { Float(max(a * b * $0, 1)) } } }
    }
}

struct VolumePoolStep: CountedStep {
    let window: VolumeWindow
    let pooling: VolumePooling
    let planes: Int
    let inner: Int

    var work: Work {
        let isLibrary = if case .norm(let p) = pooling { p != 1 && p != 2 } else { false }
        return Work(planes, inner, window.tapCount, isLibrary ? WorkCost.libraryFunction : WorkCost.single)
    }

    func run(_ memory: StepMemory) {
        VolumePoolKernel.run(
            window, pooling, planes: planes, inner: inner, input: memory.operand(0), output: memory.output)
    }
}
