// SPDX-License-Identifier: Apache-2.0

/// What a node does, with its attributes checked. Shapes come with the plan.
protocol Operator: Sendable {
    /// The inputs whose values decide shapes or how the step is made: they must be known when planning.
    var plannedInputs: [Int] { get }

    /// Whether its values follow from the shapes of its inputs alone.
    var followsFromShapes: Bool { get }

    /// How many outputs it can make.
    var outputCount: Int { get }

    /// Infers the output's shape, refuses impossible ones, and appends the step or computes a constant.
    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue

    /// The same for each output that the node names, in their order; nil for those that it does not name.
    func lowerAll(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> [PlanValue?]
}

extension Operator {
    var plannedInputs: [Int] { [] }
    var followsFromShapes: Bool { false }
    var outputCount: Int { 1 }

    func lowerAll(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> [PlanValue?] {
        [try lower(inputs, into: &lowering)]
    }
}

/// An operator of several outputs.
protocol MultipleOutputOperator: Operator {}

extension MultipleOutputOperator {
    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        guard let value = try lowerAll(inputs, into: &lowering).first ?? nil else {
            throw inputs.node.invalid("it has no output")
        }
        return value
    }
}

extension Node {
    package func invalid(_ reason: String) -> NetworkError {
        .invalidNode(operatorType: operatorType, node: label, reason: reason)
    }

    package func unsupported(_ reason: String) -> NetworkError {
        .unsupportedAttribute(operatorType: operatorType, node: label, reason: reason)
    }

    /// An axis counted from the end where it is negative, for a tensor of `rank` axes.
    package func axis(_ axis: Int, rank: Int) throws(NetworkError) -> Int {
        guard axis >= -rank, axis < rank else {
            throw invalid("axis \(axis) does not exist in a tensor of \(rank) dimensions")
        }
        return axis < 0 ? axis + rank : axis
    }

    func axes(_ axes: [Int], rank: Int) throws(NetworkError) -> [Int] {
        var result: [Int] = []
        for each in axes {
            let axis = try axis(each, rank: rank)
            guard !result.contains(axis) else { throw invalid("axis \(each) is named twice") }
            result.append(axis)
        }
        return result
    }
}

/// The values that reach a node.
struct NodeInputs {
    let node: Node
    let values: [PlanValue?]
    /// What each value's numbers stand for.
    let types: [ElementType?]

    /// Whether the node names this output.
    func wants(output index: Int) -> Bool { index < node.outputs.count && !node.outputs[index].isEmpty }

    func type(_ index: Int) -> ElementType { (index < types.count ? types[index] : nil) ?? .float }

    /// A value left out is nil.
    func optional(_ index: Int) -> PlanValue? { index < values.count ? values[index] : nil }

    func value(_ index: Int) throws(NetworkError) -> PlanValue {
        guard let value = optional(index) else { throw node.invalid("input \(index + 1) is missing") }
        return value
    }

    /// Single-precision values, computed or constant.
    func floats(_ index: Int) throws(NetworkError) -> PlanValue {
        let value = try value(index)
        if let constant = value.constant, constant.floats == nil {
            throw node.invalid("input \(index + 1) is \(constant.elementType) where single precision belongs")
        }
        guard type(index) == .float else {
            throw node.unsupported("its input \(index + 1) is \(type(index)) and computed in a run")
        }
        return value
    }

    /// Values of any type, of which a step can read the floats that stand for them.
    ///
    /// - Throws: ``NetworkError`` where a constant is greater than what single precision holds exactly.
    func numbers(_ index: Int) throws(NetworkError) -> PlanValue {
        try value(index).asFloats(of: node)
    }

    func optionalFloats(_ index: Int) throws(NetworkError) -> PlanValue? {
        optional(index) == nil ? nil : try floats(index)
    }

    /// An input that must be known when planning; nil where it is left out.
    func constant(_ index: Int) throws(NetworkError) -> ConstantValue? {
        guard let value = optional(index) else { return nil }
        guard let constant = value.constant else {
            throw node.unsupported("its input \(index + 1) depends on the values given to the network")
        }
        return constant
    }

    /// A list that was an attribute in earlier operator sets: `attribute` where it is there, else the input.
    func integers(_ index: Int, unless attribute: [Int]? = nil) throws(NetworkError) -> [Int]? {
        if let attribute { return attribute }
        guard let constant = try constant(index) else { return nil }
        guard let integers = constant.integers, constant.shape.count <= 1 else {
            throw node.invalid("input \(index + 1) is no list of integers")
        }
        return integers.map { Int($0) }
    }

    func requiredIntegers(_ index: Int, unless attribute: [Int]? = nil) throws(NetworkError) -> [Int] {
        guard let integers = try integers(index, unless: attribute) else {
            throw node.invalid("input \(index + 1) is missing")
        }
        return integers
    }

    /// The one value of an input that is a number; nil where it is left out.
    func scalar(_ index: Int, unless attribute: Float? = nil) throws(NetworkError) -> Float? {
        if let attribute { return attribute }
        guard let constant = try constant(index) else { return nil }
        guard constant.count == 1, let value = constant.tensor.floats?.first else {
            throw node.invalid("input \(index + 1) is no single number")
        }
        return value
    }

    /// The one value of an input that is a whole number; nil where it is left out.
    func integer(_ index: Int) throws(NetworkError) -> Int? {
        guard let constant = try constant(index) else { return nil }
        guard constant.count == 1, let value = constant.integers?.first else {
            throw node.invalid("input \(index + 1) is no single whole number")
        }
        return Int(value)
    }
}

extension PlanValue {
    /// A number, as a constant.
    static func scalar(_ number: Float) -> PlanValue {
        .constant(ConstantValue(ConstantTensor(shape: [], storage: .float([number]))))
    }

    /// Constants that are whole numbers and truth values as the floats that stand for them in a run.
    func asFloats(of node: Node) throws(NetworkError) -> PlanValue {
        guard let constant, constant.floats == nil else { return self }
        if let integers = constant.integers,
            let large = integers.first(where: { $0.magnitude > NetworkLimits.maximumExactInteger })
        {
            throw node.unsupported("it takes the whole number \(large) in a run; those to 16,777,216 are supported")
        }
        return .constant(ConstantValue(constant.tensor.converted(to: .float)))
    }
}
