// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import NeuralNet
import Recognition
import Wording

/// What a model or a network consists of: `model`, null for a network alone, {`name`, `version`, `modality`, `digest`,
/// `license`, `source`, `embedding_size`, `calibration_set`, `operating_points`}, and `networks`.
public struct InspectionReport: Sendable, Encodable {
    public struct Model: Sendable, Encodable {
        public let name: String
        public let version: String
        public let modality: String
        public let digest: String
        public let license: String
        public let source: String
        public let embeddingSize: Int
        /// Empty where the model is not calibrated.
        public let calibrationSet: String
        public let operatingPoints: [WireOperatingPoint]

        private enum CodingKeys: String, CodingKey {
            case name, version, modality, digest, license = "licence", source, embeddingSize = "embedding_size"
            case calibrationSet = "calibration_set", operatingPoints = "operating_points"
        }
    }

    public struct Port: Sendable, Encodable {
        public let name: String
        /// Numbers, and names of what is not fixed.
        public let shape: [String]

        init(_ value: ValueInfo) {
            name = value.name
            shape = value.shape.map(\.description)
        }
    }

    public struct Layer: Sendable, Encodable {
        public let name: String
        public let `operator`: String
        public let output: [Int]
        public let parameters: Int
        public let multiplyAdds: Int

        private enum CodingKeys: String, CodingKey {
            case name, `operator`, output, parameters, multiplyAdds = "multiply_adds"
        }
    }

    public struct Network: Sendable, Encodable {
        public let file: String
        public let bytes: Int
        public let opset: Int
        public let inputs: [Port]
        public let outputs: [Port]
        public let operators: [String: Int]
        public let parameters: Int
        /// For one image; null where the size of images is not fixed.
        public let multiplyAdds: Int?
        public let layers: [Layer]

        private enum CodingKeys: String, CodingKey {
            case file, bytes, opset, inputs, outputs, operators, parameters, multiplyAdds = "multiply_adds", layers
        }
    }

    public let model: Model?
    /// Null for all but a face-cover network's package.
    public let faceCover: FaceCoverSummary?
    public let networks: [Network]

    private enum CodingKeys: String, CodingKey {
        case model, faceCover = "face_cover", networks
    }

    /// - Parameters:
    ///   - name: an ONNX file, or what ``ModelLocation`` takes.
    ///   - store: where names are looked up.
    public init(_ name: String, store: ModelStore?) throws(CommandFailure) {
        guard (name as NSString).pathExtension.lowercased() != "onnx" else {
            model = nil
            faceCover = nil
            let (graph, bytes) = try NetworkFile.graph(name)
            networks = [try Self.network(graph, bytes: bytes, file: EscapedBytes.printable(name))]
            return
        }
        if let cover = try FaceCoverLocation.find(PlainPath.of(name), store: store) {
            model = nil
            faceCover = FaceCoverSummary(cover)
            networks = [try Self.network(cover.network, file: cover.manifest.file)]
            return
        }
        faceCover = nil
        let package = try ModelLocation.load(PlainPath.of(name), store: store)
        let manifest = package.manifest
        model = Model(
            name: manifest.name, version: manifest.version, modality: manifest.modality.rawValue,
            digest: package.digest.hexadecimal,
            license: manifest.license, source: manifest.source, embeddingSize: manifest.network.embeddingSize,
            calibrationSet: manifest.calibration?.set ?? "",
            operatingPoints: manifest.calibration.map(ModelSummary.operatingPoints) ?? [])
        var networks: [Network] = []
        for (file, bytes) in package.files.sorted(by: { $0.key < $1.key }) where file.hasSuffix(".onnx") {
            networks.append(try Self.network(bytes, file: file))
        }
        self.networks = networks
    }

    private static func network(_ bytes: [UInt8], file: String) throws(CommandFailure) -> Network {
        let graph: Graph
        do throws(NetworkError) {
            graph = try Graph(onnx: bytes)
        } catch {
            throw refusal(error, file: file)
        }
        return try network(graph, bytes: bytes.count, file: file)
    }

    private static func refusal(_ error: NetworkError, file: String) -> CommandFailure {
        CommandFailure(
            .configuration, name: "ModelRefused", message: "\(file): the network is refused: \(error.description)")
    }

    private static func network(_ graph: Graph, bytes: Int, file: String) throws(CommandFailure) -> Network {
        do throws(NetworkError) {
            let summary = try NetworkSummary(graph: graph)
            return Network(
                file: file, bytes: bytes, opset: summary.opsetVersion, inputs: summary.inputs.map(Port.init),
                outputs: summary.outputs.map(Port.init), operators: summary.operators, parameters: summary.parameters,
                multiplyAdds: summary.multiplyAdds,
                layers: summary.layers.map {
                    Layer(
                        name: $0.name, operator: $0.operatorType, output: $0.outputShape, parameters: $0.parameters,
                        multiplyAdds: $0.multiplyAdds)
                })
        } catch {
            throw refusal(error, file: file)
        }
    }

    public var text: String {
        let head = model.map { model in
            PrintableText.of("\(model.name) \(model.version)") + "\n"
                + FieldList.text([
                    ("modality", model.modality), ("digest", model.digest),
                    ("embedding", "\(model.embeddingSize) numbers"),
                    ("licence", model.license), ("source", model.source),
                    ("calibrated on", model.calibrationSet.isEmpty ? "nothing" : model.calibrationSet),
                ]) + OperatingPointTable.text(model.operatingPoints)
        }
        return ([head, faceCover?.text].compactMap { $0 } + networks.map(Self.text)).joined(separator: "\n")
    }

    private static func text(_ network: Network) -> String {
        let ports = { (ports: [Port]) in
            ports.map { "\($0.name) [\($0.shape.joined(separator: ", "))]" }.joined(separator: "\n")
        }
        let operators = network.operators.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
            "\($0.value) \($0.key)"
        }
        let fields = FieldList.text([
            ("size", NumberText.bytes(network.bytes)), ("operator set", "\(network.opset)"),
            ("inputs", ports(network.inputs)),
            ("outputs", ports(network.outputs)), ("operators", operators.joined(separator: ", ")),
            ("parameters", "\(network.parameters)"),
            ("multiply-adds", network.multiplyAdds.map { "\($0) for one image" } ?? "depend on the size of the image"),
        ])
        guard !network.layers.isEmpty else { return PrintableText.of(network.file) + "\n" + fields }
        let table = TextTable(
            columns: [
                .init("LAYER"), .init("OPERATOR"), .init("OUTPUT"), .init("PARAMETERS", .right),
                .init("MULTIPLY-ADDS", .right),
            ],
            rows: network.layers.map {
                [
                    $0.name, $0.operator, $0.output.map { "\($0)" }.joined(separator: "×"), "\($0.parameters)",
                    $0.multiplyAdds > 0 ? "\($0.multiplyAdds)" : "",
                ]
            })
        return PrintableText.of(network.file) + "\n" + fields
            + table.text.split(separator: "\n").map { "  \($0)\n" }.joined()
    }
}
