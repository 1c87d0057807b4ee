// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// Puts a network for training together, layer by layer, with weights to start from.
///
/// Values are [sample, channel, row, column] until ``flatten()``, then [sample, value]. The input is called `image`,
/// the output `embedding`; a layer's parameters are called after it: `conv1.weight`, `conv1.bias`, `norm1.scale`.
public struct NetworkBuilder {
    /// The most weights of a network: a gigabyte of them.
    public static let maximumParameterCount = 1 << 28
    /// The operator set of the graphs.
    public static let opsetVersion = 17

    /// A value on its way through the network.
    public struct Value: Sendable, Hashable {
        public let name: String
        public let channels: Int
        /// 1 by 1 once it is flat.
        public let height: Int
        public let width: Int
        public let isFlat: Bool

        var count: Int { channels * height * width }
    }

    /// What the next layer takes. Setting it to an earlier value begins another branch.
    public var current: Value
    /// The weights so far, running statistics left out.
    public private(set) var parameterCount = 0
    private let input: Value
    private let initialization: WeightInitialization
    private var random: RandomSource
    private var nodes: [Node] = []
    private var initializers: [String: ConstantTensor] = [:]

    /// - Throws: ``TrainingError/invalidNetwork(reason:)`` when an extent is not in 1...4096.
    public init(
        channels: Int, height: Int, width: Int, initialization: WeightInitialization, random: RandomSource
    ) throws(TrainingError) {
        for extent in [channels, height, width] where !(1...4096).contains(extent) {
            throw .invalidNetwork(
                reason:
                    "its input of \(channels) × \(height) × \(width) is too small or too large; extents go from 1 to 4096"
            )
        }
        input = Value(name: "image", channels: channels, height: height, width: width, isFlat: false)
        current = input
        self.initialization = initialization
        self.random = random
    }

    /// A convolution with a square window; each of `groups` takes its own share of the channels.
    public mutating func convolution(
        _ name: String, filters: Int, kernel: Int, stride: Int = 1, padding: Int = 0, groups: Int = 1,
        hasBias: Bool = true
    ) throws(TrainingError) {
        try convolution(
            name, filters: filters, kernel: (kernel, kernel), stride: stride, padding: padding, groups: groups,
            hasBias: hasBias)
    }

    /// A convolution whose window covers the whole value, one for each channel: a mean with learnt weights.
    public mutating func globalDepthwiseConvolution(_ name: String) throws(TrainingError) {
        try convolution(
            name, filters: current.channels, kernel: (current.height, current.width), stride: 1, padding: 0,
            groups: current.channels, hasBias: false)
    }

    /// A convolution whose windows are the regions into which the width is divided, over the whole height.
    ///
    /// - Parameter outputs: values of all regions together.
    public mutating func regionConvolution(_ name: String, outputs: Int, regions: Int) throws(TrainingError) {
        guard regions > 0, current.width % regions == 0, outputs % regions == 0 else {
            throw .invalidNetwork(
                reason:
                    "“\(name)” divides \(current.width) columns of features and \(outputs) values of an embedding into \(regions) regions; "
                    + "both have to be multiples of it")
        }
        let width = current.width / regions
        try convolution(
            name, filters: outputs / regions, kernel: (current.height, width), stride: width, padding: 0, groups: 1,
            hasBias: true)
    }

    private mutating func convolution(
        _ name: String, filters: Int, kernel: (height: Int, width: Int), stride: Int, padding: Int, groups: Int,
        hasBias: Bool
    ) throws(TrainingError) {
        guard groups > 0, filters > 0, current.channels % groups == 0, filters % groups == 0 else {
            throw .invalidNetwork(
                reason:
                    "the convolution “\(name)” cannot make \(filters) channels of \(current.channels) in \(groups) groups"
            )
        }
        let (height, width) = try slide(name, kernel: kernel, stride: stride, padding: padding)
        let shape = [filters, current.channels / groups, kernel.height, kernel.width]
        let fanIn = shape[1] * kernel.height * kernel.width
        var inputs = [current.name, try addWeights("\(name).weight", shape: shape, fanIn: fanIn, feedsRectifier: true)]
        if hasBias { inputs.append(try addBias("\(name).bias", count: filters, fanIn: fanIn)) }
        emit(
            name, "Conv", inputs,
            [
                "kernel_shape": .ints([kernel.height, kernel.width]), "strides": .ints([stride, stride]),
                "pads": .ints(Array(repeating: padding, count: 4)), "group": .int(groups),
            ], channels: filters, height: height, width: width)
    }

    /// Batch normalisation with PyTorch's settings: ε 1e-5, a tenth of every batch taken into the running statistics.
    public mutating func batchNormalization(_ name: String) throws(TrainingError) {
        let channels = current.channels
        let inputs = [
            current.name, try addConstant("\(name).scale", shape: [channels], value: 1),
            try addConstant("\(name).bias", shape: [channels], value: 0),
            try addConstant("\(name).mean", shape: [channels], value: 0, isParameter: false),
            try addConstant("\(name).variance", shape: [channels], value: 1, isParameter: false),
        ]
        emit(name, "BatchNormalization", inputs, ["epsilon": .float(1e-5), "momentum": .float(0.9)])
    }

    public mutating func rectifier(_ name: String) { emit(name, "Relu", [current.name]) }

    /// A rectifier with a learnt slope below zero for each channel, at first ¼.
    public mutating func parametricRectifier(_ name: String) throws(TrainingError) {
        let shape = current.isFlat ? [current.channels] : [current.channels, 1, 1]
        let slope = try addConstant("\(name).slope", shape: shape, value: 0.25)
        emit(name, "PRelu", [current.name, slope])
    }

    /// Local response normalisation over `size` channels. `alpha` is over the size, by ONNX and PyTorch.
    public mutating func localResponseNormalization(_ name: String, size: Int, alpha: Float, beta: Float, bias: Float) {
        emit(
            name, "LRN", [current.name],
            ["size": .int(size), "alpha": .float(alpha), "beta": .float(beta), "bias": .float(bias)])
    }

    public mutating func maximumPool(_ name: String, kernel: Int, stride: Int, padding: Int = 0) throws(TrainingError) {
        let (height, width) = try slide(name, kernel: (kernel, kernel), stride: stride, padding: padding)
        emit(
            name, "MaxPool", [current.name],
            [
                "kernel_shape": .ints([kernel, kernel]), "strides": .ints([stride, stride]),
                "pads": .ints(Array(repeating: padding, count: 4)),
            ], channels: current.channels, height: height, width: width)
    }

    public mutating func globalAveragePool(_ name: String) {
        emit(name, "GlobalAveragePool", [current.name], channels: current.channels, height: 1, width: 1)
    }

    /// Sets values, or with `channelwise` whole channels, to zero while training, each with the probability `ratio`.
    public mutating func dropout(_ name: String, ratio: Float, channelwise: Bool = false) throws(TrainingError) {
        guard (0..<1).contains(ratio) else {
            throw .invalidNetwork(
                reason: "the dropout “\(name)” has the ratio \(ratio), and it has to be from 0 to below 1")
        }
        guard !channelwise || !current.isFlat else {
            throw .invalidNetwork(
                reason: "the dropout “\(name)” is of whole channels, and follows a vector, which has none")
        }
        if ratio > 0 {
            emit(name, "Dropout", [current.name], ["ratio": .float(ratio), "channelwise": .int(channelwise ? 1 : 0)])
        }
    }

    /// Makes a vector of every sample, if it is none yet.
    public mutating func flatten() {
        guard !current.isFlat else { return }
        emit(
            "\(current.name).flat", "Flatten", [current.name], ["axis": .int(1)], channels: current.count, height: 1,
            width: 1, isFlat: true)
    }

    /// A fully connected layer on a vector.
    ///
    /// - Parameter feedsRectifier: whether a rectifier follows, which halves the variance that weights have to make up
    ///   for.
    public mutating func linear(_ name: String, outputs: Int, feedsRectifier: Bool = true) throws(TrainingError) {
        flatten()
        guard outputs > 0 else { throw .invalidNetwork(reason: "the layer “\(name)” has \(outputs) outputs") }
        let inputs = current.channels
        let weight = try addWeights(
            "\(name).weight", shape: [outputs, inputs], fanIn: inputs, feedsRectifier: feedsRectifier)
        let bias = try addBias("\(name).bias", count: outputs, fanIn: inputs)
        emit(
            name, "Gemm", [current.name, weight, bias], ["transB": .int(1)], channels: outputs, height: 1, width: 1,
            isFlat: true)
    }

    /// Adds an earlier value to the current one.
    public mutating func add(_ name: String, _ other: Value) throws(TrainingError) {
        guard (other.channels, other.height, other.width) == (current.channels, current.height, current.width),
            other.isFlat == current.isFlat
        else {
            throw .invalidNetwork(
                reason: "“\(name)” adds “\(other.name)” and “\(current.name)”, which have different shapes")
        }
        emit(name, "Add", [current.name, other.name])
    }

    /// Scales every vector to length 1.
    public mutating func normalize(_ name: String) {
        flatten()
        emit(name, "LpNormalization", [current.name], ["p": .int(2), "axis": .int(1)])
    }

    /// The network whose output is the current value, as a vector.
    ///
    /// - Throws: ``TrainingError/invalidNetwork(reason:)`` when it has no layers.
    public func graph(name: String) throws(TrainingError) -> Graph {
        var builder = self
        builder.flatten()
        guard let last = builder.nodes.lastIndex(where: { $0.outputs == [builder.current.name] }) else {
            throw .invalidNetwork(reason: "it has no layers")
        }
        // Nothing else reads the last value under its old name: a branch would have to be taken up again to be the
        // output.
        builder.nodes[last].outputs = ["embedding"]
        for index in builder.nodes.indices {
            builder.nodes[index].inputs = builder.nodes[index].inputs.map {
                $0 == builder.current.name ? "embedding" : $0
            }
        }
        return Graph(
            name: name, nodes: builder.nodes, initializers: builder.initializers,
            inputs: [
                ValueInfo(
                    name: input.name,
                    shape: [.symbolic("batch"), .fixed(input.channels), .fixed(input.height), .fixed(input.width)])
            ],
            outputs: [ValueInfo(name: "embedding", shape: [.symbolic("batch"), .fixed(builder.current.channels)])],
            opsetVersion: Self.opsetVersion)
    }

    private func slide(
        _ name: String, kernel: (height: Int, width: Int), stride: Int, padding: Int
    ) throws(TrainingError) -> (height: Int, width: Int) {
        guard !current.isFlat else { throw .invalidNetwork(reason: "“\(name)” slides over a vector, and takes images") }
        let height = current.height + 2 * padding - kernel.height, width = current.width + 2 * padding - kernel.width
        guard stride > 0, padding >= 0, kernel.height > 0, kernel.width > 0, height >= 0, width >= 0 else {
            throw .invalidNetwork(
                reason:
                    "the window of “\(name)”, \(kernel.height) × \(kernel.width), does not fit its input of \(current.height) × \(current.width); give the network larger images or fewer layers"
            )
        }
        return (height / stride + 1, width / stride + 1)
    }

    private mutating func emit(
        _ name: String, _ operatorType: String, _ inputs: [String], _ attributes: [String: Attribute] = [:]
    ) {
        emit(
            name, operatorType, inputs, attributes, channels: current.channels, height: current.height,
            width: current.width,
            isFlat: current.isFlat)
    }

    private mutating func emit(
        _ name: String, _ operatorType: String, _ inputs: [String], _ attributes: [String: Attribute] = [:],
        channels: Int,
        height: Int, width: Int, isFlat: Bool = false
    ) {
        nodes.append(
            Node(name: name, operatorType: operatorType, inputs: inputs, outputs: [name], attributes: attributes))
        current = Value(name: name, channels: channels, height: height, width: width, isFlat: isFlat)
    }

    private mutating func addWeights(
        _ name: String, shape: [Int], fanIn: Int, feedsRectifier: Bool
    ) throws(TrainingError) -> String {
        let count = try reserve(name, shape)
        let values = initialization.weights(count: count, fanIn: fanIn, feedsRectifier: feedsRectifier, random: &random)
        initializers[name] = ConstantTensor(shape: shape, storage: .float(values))
        return name
    }

    private mutating func addBias(_ name: String, count: Int, fanIn: Int) throws(TrainingError) -> String {
        _ = try reserve(name, [count])
        initializers[name] = ConstantTensor(
            shape: [count], storage: .float(initialization.biases(count: count, fanIn: fanIn, random: &random)))
        return name
    }

    private mutating func addConstant(
        _ name: String, shape: [Int], value: Float, isParameter: Bool = true
    ) throws(TrainingError) -> String {
        let count = isParameter ? try reserve(name, shape) : shape.reduce(1, *)
        initializers[name] = ConstantTensor(shape: shape, storage: .float(Array(repeating: value, count: count)))
        return name
    }

    /// Counts weights before there is memory for them.
    private mutating func reserve(_ name: String, _ shape: [Int]) throws(TrainingError) -> Int {
        var count = 1
        for extent in shape {
            let (product, overflows) = count.multipliedReportingOverflow(by: extent)
            count = overflows ? Int.max : product
        }
        guard initializers[name] == nil else {
            throw .invalidNetwork(reason: "two layers have the parameter “\(name)”")
        }
        guard count <= Self.maximumParameterCount - parameterCount else {
            throw .invalidNetwork(
                reason:
                    "it has more than \(Self.maximumParameterCount) weights at “\(name)”; make it narrower or its images smaller"
            )
        }
        parameterCount += count
        return count
    }
}
