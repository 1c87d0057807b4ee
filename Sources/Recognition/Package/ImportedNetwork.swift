// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// An embedding network that a package is made of: what its ONNX file says of its images and embeddings, completed by
/// what its importer states.
struct ImportedNetwork {
    private let file: String
    private let network: Network
    private let image: ValueInfo
    private let output: ValueInfo

    /// - Parameters:
    ///   - file: the file's name in the package, for errors.
    ///   - inputName: the name of the network's input, and `outputName` that of its output; nil takes the only one.
    init(onnx: [UInt8], file: String, inputName: String?, outputName: String?) throws(ModelPackageError) {
        self.file = file
        do {
            network = try Network(onnx: onnx)
        } catch {
            throw .network(file: file, error)
        }
        image = try Self.port(network.inputs, named: inputName, "input", file: file)
        if outputName == nil, network.outputs.count > 1 {
            throw .severalOutputs(file: file, names: network.outputs.map(\.name))
        }
        output = try Self.port(network.outputs, named: outputName, "output", file: file)
    }

    private static func port(
        _ ports: [ValueInfo], named name: String?, _ role: String, file: String
    ) throws(ModelPackageError) -> ValueInfo {
        let names = ports.map { "“\($0.name)”" }.joined(separator: ", ")
        let matching = name.map { name in ports.filter { $0.name == name } } ?? ports
        guard let port = matching.first, matching.count == 1 else {
            throw .invalidFile(
                file: file,
                reason: name.map { "it has no \(role) “\($0)”; there are \(names)" }
                    ?? "it has \(ports.count) \(role)s (\(names)), and an embedding network has one")
        }
        return port
    }

    /// How images are given to the network. What is nil is taken from the network's own shape: its sides, its axes,
    /// and of its channels that one is grey and three are RGB.
    ///
    /// - Parameters:
    ///   - mean: by the network's channels, or one value for all of them; so is `standardDeviation`.
    func input(
        size: (width: Int, height: Int)?, layout: NetworkInput.Layout?, channels: NetworkInput.ChannelOrder?,
        mean: [Double],
        standardDeviation: [Double]
    ) throws(ModelPackageError) -> NetworkInput {
        let shape = image.shape
        guard shape.count == 4 else {
            throw refusal("its input “\(image.name)” has the shape \(shapeText), and a batch of images has four axes")
        }
        let (layout, channels) = try axes(layout: layout, channels: channels)
        let (height, width) = layout == .nchw ? (shape[2], shape[3]) : (shape[1], shape[2])
        for (own, stated) in [(width, size?.width), (height, size?.height)] {
            guard case .fixed(let extent) = own, let size, extent != stated else { continue }
            throw refusal(
                "its input “\(image.name)” has the shape \(shapeText), and \(size.width)×\(size.height) pixels are stated"
            )
        }
        let sides: (width: Int, height: Int)
        if let size { sides = size } else { sides = (try side(width, other: height), try side(height, other: width)) }
        for side in [sides.width, sides.height] where !NetworkInput.sides.contains(side) {
            throw refusal(
                "its images have sides of \(sides.width)×\(sides.height) pixels, and \(NetworkInput.sides.lowerBound) to \(NetworkInput.sides.upperBound) are taken"
            )
        }
        return NetworkInput(
            width: sides.width, height: sides.height, layout: layout, channels: channels,
            mean: try Self.perChannel(mean, count: channels.count, key: "mean"),
            standardDeviation: try Self.perChannel(standardDeviation, count: channels.count, key: "standard_deviation"))
    }

    /// The first layout and channels that fit the network's shape.
    private func axes(
        layout: NetworkInput.Layout?, channels: NetworkInput.ChannelOrder?
    ) throws(ModelPackageError) -> (NetworkInput.Layout, NetworkInput.ChannelOrder) {
        for candidate in layout.map({ [$0] }) ?? NetworkInput.Layout.allCases {
            for order in channels.map({ [$0] }) ?? [.gray, .rgb] {
                if case .fixed(let count) = candidate == .nchw ? image.shape[1] : image.shape[3] {
                    if count == order.count { return (candidate, order) }
                } else if layout != nil, channels != nil {
                    return (candidate, order)
                }
            }
        }
        let wanted =
            channels.map { "the \($0.count) channel\($0.count == 1 ? "" : "s") of “\($0.rawValue)”" }
            ?? "one or three channels"
        throw refusal(
            "its input “\(image.name)” has the shape \(shapeText), where no axis has \(wanted); state the channels and the layout of this network"
        )
    }

    /// One side of the images; a free side of a network whose other side is fixed is as long as that.
    private func side(_ dimension: Dimension, other: Dimension) throws(ModelPackageError) -> Int {
        for candidate in [dimension, other] {
            if case .fixed(let extent) = candidate { return extent }
        }
        throw refusal("it takes images of any size, \(shapeText); state the size it was trained on")
    }

    /// The numbers of one embedding, whatever shape the network declares for its output.
    func embeddingSize(for input: NetworkInput) throws(ModelPackageError) -> Int {
        let shape: [Int]
        do {
            let plan = try network.plan(inputShapes: [image.name: input.shape])
            shape = plan.outputs.first { $0.name == output.name }?.shape ?? []
        } catch {
            throw .network(file: file, error)
        }
        // A map of features, a score or a batch of another size is no embedding of one image.
        let long = shape.filter { $0 != 1 }
        guard long.count == 1, let size = long.first, (2...EmbeddingNetwork.maximumEmbeddingSize).contains(size) else {
            throw refusal(
                "for one image its output “\(output.name)” has the shape \(shape), and an embedding is one row of 2 to "
                    + "\(EmbeddingNetwork.maximumEmbeddingSize) numbers; its outputs are "
                    + network.outputs.map { "“\($0.name)”" }.joined(separator: ", "))
        }
        return size
    }

    private static func perChannel(_ values: [Double], count: Int, key: String) throws(ModelPackageError) -> [Double] {
        if values.count == 1 { return Array(repeating: values[0], count: count) }
        guard values.count == count else {
            throw .invalidValue(
                key: key, found: "\(values.count) numbers",
                expected: "one number, or one for each of the \(count) channels")
        }
        return values
    }

    private var shapeText: String { "[" + image.shape.map(\.description).joined(separator: ", ") + "]" }

    private func refusal(_ reason: String) -> ModelPackageError { .invalidFile(file: file, reason: reason) }
}
