import ArgumentParser
import Biometrics
import EnrollSupport
import Foundation
import Recognition

extension NetworkInput.Layout: ExpressibleByArgument {}
extension NetworkInput.ChannelOrder: ExpressibleByArgument {}

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
        abstract: "Import a face-embedding network and a YuNet detector, both ONNX.",
        discussion: """
            A network does not tell how its pixels were prepared in training: state it as its authors do. A number of \
            the input is (pixel − mean) / std, with pixels from 0 to 255.
            """)

    @Argument(help: "The embedding network.", completion: .file(extensions: ["onnx"]))
    var network: String

    @Option(help: "The YuNet detector.", completion: .file(extensions: ["onnx"]))
    var detector: String

    @Option(help: "What the network embeds; face is what this version imports.")
    var modality: Modality = .face

    @Option(help: "The model's name: letters, digits, “.”, “_” and “-”.")
    var name: String

    @Option(help: "The model's version.")
    var version = "1"

    @Option(help: "Mean of each channel, with commas, or one for all.")
    var mean = Numbers([127.5])

    @Option(help: "Standard deviation of each channel, with commas, or one for all.")
    var std = Numbers([127.5])

    @Option(help: "Order of the channels: \(NetworkInput.ChannelOrder.allCases.map(\.rawValue).joined(separator: ", ")).")
    var channels: NetworkInput.ChannelOrder = .rgb

    @Option(help: "Axes of the input, NCHW or NHWC; default: what the network states.")
    var layout: NetworkInput.Layout?

    @Option(help: ArgumentHelp("Pixels of the aligned face, such as 112x112; default: what the network states.", valueName: "size"))
    var size: PixelSize?

    @Flag(inversion: .prefixedNo, help: "Bring every embedding to length 1.")
    var normalise = true

    @Option(help: "The terms of use, as an SPDX expression.")
    var licence = "NOASSERTION"

    @Option(help: "Where the networks come from; default: their file names.")
    var source: String?

    @OptionGroup var importing: ImportOptions

    func validate() throws {
        if let size, size.width != size.height {
            throw ValidationError("aligned faces are square; --size takes the same number twice, such as 112x112")
        }
    }

    func run() async throws {
        let package: ModelPackage
        do {
            guard modality == .face else { throw ModelPackageError.unsupportedModality(modality) }
            package = try FaceModelImport.makePackage(
                name: name, version: version, licence: licence, source: source ?? defaultSource,
                embedding: try InputFile.read(network, as: .network), detector: try InputFile.read(detector, as: .network),
                statement: FaceModelImport.Statement(
                    inputSize: size?.width, layout: layout, channels: channels, mean: mean.values,
                    standardDeviation: std.values, normalise: normalise))
        } catch {
            throw CommandFailure(error)
        }
        try await importing.install(package, keepsPresent: true)
    }

    private var defaultSource: String {
        [network, detector].map { URL(fileURLWithPath: $0).lastPathComponent }.joined(separator: ", ")
    }
}
