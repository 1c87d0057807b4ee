// SPDX-License-Identifier: Apache-2.0

// Operators that change the shape only. They cost nothing in a run.

/// ONNX's Identity.
struct IdentityOperator: Operator {
    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        try inputs.value(0)
    }
}

/// ONNX's Dropout at inference, which changes nothing; its mask, where it is asked for, is true everywhere.
struct DropoutOperator: MultipleOutputOperator {
    var plannedInputs: [Int] { [2] }
    var outputCount: Int { 2 }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        if reader.opset < 12 {
            try reader.requireInputs(1, upTo: 1)
            reader.ignore("ratio")
        } else {
            try reader.requireInputs(1, upTo: 3)
            reader.ignore("seed")
            try Self.requireInference(reader.constant(2), reader.node)
        }
    }

    func lowerAll(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> [PlanValue?] {
        try Self.requireInference(try inputs.constant(2), inputs.node)
        let input = try inputs.value(0)
        guard inputs.wants(output: 1) else { return [input] }
        try lowering.charge(shape: input.shape, elementSize: 1, of: inputs.node)
        let mask = Array(repeating: true, count: elementCount(of: input.shape) ?? 0)
        return [input, .constant(ConstantValue(ConstantTensor(shape: input.shape, storage: .bool(mask))))]
    }

    private static func requireInference(_ trainingMode: ConstantValue?, _ node: Node) throws(NetworkError) {
        guard let trainingMode else { return }
        guard trainingMode.integers?.allSatisfy({ $0 == 0 }) ?? false else {
            throw node.unsupported("it is in training mode")
        }
    }
}

/// ONNX's Flatten.
struct FlattenOperator: Operator {
    let axis: Int

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        axis = try reader.int("axis", default: 1)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let input = try inputs.value(0), rank = input.shape.count
        guard axis >= -rank, axis <= rank else {
            throw inputs.node.invalid("axis \(axis) does not exist in a tensor of \(rank) dimensions")
        }
        let first = axis < 0 ? axis + rank : axis
        guard let outer = elementCount(of: input.shape[..<first]), let inner = elementCount(of: input.shape[first...])
        else {
            throw inputs.node.invalid("its input of shape \(input.shape) is \(NetworkLimits.tooLarge)")
        }
        return input.reshaped([outer, inner])
    }
}

/// ONNX's Reshape.
struct ReshapeOperator: Operator {
    private let allowsZero: Bool

    var plannedInputs: [Int] { [1] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 2)
        allowsZero = reader.opset >= 14 ? try reader.flag("allowzero") : false
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.value(0)
        let stated = try inputs.requiredIntegers(1)
        let mismatch = node.invalid("the shape \(input.shape) cannot become \(stated)")
        guard stated.count <= NetworkLimits.maximumRank, let count = elementCount(of: input.shape) else {
            throw mismatch
        }
        var shape: [Int] = []
        for (axis, extent) in stated.enumerated() {
            switch extent {
            case 0 where !allowsZero:
                guard axis < input.shape.count else { throw mismatch }
                shape.append(input.shape[axis])
            case -1, 0...: shape.append(extent)
            default: throw mismatch
            }
        }
        let open = shape.indices.filter { shape[$0] == -1 }
        guard open.count <= 1 else { throw node.invalid("more than one extent of \(stated) is left open") }
        if let open = open.first {
            shape[open] = 1
            guard let rest = elementCount(of: shape), rest > 0, count % rest == 0 else { throw mismatch }
            shape[open] = count / rest
        }
        guard elementCount(of: shape) == count else { throw mismatch }
        return input.reshaped(shape)
    }
}

/// ONNX's Squeeze: the axes are an attribute until operator set 13, then an input.
struct SqueezeOperator: Operator {
    private let attributeAxes: [Int]?

    var plannedInputs: [Int] { [1] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let takesInput = reader.opset >= 13
        try reader.requireInputs(1, upTo: takesInput ? 2 : 1)
        attributeAxes = takesInput ? nil : try reader.ints("axes")
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.value(0), shape = input.shape
        let stated = try inputs.integers(1, unless: attributeAxes)
        let axes =
            try stated.map { axes throws(NetworkError) in try node.axes(axes, rank: shape.count) }
            ?? shape.indices.filter { shape[$0] == 1 }
        if let axis = axes.first(where: { shape[$0] != 1 }) {
            throw node.invalid("axis \(axis) of the shape \(shape) is not 1 and cannot be left out")
        }
        return input.reshaped(shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
    }
}

/// ONNX's Unsqueeze: the axes are an attribute until operator set 13, then an input.
struct UnsqueezeOperator: Operator {
    private let attributeAxes: [Int]?

    var plannedInputs: [Int] { [1] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        guard reader.opset < 13 else {
            try reader.requireInputs(2, upTo: 2)
            attributeAxes = nil
            return
        }
        try reader.requireInputs(1, upTo: 1)
        guard let axes = try reader.ints("axes") else { throw reader.node.invalid("its attribute “axes” is missing") }
        attributeAxes = axes
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.value(0)
        let stated = try inputs.requiredIntegers(1, unless: attributeAxes)
        let rank = input.shape.count + stated.count
        guard rank <= NetworkLimits.maximumRank else {
            throw node.unsupported(
                "an output of \(rank) dimensions; at most \(NetworkLimits.maximumRank) are supported")
        }
        let axes = try node.axes(stated, rank: rank)
        var rest = input.shape[...]
        return input.reshaped((0..<rank).map { axes.contains($0) ? 1 : rest.popFirst() ?? 1 })
    }
}
