// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Biometrics
import EnrollSupport
import Foundation
import NeuralNet
import Recognition

extension NetworkInput.Layout: ExpressibleByArgument {}
extension NetworkInput.ChannelOrder: ExpressibleByArgument {}
extension SignaturePreparation.Ink: ExpressibleByArgument {}

/// One number, or several with commas between them.
struct Numbers: ExpressibleByArgument {
    let values: [Double]

    init(_ values: [Double]) {
        self.values = values
    }

    init?(argument: String) {
        guard let values = NumberList.numbers(argument) else { return nil }
        self.values = values
    }

    var defaultValueDescription: String { values.map { "\($0)" }.joined(separator: ",") }
}

/// `112x112`.
struct PixelSize: ExpressibleByArgument {
    let width: Int
    let height: Int

    init?(argument: String) {
        guard let size = NumberList.size(argument) else { return nil }
        (width, height) = size
    }
}

/// `enroll model import onnx`.
struct ImportONNXCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "onnx",
        abstract: "Import an embedding network in ONNX, for faces with a YuNet detector.",
        discussion: """
            A network does not tell how its pixels were prepared in training: state it as its authors do. A number of \
            the input is (pixel − mean) / std, with pixels from 0 to 255. A signature is given as bright ink on a black \
            canvas, cut out of its paper; a glyph as it is, in grey. Weights in files beside the network are read as well.
            """)

    @Argument(help: "The embedding network.", completion: .file(extensions: ["onnx"]))
    var network: String

    @Option(help: "The YuNet detector of a face model.", completion: .file(extensions: ["onnx"]))
    var detector: String?

    @Option(help: "What the network embeds: \(Modality.allCases.map(\.rawValue).joined(separator: ", ")).")
    var modality: Modality = .face

    @Option(help: "The model's name: letters, digits, “.”, “_” and “-”.", transform: TextArgument.checked)
    var name: String

    @Option(help: "The model's version.", transform: TextArgument.checked)
    var version = "1"

    @Option(help: "Mean of each channel, with commas, or one for all; default: 127.5 for faces, else 0.")
    var mean: Numbers?

    @Option(
        help: "Standard deviation of each channel, with commas, or one for all; default: 127.5 for faces, else 255.")
    var std: Numbers?

    @Option(
        help: ArgumentHelp(
            "Order of the channels: \(NetworkInput.ChannelOrder.allCases.map(\.rawValue).joined(separator: ", ")); default: RGB for faces, else gray or RGB as the network states."
        ))
    var channels: NetworkInput.ChannelOrder?

    @Option(help: "Axes of the input, NCHW or NHWC; default: what the network states.")
    var layout: NetworkInput.Layout?

    @Option(
        help: ArgumentHelp(
            "Pixels of the network's image, width and height, such as 112x112; default: what the network states.",
            valueName: "size"))
    var size: PixelSize?

    @Option(
        help: ArgumentHelp(
            "The output of the embedding network that is the embedding, where there are several.", valueName: "name"),
        transform: TextArgument.checked)
    var embeddingOutput: String?

    @Flag(
        name: .customLong("normalise"), inversion: .prefixedNo,
        help: "Bring every embedding to length 1; default: for faces.")
    var normalize: Bool?

    @Option(help: "Ink of signatures: grey, or binary for all ink alike; default: grey.")
    var ink: SignaturePreparation.Ink?

    @Flag(help: "Signatures: resize the whole picture, instead of the ink on a canvas.")
    var wholePicture = false

    @Option(
        name: .customLong("licence"), help: "The terms of use, as an SPDX expression.", transform: TextArgument.checked)
    var license = "NOASSERTION"

    @Option(help: "Where the networks come from; default: their file names.", transform: TextArgument.checked)
    var source: String?

    @OptionGroup var viewing: ViewOptions
    @OptionGroup var importing: ImportOptions

    func validate() throws {
        if modality != .face, viewing.isGiven {
            throw ValidationError(
                "--mirror and --jitters are for faces; leave them out for a \(modality.rawValue) model")
        }
        if modality == .face {
            guard detector != nil else { throw ValidationError("a face model needs a YuNet detector: --detector FILE") }
            if let size, size.width != size.height {
                throw ValidationError("aligned faces are square; --size takes the same number twice, such as 112x112")
            }
        } else if detector != nil {
            throw ValidationError("--detector is for faces; a \(modality.rawValue) model has none")
        }
        if modality != .signature, ink != nil || wholePicture {
            throw ValidationError("--ink and --whole-picture are for signatures; add --modality signature")
        }
        if wholePicture, ink != nil {
            throw ValidationError(
                "--ink says how ink is put on the canvas, and --whole-picture uses none; leave one of them out")
        }
    }

    func run() async throws {
        BLAS.restartWithVectorKernels()
        let package: ModelPackage
        do {
            let embedding = try NetworkFile.read(network)
            package =
                switch modality {
                case .face: try facePackage(embedding)
                case .signature:
                    try ImageModelImport.makeSignaturePackage(
                        name: name, version: version, license: license, source: source ?? defaultSource,
                        embedding: embedding,
                        statement: imageStatement, ink: wholePicture ? nil : ink ?? .gray)
                case .glyph:
                    try ImageModelImport.makeGlyphPackage(
                        name: name, version: version, license: license, source: source ?? defaultSource,
                        embedding: embedding,
                        statement: imageStatement)
                }
        } catch let error as ModelPackageError {
            throw CommandFailure(importing: error, from: fileNames)
        } catch {
            throw CommandFailure(error)
        }
        try await importing.install(package, keepsPresent: true)
    }

    private func facePackage(_ embedding: [UInt8]) throws -> ModelPackage {
        var statement = FaceModelImport.Statement(
            inputSize: size?.width, layout: layout, views: viewing.views, outputName: embeddingOutput)
        if let channels { statement.channels = channels }
        if let mean { statement.mean = mean.values }
        if let std { statement.standardDeviation = std.values }
        if let normalize { statement.normalize = normalize }
        return try FaceModelImport.makePackage(
            name: name, version: version, license: license, source: source ?? defaultSource, embedding: embedding,
            detector: try NetworkFile.read(detector ?? ""), statement: statement)
    }

    private var imageStatement: ImageModelImport.Statement {
        var statement = ImageModelImport.Statement(
            width: size?.width, height: size?.height, layout: layout, channels: channels, outputName: embeddingOutput)
        if let mean { statement.mean = mean.values }
        if let std { statement.standardDeviation = std.values }
        if let normalize { statement.normalize = normalize }
        return statement
    }

    /// What the user calls the files that the package holds.
    private var fileNames: [String: String] {
        var names = [ImageModelImport.embeddingFile: network]
        if let detector { names[FaceModelImport.detectorFile] = detector }
        return names
    }

    private var defaultSource: String {
        [network, detector].compactMap { $0 }.map { EscapedBytes.printable(PlainPath.lastName($0)) }.joined(
            separator: ", ")
    }
}
