// SPDX-License-Identifier: Apache-2.0

/// What is needed to read the parts of an ONNX model: the functions it defines and where its further files lie.
struct ONNXReadingContext {
    let functions: ONNXFunctions
    /// nil where values in other files are not read.
    let external: ExternalTensorData?
    /// How many nodes lie around the graph that is read.
    private let depth: Int

    init(functions: ONNXFunctions, external: ExternalTensorData?, depth: Int = 0) {
        self.functions = functions
        self.external = external
        self.depth = depth
    }

    /// For a graph inside a node. The file itself is bounded before it is read, but functions may put a graph into
    /// itself.
    func inside(_ what: String) throws(NetworkError) -> ONNXReadingContext {
        guard depth < ONNXCensus.maximumDepth else {
            throw .unsupportedModel(reason: "\(what) lies more than \(ONNXCensus.maximumDepth) graphs deep")
        }
        return ONNXReadingContext(functions: functions, external: external, depth: depth + 1)
    }

    /// Constants by their names.
    func constants(_ tensors: [ONNXTensorProto]) throws(NetworkError) -> [String: ConstantTensor] {
        var constants: [String: ConstantTensor] = [:]
        for tensor in tensors {
            guard !tensor.name.isEmpty else { throw .malformedModel(reason: "an initializer has no name") }
            let constant = try ConstantTensor(tensor, what: "initializer “\(tensor.name)”", external: external)
            guard constants.updateValue(constant, forKey: tensor.name) == nil else {
                throw .malformedModel(reason: "two initializers are named “\(tensor.name)”")
            }
        }
        return constants
    }

    /// The nodes, with those of the model's own functions in place of each node that calls one.
    func nodes(_ protos: [ONNXNodeProto]) throws(NetworkError) -> [Node] {
        var expanded: [ONNXNodeProto] = []
        for proto in protos { try functions.expand(proto, into: &expanded) }
        guard expanded.count <= NetworkLimits.maximumNodes else {
            throw .unsupportedModel(
                reason: "it has \(expanded.count) nodes; at most \(NetworkLimits.maximumNodes) are allowed")
        }
        return try expanded.map { (node) throws(NetworkError) in try Node(node, context: self) }
    }
}
