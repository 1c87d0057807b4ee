// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport
import NeuralNet
import Recognition

/// `enroll model list`.
struct ModelListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the models in the folder.")

    @OptionGroup var options: ModelOptions

    func run() async throws {
        let folder = try options.requiredFolder(), list = try ModelList(folder.store)
        try options.output.print(list, text: list.text)
        if list.isEmpty, let hint = folder.hint {
            try StandardStream.standardError.write("enroll: \(PrintableText.of("that folder is \(hint)"))\n")
        }
        try StandardStream.standardError.write(
            list.complaints + (await options.galleryModels()).difference(from: list.models))
    }
}

/// `enroll model show`.
struct ModelShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what a model is, where it comes from and its thresholds.")

    @OptionGroup var argument: ModelArgument
    @OptionGroup var options: ModelOptions

    func run() async throws {
        let installation = try options.installation()
        switch try options.package(named: argument.model) {
        case .faceCover(let cover):
            let summary = installation.summary(of: cover)
            try options.output.print(summary, text: summary.text)
        case .model(let entry):
            let summary = installation.summary(of: entry)
            try options.output.print(summary, text: summary.text)
            try StandardStream.standardError.write((await options.galleryModels()).difference(from: [summary]))
        }
    }
}

/// `enroll model use`.
struct ModelUseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use",
        abstract: "Choose the model that the daemon works with, for its modality, from its next reload on.")

    @OptionGroup var argument: ModelArgument
    @OptionGroup var options: ModelOptions

    func run() async throws {
        let installation = try options.installation()
        let used = try installation.use(try options.model(named: argument.model))
        try await options.print(
            used, text: used.text, of: installation,
            complaints: (await options.galleryModels()).difference(from: [used.model]))
    }
}

/// `enroll model calibrate`.
struct ModelCalibrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Measure a model's scores and thresholds on people of yours.",
        discussion: """
            The folder holds a folder for each person, with two or more images in it or in its folder genuine. The more \
            people, the smaller the false-match rates that can be told. Images in a person's folder forgery are skilled \
            forgeries: how many of them match is told beside each threshold, and where they are many enough to tell, there are \
            thresholds besides that let no more than 20, 10, 5, 2 or 1 % of them through. What is enrolled stays as it is.

            Several folders are several sets, such as one of each scanner; with --sets, the folder holds a folder for each set. \
            Each set then weighs the same, people are compared with others of their set, and the rates on each set are stated.

            With --impostors, false-match rates are measured on the people of that folder alone: many strangers with one image \
            each tell more of them than a few people with many. A threshold whose rate may be three times the stated one is \
            then left out.
            """)

    @OptionGroup var argument: ModelArgument

    @Argument(help: "A folder with a folder of images for each person, or several.", completion: .directory)
    var folder: [String]

    @Flag(help: "The folder holds a folder for each of several sets.")
    var sets = false

    @Option(
        help: "A folder with a folder of one or more images for each of many people, to measure false matches on.",
        completion: .directory)
    var impostors: String?

    @OptionGroup var cover: FaceCoverOptions
    @OptionGroup var options: ModelOptions

    func run() async throws {
        BLAS.restartWithVectorKernels()
        let installation = ModelInstallation(
            store: try options.installation().store, faceCover: try cover.faceCover.map { try PlainPath.of($0) })
        let entry = try options.model(named: argument.model)
        let people = try PeopleFolder.sets(in: folder, areParents: sets, impostors: impostors)
        let decoders = try PictureDecoders.find()
        defer { decoders.complain() }
        let calibrated = try await ProgressDisplay.during("calibrating") { progress in
            try await installation.recalibrate(entry, on: people, decoding: decoders, progress: progress)
        }
        try await options.print(
            calibrated, text: calibrated.text, of: installation, complaints: calibrated.calibration?.complaints ?? "")
    }
}

/// `enroll model export`.
struct ModelExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a model as one tar file, for another host or to keep.")

    @OptionGroup var argument: ModelArgument

    @Argument(help: "The tar file to make.", completion: .file(extensions: ["tar"]))
    var file: String

    @OptionGroup var options: ModelOptions

    private struct Report<Model: Encodable>: Encodable {
        let model: Model
        let file: String
        let bytes: Int
    }

    func run() async throws {
        let installation = try options.installation()
        switch try options.package(named: argument.model) {
        case .faceCover(let cover):
            try write(
                installation.load(cover).tarBytes(), of: cover.manifest.name, as: installation.summary(of: cover))
        case .model(let entry):
            try write(
                installation.load(entry).tarBytes(), of: entry.manifest.name, as: installation.summary(of: entry))
        }
    }

    private func write(_ bytes: [UInt8], of name: String, as model: some Encodable) throws {
        try OutputFile.write(bytes, to: file)
        try options.output.print(
            Report(model: model, file: EscapedBytes.printable(file), bytes: bytes.count),
            text: PrintableText.of("\(name) is written to \(EscapedBytes.printable(file)), \(bytes.count) bytes")
                + "\n")
    }
}

/// `enroll model remove`.
struct ModelRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a model from the folder.",
        discussion:
            "What was enrolled with it stays in the gallery, and is of no use without it: rotate the gallery to another one first (enroll rotate)."
    )

    @OptionGroup var argument: ModelArgument

    @Flag(
        help:
            "Remove it even if it is the chosen one, the one that covered faces are measured by, or the daemon's gallery needs it."
    )
    var force = false

    @OptionGroup var options: ModelOptions

    private struct Report<Model: Encodable>: Encodable {
        let removed: Model
    }

    func run() async throws {
        let installation = try options.installation()
        switch try options.package(named: argument.model) {
        case .faceCover(let cover):
            let removed = try installation.remove(cover, forced: force)
            let consequence = removed.used == true ? ": covered faces are not measured any more" : ""
            try await options.print(
                Report(removed: removed), text: PrintableText.of("\(removed.name) is removed\(consequence)") + "\n",
                of: installation)
        case .model(let entry):
            try await remove(entry, of: installation)
        }
    }

    private func remove(_ entry: ModelStore.Entry, of installation: ModelInstallation) async throws {
        if !force, let need = await options.galleryModels().need(of: entry.digest) {
            throw CommandFailure(
                .configuration, name: "ModelActive",
                message: "“\(entry.manifest.name)” is needed: \(need), or add --force")
        }
        let removed = try installation.remove(entry, forced: force)
        try await options.print(
            Report(removed: removed), text: PrintableText.of("\(removed.model.name) is removed") + "\n",
            of: installation)
    }
}
