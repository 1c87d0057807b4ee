// SPDX-License-Identifier: Apache-2.0

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
        discussion:
            "A running daemon takes up what was imported or chosen when it is reloaded: systemctl reload likenessd.",
        subcommands: [
            ModelImportCommand.self, ModelListCommand.self, ModelShowCommand.self, ModelUseCommand.self,
            ModelCalibrateCommand.self, ModelExportCommand.self, ModelRemoveCommand.self,
        ])
}

/// Which folder of models, and how results are printed.
struct ModelOptions: ParsableArguments {
    @OptionGroup var output: Output

    @Option(
        help: ArgumentHelp(
            "The folder of model packages.",
            discussion: """
                Without it: the system's, \(StandardPaths.system.models), when run as root, else that of a daemon of your own, \
                likeness/models in XDG_DATA_HOME or ~/.local/share.
                """, valueName: "folder"),
        completion: .directory)
    var models: String?

    /// Nil where nothing tells where models are.
    private func folder() throws(CommandFailure) -> ModelFolder? {
        if let models { return ModelFolder(named: try PlainPath.besideOthers(models)) }
        return StoreLocations.folder
    }

    func requiredFolder() throws -> ModelFolder {
        guard let folder = try folder() else {
            throw ValidationError(
                "neither HOME nor XDG_DATA_HOME tells where your models are; name a folder with --models")
        }
        return folder
    }

    func installation() throws -> ModelInstallation { ModelInstallation(store: try requiredFolder().store) }

    /// Looks for a package by a name, or a path that needs no folder; of one that is not there the failure says which
    /// folder that is.
    ///
    /// - Parameter body: with nil where nothing tells where models are.
    func lookingUp<Value>(_ body: (ModelStore?) throws -> Value) throws -> Value {
        guard let folder = try folder() else { return try body(nil) }
        return try folder.telling { try body(folder.store) }
    }

    /// The model that a name or the beginning of a digest means.
    func model(named name: String) throws -> ModelStore.Entry {
        let installation = try installation()
        return try requiredFolder().telling { try installation.entry(named: name) }
    }

    /// The same of a face-cover network too.
    func package(named name: String) throws -> StoredPackage {
        let installation = try installation()
        return try requiredFolder().telling { try installation.package(named: name) }
    }

    /// What the daemon's gallery is compared by, where a daemon answers.
    func galleryModels() async -> GalleryModels {
        guard let socket = try? DaemonOptions.socket() else { return GalleryModels([]) }
        return await GalleryModels(asking: DaemonClient(socket: socket, timeout: .seconds(2)))
    }

    /// Prints an outcome, and on standard error what has to be done with a daemon that runs.
    ///
    /// - Parameter imported: a model that has just come into the folder.
    func print(
        _ value: some Encodable, text: String, of installation: ModelInstallation, imported: ModelSummary? = nil,
        complaints: String = ""
    ) async throws {
        try output.print(value, text: text)
        try StandardStream.standardError.write(complaints)
        if let imported, let rotation = (await galleryModels()).rotation(to: imported),
            StoreLocations.isDaemons(installation.store.folder)
        {
            return try StandardStream.standardError.write("enroll: \(PrintableText.of(rotation))\n")
        }
        guard let hint = await StoreLocations.restartHint(for: installation.store.folder) else { return }
        try StandardStream.standardError.write("enroll: \(hint)\n")
    }
}

/// The stores that daemons look into.
enum StoreLocations {
    private static let usersOwn = StandardPaths.user(environment: GivenProcess.environment, user: geteuid())

    /// Where models are where no folder is named.
    static var folder: ModelFolder? {
        geteuid() == 0
            ? ModelFolder(of: .system, folder: StandardPaths.system.models, other: usersOwn?.models)
            : usersOwn.map { ModelFolder(of: .caller, folder: $0.models, other: StandardPaths.system.models) }
    }

    /// Whose store a folder is; nil where it is nobody's.
    private static func paths(of folder: String) -> StandardPaths? {
        [.system, usersOwn].compactMap { $0 }.first { URL(fileURLWithPath: $0.models) == URL(fileURLWithPath: folder) }
    }

    /// Whether the daemon that answers here looks into a folder, as far as can be told: its socket or its folder can
    /// have been named otherwise.
    static func isDaemons(_ folder: String) -> Bool {
        paths(of: folder) != nil || GivenProcess.environment["LIKENESS_SOCKET"] != nil
    }

    /// How to have the daemon take it up whose store this is; nil when it is nobody's, or none runs.
    static func restartHint(for folder: String) async -> String? {
        guard let paths = paths(of: folder) else { return nil }
        guard let trusted = try? DaemonOptions.trusted(option: nil) else { return nil }
        var isReachable = false
        for socket in [paths.socket] + paths.furtherSockets where !isReachable {
            isReachable = await DaemonClient(socket: SocketChoice(path: socket, trusted: trusted), timeout: .seconds(2))
                .isReachable()
        }
        guard isReachable else { return nil }
        return paths.isUsersOwn
            ? "your daemon takes it up on SIGHUP: pkill -HUP -u \"$(id -u)\" -x likenessd"
            : "the daemon takes it up when it is reloaded: systemctl reload likenessd"
    }
}

/// A model by its name or the beginning of its digest.
struct ModelArgument: ParsableArguments {
    @Argument(
        help: "The model's name, or the beginning of its digest (6 digits or more).",
        completion: completion, transform: TextArgument.checked)
    var model: String

    /// The names of the models in this user's folder, or for root in the system's.
    static let completion = CompletionKind.custom { (_: [String], _: Int, prefix: String) -> [String] in
        guard let contents = try? StoreLocations.folder?.store.contents() else { return [] }
        return CompletionCandidates.safe(contents.entries.map(\.manifest.name), prefix: prefix)
    }
}
