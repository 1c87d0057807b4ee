// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// Makes a model package of any network in ONNX that embeds signatures or glyphs.
public enum ImageModelImport {
    /// The file name in the packages made here.
    public static let embeddingFile = "embed.onnx"

    /// What an ONNX file does not say of itself.
    public struct Statement: Sendable, Hashable {
        /// The size of the images that the network takes, in pixels; nil takes it from the network.
        public var width: Int?
        public var height: Int?
        /// Where the channels stand, and their order; nil takes it from the network, and three channels as RGB.
        public var layout: NetworkInput.Layout?
        public var channels: NetworkInput.ChannelOrder?
        /// A number is `(pixel − mean) / standardDeviation` with pixels in 0…255, by the network's channels; one
        /// value stands for all of them.
        public var mean: [Double]
        public var standardDeviation: [Double]
        /// Whether each embedding is scaled to length 1.
        public var normalize: Bool
        /// The names of the network's input and output; nil takes the only one.
        public var inputName: String?
        public var outputName: String?

        /// Unless stated otherwise, numbers are in 0…1 and embeddings are left as they are.
        public init(
            width: Int? = nil, height: Int? = nil, layout: NetworkInput.Layout? = nil,
            channels: NetworkInput.ChannelOrder? = nil, mean: [Double] = [0], standardDeviation: [Double] = [255],
            normalize: Bool = false, inputName: String? = nil, outputName: String? = nil
        ) {
            self.width = width
            self.height = height
            self.layout = layout
            self.channels = channels
            self.mean = mean
            self.standardDeviation = standardDeviation
            self.normalize = normalize
            self.inputName = inputName
            self.outputName = outputName
        }
    }

    /// Makes the package of a network that embeds signatures, without calibration, and checks that it can be used.
    ///
    /// - Parameters:
    ///   - name: 1–64 characters of a–z, A–Z, 0–9, `.`, `_` and `-`, the first a letter or digit.
    ///   - license: the terms the network may be used under.
    ///   - source: where it comes from.
    ///   - embedding: the network as ONNX.
    ///   - ink: how ``SignaturePreparation`` gives it the ink; nil resizes the whole picture instead.
    /// - Throws: ``ModelPackageError`` that says what is wrong with the network or its statement.
    public static func makeSignaturePackage(
        name: String, version: String = "1", license: String, source: String, embedding: [UInt8],
        statement: Statement = Statement(), ink: SignaturePreparation.Ink? = .gray
    ) throws(ModelPackageError) -> ModelPackage {
        try makePackage(
            .signature, name: name, version: version, license: license, source: source, embedding: embedding,
            statement: statement,
            alignment: ink.map(SampleAlignment.signatureCanvas) ?? .none,
            quality: ink == nil ? QualityLimits() : .signature)
    }

    /// Makes the package of a network that embeds whole pictures; otherwise as for signatures.
    public static func makeGlyphPackage(
        name: String, version: String = "1", license: String, source: String, embedding: [UInt8],
        statement: Statement = Statement()
    ) throws(ModelPackageError) -> ModelPackage {
        try makePackage(
            .glyph, name: name, version: version, license: license, source: source, embedding: embedding,
            statement: statement,
            alignment: .none, quality: QualityLimits())
    }

    private static func makePackage(
        _ modality: Modality, name: String, version: String, license: String, source: String, embedding: [UInt8],
        statement: Statement, alignment: SampleAlignment, quality: QualityLimits
    ) throws(ModelPackageError) -> ModelPackage {
        let network = try ImportedNetwork(
            onnx: embedding, file: embeddingFile, inputName: statement.inputName, outputName: statement.outputName)
        let size: (width: Int, height: Int)? =
            switch (statement.width, statement.height) {
            case (nil, nil): nil
            case (let width?, let height?): (width, height)
            case (let side?, nil), (nil, let side?): (side, side)
            }
        let input = try network.input(
            size: size, layout: statement.layout, channels: statement.channels, mean: statement.mean,
            standardDeviation: statement.standardDeviation)
        let manifest = try ModelManifest(
            name: name, version: version, modality: modality, license: license, source: source, input: input,
            network: EmbeddingNetwork(
                file: embeddingFile, inputName: statement.inputName, outputName: statement.outputName,
                embeddingSize: try network.embeddingSize(for: input), normalize: statement.normalize),
            alignment: alignment, quality: quality)
        let package = try ModelPackage(manifest: manifest, files: [embeddingFile: embedding])
        // What a reader of the package would refuse is refused before it is written.
        _ = try ManifestText(parsing: package.text.tomlText)
        _ = try Recognizer(package: package)
        return package
    }
}
