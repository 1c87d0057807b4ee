// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import Synchronization

/// A package's network from an image to numbers, checked against what its manifest states; shared by all workers.
final class EmbeddingEngine: Sendable {
    let inputTensor: InputTensor
    let inputName: String
    let outputName: String
    let embeddingSize: Int
    /// How many images go through the network at once, largest first; the last is 1.
    let batchSizes: [Int]
    private let network: Network
    /// One plan for each batch size that was used.
    private let plans: Mutex<[Int: ExecutionPlan]>

    /// The most images at once: what they share beyond this many is little, and the buffers grow with them.
    private static let largestBatch = 8

    /// The embedding network of a model.
    ///
    /// - Throws: ``ModelPackageError`` when the network is refused or is not as the manifest states.
    convenience init(_ package: ModelPackage) throws(ModelPackageError) {
        let network = package.manifest.network
        guard let bytes = package.files[network.file] else { throw .missingFile(file: network.file) }
        try self.init(
            onnx: bytes, file: network.file, input: package.manifest.input, inputName: network.inputName,
            outputName: network.outputName, outputSize: network.embeddingSize,
            stated: "an embedding of \(network.embeddingSize) numbers")
    }

    /// - Parameters:
    ///   - file: the file's name in the package, for errors.
    ///   - inputName: the name of the network's input, and `outputName` that of its output; nil takes the only one.
    ///   - outputSize: how many numbers answer one image, which the manifest calls `stated`.
    init(
        onnx bytes: [UInt8], file: String, input manifestInput: NetworkInput, inputName statedInput: String? = nil,
        outputName statedOutput: String? = nil, outputSize: Int, stated: String
    ) throws(ModelPackageError) {
        do {
            network = try Network(onnx: bytes)
        } catch {
            throw .network(file: file, error)
        }
        let input = try Self.port(network.inputs, named: statedInput, "input", file: file)
        let output = try Self.port(network.outputs, named: statedOutput, "output", file: file)
        guard network.inputs.count == 1 else {
            throw .invalidFile(
                file: file, reason: "it takes \(network.inputs.count) inputs, and such a network takes one image")
        }
        try Self.check(input, against: manifestInput, file: file)
        inputName = input.name
        outputName = output.name
        inputTensor = InputTensor(manifestInput)
        embeddingSize = outputSize

        let single: ExecutionPlan
        do {
            single = try network.plan(inputShapes: [input.name: manifestInput.shape])
        } catch {
            throw .network(file: file, error)
        }
        let shape = single.outputs.first { $0.name == output.name }?.shape ?? []
        guard shape.reduce(1, *) == embeddingSize else {
            throw .invalidFile(
                file: file,
                reason:
                    "its output “\(output.name)” has the shape \(shape), and model.toml states \(stated)"
            )
        }
        var kept = [1: single], sizes = [1]
        // A network whose first axis is fixed, or folded into others on the way, takes its images one by one.
        if input.shape.first != .fixed(1),
            let several = Self.plan(network, inputName: input.name, input: manifestInput, batch: Self.largestBatch),
            let shape = several.outputs.first(where: { $0.name == output.name })?.shape,
            shape.first == Self.largestBatch, shape.reduce(1, *) == Self.largestBatch * embeddingSize
        {
            kept[Self.largestBatch] = several
            sizes = [Self.largestBatch, 4, 2, 1]
        }
        batchSizes = sizes
        plans = Mutex(kept)
    }

    /// The plan for a batch of one of ``batchSizes``.
    func plan(batch: Int) throws(NetworkError) -> ExecutionPlan {
        if let plan = plans.withLock({ $0[batch] }) { return plan }
        // Two workers may plan the same size at once; that costs time and nothing else.
        let plan = try network.plan(
            inputShapes: [inputName: Self.shape(inputTensor.input, batch: batch)], images: batch)
        plans.withLock { $0[batch] = plan }
        return plan
    }

    private static func shape(_ input: NetworkInput, batch: Int) -> [Int] {
        [batch] + input.shape.dropFirst()
    }

    private static func plan(_ network: Network, inputName: String, input: NetworkInput, batch: Int) -> ExecutionPlan? {
        try? network.plan(inputShapes: [inputName: shape(input, batch: batch)], images: batch)
    }

    private static func port(
        _ ports: [ValueInfo], named name: String?, _ role: String, file: String
    ) throws(ModelPackageError) -> ValueInfo {
        let names = ports.map { "“\($0.name)”" }.joined(separator: ", ")
        if let name {
            guard let port = ports.first(where: { $0.name == name }) else {
                throw .invalidFile(file: file, reason: "it has no \(role) “\(name)”; there are \(names)")
            }
            return port
        }
        guard let port = ports.first, ports.count == 1 else {
            throw .invalidFile(
                file: file,
                reason: "it has \(ports.count) \(role)s (\(names)); state under network.\(role) which one is meant")
        }
        return port
    }

    private static func check(
        _ declared: ValueInfo, against input: NetworkInput, file: String
    ) throws(ModelPackageError) {
        let stated = input.shape
        let fits =
            declared.shape.count == stated.count
            && zip(declared.shape, stated).allSatisfy { dimension, extent in
                if case .fixed(let fixed) = dimension { fixed == extent } else { true }
            }
        guard fits else {
            throw .invalidFile(
                file: file,
                reason:
                    "its input “\(declared.name)” has the shape [\(declared.shape.map(\.description).joined(separator: ", "))], and model.toml states \(stated) (\(input.layout.rawValue))"
            )
        }
        guard declared.elementType == .float else {
            throw .invalidFile(
                file: file,
                reason:
                    "its input “\(declared.name)” takes \(declared.elementType), and numbers of single precision are given"
            )
        }
    }
}
