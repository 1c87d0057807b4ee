import ArgumentParser
import DaemonSupport
import EnrollSupport
import Foundation
import Recognition

/// `enroll model`: what works on a folder of model packages, without the daemon.
struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Import, calibrate and choose the models that a daemon works with.",
        discussion: "A running daemon keeps the model it was started with until it is restarted.",
        subcommands: [
            ModelImportCommand.self, ModelListCommand.self, ModelShowCommand.self, ModelUseCommand.self,
            ModelCalibrateCommand.self, ModelExportCommand.self, ModelRemoveCommand.self,
        ])
}

/// Which folder of models, and how results are printed.
struct ModelOptions: ParsableArguments {
    @OptionGroup var output: Output

    @Option(
        name: [.long, .customLong("output")],
        help: ArgumentHelp(
            "The folder of model packages.",
            discussion: "Without it: the system's when run as root, else your own daemon's.", valueName: "folder"),
        completion: .directory)
    var models: String?

    /// Nil where nothing tells where models are.
    var store: ModelStore? { (models ?? StorePlaces.own?.models).map { ModelStore(folder: $0) } }

    func installation() throws -> ModelInstallation {
        guard let store else {
            throw ValidationError("neither HOME nor XDG_DATA_HOME tells where your models are; name a folder with --models")
        }
        return ModelInstallation(store: store)
    }

    /// What the daemon's gallery is compared by, where a daemon answers.
    func galleryModels() async -> GalleryModels {
        await GalleryModels(asking: DaemonClient(socket: DaemonOptions.socket(option: nil), timeout: .seconds(2)))
    }

    /// Prints an outcome, and on standard error what has to be done with a daemon that runs.
    func print(_ value: some Encodable, text: String, of installation: ModelInstallation, complaints: String = "") async throws {
        try output.print(value, text: text)
        try StandardStream.standardError.write(complaints)
        guard let hint = await StorePlaces.restartHint(for: installation.store.folder) else { return }
        try StandardStream.standardError.write("enroll: \(hint)\n")
    }
}

/// The stores that daemons look into.
enum StorePlaces {
    private static let usersOwn = StandardPlaces.user(environment: ProcessInfo.processInfo.environment, user: geteuid())

    /// Where a model goes that no folder is named for.
    static var own: StandardPlaces? { geteuid() == 0 ? .system : usersOwn }

    /// How to restart the daemon whose store this is; nil when it is nobody's, or none runs.
    static func restartHint(for folder: String) async -> String? {
        let places = [.system, usersOwn].compactMap { $0 }.first { URL(fileURLWithPath: $0.models) == URL(fileURLWithPath: folder) }
        guard let places else { return nil }
        let daemon = DaemonClient(socket: DaemonOptions.socket(option: places.socket), timeout: .seconds(2))
        guard access(places.socket, F_OK) == 0, await daemon.isReachable() else { return nil }
        return places.isUsersOwn
            ? "your daemon keeps the model it was started with: stop it and start likenessd --user again"
            : "the daemon keeps the model it was started with: systemctl restart likenessd"
    }
}

/// A model by its name or the beginning of its digest.
struct ModelArgument: ParsableArguments {
    @Argument(
        help: "The model's name, or the beginning of its digest (6 digits or more).",
        completion: completion)
    var model: String

    /// The names of the models in this user's folder, or for root in the system's.
    static let completion = CompletionKind.custom { (_: [String], _: Int, prefix: String) -> [String] in
        guard let folder = StorePlaces.own?.models, let contents = try? ModelStore(folder: folder).contents() else { return [] }
        return contents.entries.map(\.manifest.name).filter { $0.hasPrefix(prefix) }
    }
}
