// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport
import NeuralNet

/// `enroll model list`.
struct ModelListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the models in the folder.")

    @OptionGroup var options: ModelOptions

    func run() async throws {
        let list = try ModelList(options.installation().store)
        try options.output.print(list, text: list.text)
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
        if let cover = try installation.faceCover(named: argument.model) {
            let summary = FaceCoverSummary(cover)
            return try options.output.print(summary, text: summary.text)
        }
        let summary = installation.summary(of: try installation.entry(named: argument.model))
        try options.output.print(summary, text: summary.text)
        try StandardStream.standardError.write((await options.galleryModels()).difference(from: [summary]))
    }
}

/// `enroll model use`.
struct ModelUseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use",
        abstract: "Choose the model that the daemon works with, for its modality, from its next start on.")

    @OptionGroup var argument: ModelArgument
    @OptionGroup var options: ModelOptions

    func run() async throws {
        let installation = try options.installation()
        let used = try installation.use(try installation.entry(named: argument.model))
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
        let entry = try installation.entry(named: argument.model)
        let people = try PeopleFolder.sets(in: folder, areParents: sets, impostors: impostors)
        let calibrated = try await ProgressDisplay.during("calibrating") { progress in
            try await installation.recalibrate(entry, on: people, progress: progress)
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
        if let cover = try installation.faceCover(named: argument.model) {
            return try write(
                installation.load(cover).tarBytes(), of: cover.manifest.name, as: FaceCoverSummary(cover))
        }
        let entry = try installation.entry(named: argument.model)
        try write(
            installation.load(entry).tarBytes(), of: entry.manifest.name, as: installation.summary(of: entry))
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

    @Flag(help: "Remove it even if it is the chosen one, or the daemon's gallery needs it.")
    var force = false

    @OptionGroup var options: ModelOptions

    private struct Report<Model: Encodable>: Encodable {
        let removed: Model
    }

    func run() async throws {
        let installation = try options.installation()
        if let cover = try installation.faceCover(named: argument.model) {
            try installation.remove(cover)
            return try await options.print(
                Report(removed: FaceCoverSummary(cover)),
                text: PrintableText.of("\(cover.manifest.name) is removed: covered faces are not measured any more")
                    + "\n",
                of: installation)
        }
        let entry = try installation.entry(named: argument.model)
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
