import NeuralNet

/// Makes a model package of any face-embedding network in ONNX and a YuNet detector.
public enum FaceModelImport {
    /// The file names in the packages made here.
    public static let embeddingFile = "embed.onnx"
    public static let detectorFile = "detect.onnx"

    /// How YuNet is used unless stated otherwise: images are looked at with a longer side of 320 to 640 pixels.
    ///
    /// On all 400 images of the AT&T (ORL) set, enlarged so from 92×112, it finds one face and no second, none
    /// below a confidence of 0.89; a network of fixed size sets an upper limit of its own.
    public static let defaultDetection = YuNetParameters(
        minimumConfidence: 0.6, overlapUnion: 0.3, scale: DetectionScale(maximumSide: 640, enlargeBelow: 320))

    /// Confidences of YuNet below this support no decision.
    public static let minimumDetection = 0.75

    /// What an ONNX file does not say of itself.
    public struct Statement: Sendable, Hashable {
        /// The side of the square image that the network takes, in pixels; nil takes it from the network.
        public var inputSize: Int?
        /// Where the channels stand; nil takes it from the network.
        public var layout: NetworkInput.Layout?
        public var channels: NetworkInput.ChannelOrder
        /// A number is `(pixel − mean) / standardDeviation` with pixels in 0…255, by the network's channels; one
        /// value stands for all of them.
        public var mean: [Double]
        public var standardDeviation: [Double]
        /// Whether each embedding is scaled to length 1, as networks trained with an angular margin want.
        public var normalise: Bool
        /// The names of the network's input and output; nil takes the only one.
        public var inputName: String?
        public var outputName: String?

        public init(
            inputSize: Int? = nil, layout: NetworkInput.Layout? = nil, channels: NetworkInput.ChannelOrder = .rgb,
            mean: [Double] = [127.5], standardDeviation: [Double] = [127.5], normalise: Bool = true,
            inputName: String? = nil, outputName: String? = nil
        ) {
            self.inputSize = inputSize
            self.layout = layout
            self.channels = channels
            self.mean = mean
            self.standardDeviation = standardDeviation
            self.normalise = normalise
            self.inputName = inputName
            self.outputName = outputName
        }
    }

    /// Makes the package, with ArcFace's alignment and no calibration, and checks that it can be used.
    ///
    /// - Parameters:
    ///   - name: 1–64 characters of a–z, A–Z, 0–9, `.`, `_` and `-`, the first a letter or digit.
    ///   - licence: the terms the networks may be used under.
    ///   - source: where they come from.
    ///   - embedding: the embedding network as ONNX.
    ///   - detector: YuNet as ONNX, of fixed or of any size.
    /// - Throws: ``ModelPackageError`` that names the network and what is wrong with it or its statement.
    public static func makePackage(
        name: String, version: String = "1", licence: String, source: String, embedding: [UInt8], detector: [UInt8],
        statement: Statement, detection: YuNetParameters = defaultDetection,
        quality: QualityLimits = .face(minimumDetection: minimumDetection)
    ) throws(ModelPackageError) -> ModelPackage {
        let network: Network
        do {
            network = try Network(onnx: embedding)
        } catch {
            throw .network(file: embeddingFile, error)
        }
        let image = try port(network.inputs, named: statement.inputName, "input")
        let output = try port(network.outputs, named: statement.outputName, "output")
        let input = try input(of: image, statement)
        let manifest = try ModelManifest(
            name: name, version: version, modality: .face, licence: licence, source: source, input: input,
            network: EmbeddingNetwork(
                file: embeddingFile, inputName: statement.inputName, outputName: statement.outputName,
                embeddingSize: try embeddingSize(network, input: input, inputName: image.name, outputName: output.name),
                normalise: statement.normalise),
            alignment: .arcFace, detector: FaceDetection(file: detectorFile, kind: .yuNet(detection)), quality: quality)
        let package = try ModelPackage(manifest: manifest, files: [embeddingFile: embedding, detectorFile: detector])
        // What a reader of the package would refuse is refused before it is written.
        _ = try ManifestText(parsing: package.text.tomlText)
        _ = try Recognizer(package: package)
        return package
    }

    private static func port(
        _ ports: [ValueInfo], named name: String?, _ role: String
    ) throws(ModelPackageError) -> ValueInfo {
        let names = ports.map { "“\($0.name)”" }.joined(separator: ", ")
        let matching = name.map { name in ports.filter { $0.name == name } } ?? ports
        guard let port = matching.first, matching.count == 1 else {
            throw .invalidFile(
                file: embeddingFile,
                reason: name.map { "it has no \(role) “\($0)”; there are \(names)" }
                    ?? "it has \(ports.count) \(role)s (\(names)); state which one is meant")
        }
        return port
    }

    private static func input(of image: ValueInfo, _ statement: Statement) throws(ModelPackageError) -> NetworkInput {
        func refusal(_ reason: String) -> ModelPackageError { .invalidFile(file: embeddingFile, reason: reason) }
        let shape = image.shape, count = statement.channels.count
        let text = "[" + shape.map(\.description).joined(separator: ", ") + "]"
        guard shape.count == 4 else {
            throw refusal("its input “\(image.name)” has the shape \(text), and a batch of images has four axes")
        }
        let layouts = (statement.layout.map { [$0] } ?? NetworkInput.Layout.allCases).filter { layout in
            guard case .fixed(let channels) = layout == .nchw ? shape[1] : shape[3] else { return statement.layout != nil }
            return channels == count
        }
        guard let layout = layouts.first else {
            throw refusal(
                "its input “\(image.name)” has the shape \(text), where no axis has the \(count) channel\(count == 1 ? "" : "s") of “\(statement.channels.rawValue)”; state the channels and the layout of this network")
        }
        let sides = layout == .nchw ? [shape[2], shape[3]] : [shape[1], shape[2]]
        let fixed = sides.compactMap { dimension -> Int? in
            if case .fixed(let extent) = dimension { extent } else { nil }
        }
        guard let side = statement.inputSize ?? fixed.first else {
            throw refusal("it takes images of any size, \(text); state the size it was trained on")
        }
        guard fixed.allSatisfy({ $0 == side }) else {
            throw refusal(
                "its input “\(image.name)” has the shape \(text), and \(side)×\(side) pixels are \(statement.inputSize == nil ? "needed, because aligned faces are square" : "stated")")
        }
        return NetworkInput(
            width: side, height: side, layout: layout, channels: statement.channels,
            mean: try perChannel(statement.mean, count: count, key: "mean"),
            standardDeviation: try perChannel(statement.standardDeviation, count: count, key: "standard_deviation"))
    }

    private static func perChannel(_ values: [Double], count: Int, key: String) throws(ModelPackageError) -> [Double] {
        if values.count == 1 { return Array(repeating: values[0], count: count) }
        guard values.count == count else {
            throw .invalidValue(
                key: key, found: "\(values.count) numbers", expected: "one number, or one for each of the \(count) channels")
        }
        return values
    }

    private static func embeddingSize(
        _ network: Network, input: NetworkInput, inputName: String, outputName: String
    ) throws(ModelPackageError) -> Int {
        do {
            let plan = try network.plan(inputShapes: [inputName: input.shape])
            return plan.outputs.first { $0.name == outputName }?.shape.reduce(1, *) ?? 0
        } catch {
            throw .network(file: embeddingFile, error)
        }
    }
}
