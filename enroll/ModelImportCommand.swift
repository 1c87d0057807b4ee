// SPDX-License-Identifier: Apache-2.0

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
        subcommands: [
            ImportDlibCommand.self, ImportONNXCommand.self, ImportPackageCommand.self, ImportJoinedCommand.self,
        ])
}

/// What every import takes.
struct ImportOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Calibrate on these images: a folder with a folder for each person.", valueName: "folder"),
        completion: .directory)
    var calibrate: String?

    @Option(
        help: ArgumentHelp("The same as --models, for here something is written.", valueName: "folder"),
        completion: .directory)
    var output: String?

    @OptionGroup private var modelOptions: ModelOptions

    func validate() throws {
        guard output == nil || modelOptions.models == nil else {
            throw ValidationError("--output and --models both name the folder; leave one of them out")
        }
    }

    var options: ModelOptions {
        var options = modelOptions
        if let output { options.models = output }
        return options
    }

    func install(_ package: ModelPackage, keepsPresent: Bool) async throws {
        let installation = try options.installation()
        let decoders = try calibrate.map { _ in try PictureDecoders.find() }
        defer { decoders?.complain() }
        let people = calibrate.flatMap { folder in decoders.map { ModelInstallation.People(folder, decoding: $0) } }
        let installed = try await ProgressDisplay.during("calibrating") { progress in
            try await installation.install(
                package, calibratingOn: people, keepsPresent: keepsPresent, progress: progress)
        }
        try await options.print(
            installed, text: installed.text, of: installation, imported: installed.model,
            complaints: installed.calibration?.complaints ?? "")
    }
}

/// Of how many views of a face its embedding is the mean.
struct ViewOptions: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help:
            "Average the embeddings of a face and its mirror image; default: for faces. It doubles the network's time.")
    var mirror: Bool?

    @Option(
        help: ArgumentHelp(
            "Average over so many more views of a face, each turned, scaled or shifted a little, up to \(EmbeddingViews.range.upperBound).",
            valueName: "number"))
    var jitters = 0

    func validate() throws {
        guard EmbeddingViews.range.contains(jitters) else {
            throw ValidationError(
                "--jitters is a number from \(EmbeddingViews.range.lowerBound) to \(EmbeddingViews.range.upperBound)")
        }
    }

    var views: EmbeddingViews { EmbeddingViews(mirror: mirror ?? true, jitters: jitters) }
    var isGiven: Bool { mirror != nil || jitters != 0 }
}

/// `enroll model import dlib`.
struct ImportDlibCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dlib",
        abstract: "Import dlib's face networks, the files of the Python package face-recognition-models.",
        discussion: """
            The folder holds \(DlibKnownFile.allCases.map(\.rawValue).joined(separator: ", ")). They come with a \
            calibration; --calibrate replaces it by one of your own. With --no-mirror or --jitters they come without one.
            """)

    @Argument(help: "The folder with the three files.", completion: .directory)
    var folder: String

    @Flag(help: "Accept files that are not the published ones, if they have the same architecture.")
    var allowUnknownContent = false

    @OptionGroup var viewing: ViewOptions
    @OptionGroup var importing: ImportOptions

    func run() async throws {
        BLAS.restartWithVectorKernels()
        let package: ModelPackage
        do {
            package = try DlibImport.makePackage(
                modelsFolder: PlainPath.of(folder), allowingUnknownContent: allowUnknownContent
            ).modelPackage(views: viewing.views)
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
        let (status, name): (CommandStatus, String) =
            switch error {
            case .unreadableFile: (.noInput, "NoInputFile")
            case .unwritableNetwork: (.internalError, "Internal")
            case .oversizedFile, .unknownContent, .truncated, .unexpected, .trailingBytes, .inconsistent:
                (.badData, "FileRefused")
            }
        self.init(status, name: name, message: error.description)
    }
}

/// `enroll model import package`.
struct ImportPackageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "package", abstract: "Import a model package, a folder or a tar file of enroll model export.",
        discussion: """
            A face-cover network, such as models/face-cover of the sources, is imported so too: the daemon then measures by it \
            whether faces are covered. It takes the place of another one of its name; one of another name has to be removed first.
            """)

    @Argument(help: "The package's folder or tar file.", completion: .file(extensions: ["tar"]))
    var package: String

    @OptionGroup var importing: ImportOptions

    func run() async throws {
        BLAS.restartWithVectorKernels()
        let loaded: ModelPackage
        let package = try PlainPath.of(package)
        if let cover = try FaceCoverLocation.find(package, store: nil) { return try await install(cover) }
        do throws(ModelPackageError) {
            loaded = try ModelPackage.load(from: package)
            _ = try Recognizer(package: loaded)
        } catch {
            throw CommandFailure(error)
        }
        try await importing.install(loaded, keepsPresent: false)
    }

    private func install(_ cover: FaceCoverPackage) async throws {
        guard importing.calibrate == nil else {
            throw ValidationError("a face-cover network has no calibration; leave out --calibrate")
        }
        let installation = try importing.options.installation()
        let summary = try installation.install(cover)
        try await importing.options.print(summary, text: summary.installedText, of: installation)
    }
}

/// `enroll model import joined`.
struct ImportJoinedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "joined",
        abstract:
            "Import several model packages as one: their networks see the same image, and their squared distances are averaged.",
        discussion: """
            Networks that were trained apart err apart: together they are more often right than each of them, and take as long as \
            all of them. The packages have to prepare images alike; of images of several sizes the largest is taken, and made \
            smaller for the other networks. The joined model has no calibration; run enroll model calibrate, or give \
            --calibrate.
            """)

    @Argument(help: "The packages' folders or tar files, two or more.", completion: .file(extensions: ["tar"]))
    var packages: [String]

    @Option(help: "The joined model's name; default: that of the first.", transform: TextArgument.checked)
    var name: String?

    @Option(help: "The joined model's version; default: that of the first.", transform: TextArgument.checked)
    var version: String?

    @OptionGroup var importing: ImportOptions

    func validate() throws {
        guard packages.count >= 2 else { throw ValidationError("name two packages or more") }
    }

    func run() async throws {
        BLAS.restartWithVectorKernels()
        let joined: ModelPackage
        let paths = try packages.map { try PlainPath.of($0) }
        do throws(ModelPackageError) {
            var members: [ModelPackage] = []
            for path in paths { members.append(try ModelPackage.load(from: path)) }
            joined = try ModelPackage.sideBySide(
                members, name: name ?? members[0].manifest.name, version: version ?? members[0].manifest.version)
            _ = try Recognizer(package: joined)
        } catch {
            throw CommandFailure(error)
        }
        try await importing.install(joined, keepsPresent: true)
    }
}
