// SPDX-License-Identifier: Apache-2.0

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
        public var normalize: Bool
        /// Of how many views of a face its embedding is the mean.
        public var views: EmbeddingViews
        /// The names of the network's input and output; nil takes the only one.
        public var inputName: String?
        public var outputName: String?

        public init(
            inputSize: Int? = nil, layout: NetworkInput.Layout? = nil, channels: NetworkInput.ChannelOrder = .rgb,
            mean: [Double] = [127.5], standardDeviation: [Double] = [127.5], normalize: Bool = true,
            views: EmbeddingViews = .face, inputName: String? = nil, outputName: String? = nil
        ) {
            self.inputSize = inputSize
            self.layout = layout
            self.channels = channels
            self.mean = mean
            self.standardDeviation = standardDeviation
            self.normalize = normalize
            self.views = views
            self.inputName = inputName
            self.outputName = outputName
        }
    }

    /// Makes the package, with ArcFace's alignment and no calibration, and checks that it can be used.
    ///
    /// - Parameters:
    ///   - name: 1–64 characters of a–z, A–Z, 0–9, `.`, `_` and `-`, the first a letter or digit.
    ///   - license: the terms the networks may be used under.
    ///   - source: where they come from.
    ///   - embedding: the embedding network as ONNX.
    ///   - detector: YuNet as ONNX, of fixed or of any size.
    /// - Throws: ``ModelPackageError`` that names the network and what is wrong with it or its statement.
    public static func makePackage(
        name: String, version: String = "1", license: String, source: String, embedding: [UInt8], detector: [UInt8],
        statement: Statement, detection: YuNetParameters = defaultDetection,
        quality: QualityLimits = .face(minimumDetection: minimumDetection)
    ) throws(ModelPackageError) -> ModelPackage {
        let network = try ImportedNetwork(
            onnx: embedding, file: embeddingFile, inputName: statement.inputName, outputName: statement.outputName)
        let input = try network.input(
            size: statement.inputSize.map { ($0, $0) }, layout: statement.layout, channels: statement.channels,
            mean: statement.mean, standardDeviation: statement.standardDeviation)
        guard input.width == input.height else {
            throw .invalidFile(
                file: embeddingFile,
                reason: "it takes images of \(input.width)×\(input.height) pixels, and aligned faces are square")
        }
        let manifest = try ModelManifest(
            name: name, version: version, modality: .face, license: license, source: source, input: input,
            network: EmbeddingNetwork(
                file: embeddingFile, inputName: statement.inputName, outputName: statement.outputName,
                embeddingSize: try network.embeddingSize(for: input),
                normalize: statement.normalize, views: statement.views),
            alignment: .arcFace, detector: FaceDetection(file: detectorFile, kind: .yuNet(detection)), quality: quality)
        let package = try ModelPackage(manifest: manifest, files: [embeddingFile: embedding, detectorFile: detector])
        // What a reader of the package would refuse is refused before it is written.
        _ = try ManifestText(parsing: package.text.tomlText)
        _ = try Recognizer(package: package)
        return package
    }
}
