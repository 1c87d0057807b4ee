// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// Turns a network read from dlib into an ONNX graph.
///
/// Scales and shifts after a convolution are folded into it; what is left are Conv, Relu, pools, Pad, Add and
/// Gemm. Values in the graph keep dlib's order (sample, channel, row, column).
struct DlibGraphBuilder {
    /// The operator set the graph declares: Pad takes its amounts as an input from 11 on.
    static let opsetVersion = 13

    private let file: String
    private var nodes: [Node] = []
    private var initializers: [String: ConstantTensor] = [:]
    private var current: Value
    private var tags: [Int: Value] = [:]

    /// A value on its way through the graph. The size is nil where the input may have any size.
    private struct Value {
        let name: String
        let channels: Int
        let size: (rows: Int, columns: Int)?
    }

    private init(file: String, input: Value) {
        self.file = file
        current = input
    }

    /// The embedding network, `image` [batch, 3, side, side] → `embedding` [batch, outputs].
    static func embeddingGraph(_ network: DlibNetwork, side: Int, file: String) throws(DlibImportError) -> Graph {
        try graph(
            network, name: "dlib-face-embedding", file: file, size: (side, side),
            input: ("image", [.symbolic("batch"), .fixed(3), .fixed(side), .fixed(side)]),
            output: "embedding"
        ) { [.symbolic("batch"), .fixed($0)] }
    }

    /// The detector, `image` [1, 3, height, width] → `scores` [1, windows, rows, columns].
    static func detectorGraph(_ network: DlibNetwork, file: String) throws(DlibImportError) -> Graph {
        try graph(
            network, name: "dlib-face-detector", file: file, size: nil,
            input: ("image", [.fixed(1), .fixed(3), .symbolic("height"), .symbolic("width")]),
            output: "scores"
        ) { [.fixed(1), .fixed($0), .symbolic("rows"), .symbolic("columns")] }
    }

    private static func graph(
        _ network: DlibNetwork, name: String, file: String, size: (rows: Int, columns: Int)?,
        input: (name: String, shape: [Dimension]), output: String, outputShape: (Int) -> [Dimension]
    ) throws(DlibImportError) -> Graph {
        var builder = DlibGraphBuilder(file: file, input: Value(name: input.name, channels: 3, size: size))
        var index = 0
        while index < network.layers.count {
            if case .convolution(let convolution) = network.layers[index],
                index + 1 < network.layers.count,
                case .affine(let scale, let shift) = network.layers[index + 1]
            {
                try builder.append(
                    .convolution(try builder.folding(convolution, scale: scale, shift: shift)), index: index)
                index += 2
            } else {
                try builder.append(network.layers[index], index: index)
                index += 1
            }
        }
        builder.renameLastOutput(to: output)
        return Graph(
            name: name, nodes: builder.nodes, initializers: builder.initializers,
            inputs: [ValueInfo(name: input.name, shape: input.shape, elementType: .float)],
            outputs: [ValueInfo(name: output, shape: outputShape(builder.current.channels), elementType: .float)],
            opsetVersion: opsetVersion)
    }

    private func folding(
        _ convolution: DlibConvolution, scale: [Float], shift: [Float]
    ) throws(DlibImportError) -> DlibConvolution {
        guard scale.count == convolution.filters, shift.count == convolution.filters else {
            throw .inconsistent(
                file: file, reason: "\(scale.count) scales follow a convolution with \(convolution.filters) filters")
        }
        let perFilter = convolution.weights.count / convolution.filters
        var weights = convolution.weights
        for index in weights.indices { weights[index] *= scale[index / perFilter] }
        let biases = convolution.biases.indices.map { convolution.biases[$0] * scale[$0] + shift[$0] }
        return DlibConvolution(
            filters: convolution.filters, channels: convolution.channels, window: convolution.window,
            weights: weights, biases: biases)
    }

    private mutating func append(_ layer: DlibLayer, index: Int) throws(DlibImportError) {
        let label = "layer\(index)"
        switch layer {
        case .convolution(let convolution):
            guard convolution.channels == current.channels else {
                throw .inconsistent(
                    file: file,
                    reason: "layer \(index) takes \(convolution.channels) channels and gets \(current.channels)")
            }
            let kernel = convolution.window.kernel
            initializers["\(label).weight"] = ConstantTensor(
                shape: [convolution.filters, convolution.channels, kernel, kernel], storage: .float(convolution.weights)
            )
            initializers["\(label).bias"] = ConstantTensor(
                shape: [convolution.filters], storage: .float(convolution.biases))
            try slide(
                "Conv", convolution.window, label: label, channels: convolution.filters,
                parameters: ["\(label).weight", "\(label).bias"])
        case .affine:
            throw .inconsistent(file: file, reason: "layer \(index) scales what is no convolution")
        case .relu:
            emit("Relu", label: label, inputs: [current.name], channels: current.channels, size: current.size)
        case .maximumPool(let window):
            try slide("MaxPool", window, label: label, channels: current.channels)
        case .averagePool(let window):
            // Like ONNX by default, dlib leaves padding out of the mean.
            try slide("AveragePool", window, label: label, channels: current.channels)
        case .averagePoolEverything:
            emit("GlobalAveragePool", label: label, inputs: [current.name], channels: current.channels, size: (1, 1))
        case .fullyConnected(let inputs, let outputs, let weights):
            try multiply(inputs: inputs, outputs: outputs, weights: weights, label: label)
        case .tag(let number):
            tags[number] = current
        case .skip(let number):
            current = try tagged(number)
        case .addPrevious(let number):
            try add(try tagged(number), label: label)
        }
    }

    private func tagged(_ number: Int) throws(DlibImportError) -> Value {
        guard let value = tags[number] else {
            throw .inconsistent(file: file, reason: "tag \(number) is used before it is set")
        }
        return value
    }

    private mutating func slide(
        _ operation: String, _ window: DlibWindow, label: String, channels: Int, parameters: [String] = []
    ) throws(DlibImportError) {
        var size: (rows: Int, columns: Int)?
        if let old = current.size {
            guard let rows = window.outputSize(of: old.rows), let columns = window.outputSize(of: old.columns) else {
                throw .inconsistent(file: file, reason: "\(label) slides over fewer pixels than its window has")
            }
            size = (rows, columns)
        }
        let attributes: [String: Attribute] = [
            "kernel_shape": .ints([window.kernel, window.kernel]),
            "strides": .ints([window.stride, window.stride]),
            "pads": .ints(Array(repeating: window.padding, count: 4)),
        ]
        emit(
            operation, label: label, inputs: [current.name] + parameters, attributes: attributes, channels: channels,
            size: size)
    }

    private mutating func multiply(inputs: Int, outputs: Int, weights: [Float], label: String) throws(DlibImportError) {
        guard let size = current.size, current.channels * size.rows * size.columns == inputs else {
            throw .inconsistent(file: file, reason: "\(label) takes \(inputs) values and gets another number")
        }
        emit(
            "Flatten", label: "\(label).flat", inputs: [current.name], attributes: ["axis": .int(1)],
            channels: inputs, size: (1, 1))
        initializers["\(label).weight"] = ConstantTensor(shape: [inputs, outputs], storage: .float(weights))
        emit("Gemm", label: label, inputs: [current.name, "\(label).weight"], channels: outputs, size: (1, 1))
    }

    /// dlib's `add_prev`: the result has the larger of both sizes in every direction, and what one of the two
    /// lacks counts as zero.
    private mutating func add(_ other: Value, label: String) throws(DlibImportError) {
        guard let first = current.size, let second = other.size else {
            throw .inconsistent(file: file, reason: "\(label) adds values of unknown size")
        }
        let channels = max(current.channels, other.channels)
        let size = (rows: max(first.rows, second.rows), columns: max(first.columns, second.columns))
        let left = padded(current, channels: channels, size: size, label: "\(label).left")
        let right = padded(other, channels: channels, size: size, label: "\(label).right")
        emit("Add", label: label, inputs: [left, right], channels: channels, size: size)
    }

    private mutating func padded(
        _ value: Value, channels: Int, size: (rows: Int, columns: Int), label: String
    ) -> String {
        guard let old = value.size,
            old.rows != size.rows || old.columns != size.columns || value.channels != channels
        else { return value.name }
        let amounts = [0, 0, 0, 0, 0, channels - value.channels, size.rows - old.rows, size.columns - old.columns]
        initializers["\(label).pads"] = ConstantTensor(shape: [8], storage: .int64(amounts.map(Int64.init)))
        nodes.append(
            Node(
                name: label, operatorType: "Pad", inputs: [value.name, "\(label).pads"], outputs: [label],
                attributes: ["mode": .string("constant")]))
        return label
    }

    private mutating func emit(
        _ operation: String, label: String, inputs: [String], attributes: [String: Attribute] = [:],
        channels: Int, size: (rows: Int, columns: Int)?
    ) {
        nodes.append(
            Node(name: label, operatorType: operation, inputs: inputs, outputs: [label], attributes: attributes))
        current = Value(name: label, channels: channels, size: size)
    }

    private mutating func renameLastOutput(to name: String) {
        guard let last = nodes.popLast() else { return }
        nodes.append(
            Node(
                name: last.name, operatorType: last.operatorType, inputs: last.inputs, outputs: [name],
                attributes: last.attributes))
    }
}
