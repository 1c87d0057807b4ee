// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport
import NeuralNet
import Recipes
import Recognition

extension PureInk.Stroke: ExpressibleByArgument {}

/// `1,3,5`.
struct ReferenceCounts: ExpressibleByArgument {
    let values: [Int]

    init(_ values: [Int]) {
        self.values = values
    }

    init?(argument: String) {
        guard let values = EvaluationOptions.references(argument) else { return nil }
        self.values = values
    }

    var defaultValueDescription: String { values.map { "\($0)" }.joined(separator: ",") }
}

/// `enroll evaluate`.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure how well a model tells identities apart, on images of yours.",
        discussion: """
            The data are a folder with a folder of images for each identity (those in its folders genuine and forgery, \
            or in itself), or a CSV file of rows image1,image2,label, where label 1 is the same identity. \
            Identities are enrolled from each number of references, drawn several times; their other images, those of \
            other identities (random impostors) and forgeries of them (skilled) are compared with that, each kind \
            apart, with one threshold for all identities. Intervals are found by drawing identities with replacement.

            Several folders are several sets, such as one of each scanner; with --sets, each folder holds a folder for each set. \
            Impostors are then of the same set, and of all sets together each weighs the same.
            """)

    @Argument(
        help: """
            A package's folder or tar file, a name in the folder of models, or the run of a cross-validation: then each \
            identity is measured by the network that did not see it, and a set is the source of the same folder or name.
            """, completion: .directory)
    var model: String

    @Argument(
        help: "A folder with a folder of images for each identity, or several, or a CSV file of pairs.",
        completion: .file())
    var data: [String]

    @Flag(help: "The folder holds a folder for each of several sets.")
    var sets = false

    @Option(help: ArgumentHelp("Samples of a reference, with commas.", valueName: "numbers"))
    var references = ReferenceCounts(Calibrator.sampleCounts)

    @Option(help: ArgumentHelp("How often references are drawn, 1 to 100.", valueName: "number"))
    var draws = 10

    @Option(help: ArgumentHelp("What the draws depend on.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Resamples of an interval, up to 100000; 0 for none.", valueName: "number"))
    var resamples = 1000

    @Option(
        help: ArgumentHelp(
            "Write DET, ROC and distances there, as PNG and SVG; a new or empty folder.", valueName: "folder"),
        completion: .directory)
    var plots: String?

    @Option(
        help: ArgumentHelp("Write pictures of the worst errors there; a new or empty folder.", valueName: "folder"),
        completion: .directory)
    var worst: String?

    @Flag(
        name: [.customLong("pure-ink"), .customLong("binarise")],
        help: "Draw every image again as black ink on white before the model sees it.")
    var isPureInk = false

    @Option(help: "The strokes of pure ink: as written, or all of one constant width. Implies --pure-ink.")
    var stroke: PureInk.Stroke?

    @OptionGroup var cover: FaceCoverOptions
    @OptionGroup var options: ModelOptions

    func validate() throws {
        guard (1...100).contains(draws) else { throw ValidationError("--draws takes a whole number from 1 to 100") }
        guard (0...100_000).contains(resamples) else {
            throw ValidationError("--resamples takes a whole number from 0 to 100000")
        }
    }

    func run() async throws {
        BLAS.restartWithVectorKernels()
        let decoders = try PictureDecoders.find(), run = try evaluation(decoders)
        defer { decoders.complain() }
        if sets || data.count > 1 { return try await evaluateSets(run) }
        let images = try EvaluationData(
            FolderListing.isFolder(data[0]) ? PlainPath.of(data[0]) : PlainPath.besideOthers(data[0]))
        let (plotFolder, worstFolder) = try outputFolders()
        let outcome = try await ProgressDisplay.during("evaluating") { progress in
            try await run.evaluate(images, options: how, progress: progress)
        }
        var report = EvaluationReport(outcome)
        if let plotFolder { report.plots = try EvaluationPlots(outcome).write(to: plotFolder) }
        if let worstFolder { report.worst = try WorstErrors(outcome).write(to: worstFolder) }
        try options.output.print(report, text: report.text)
        try StandardStream.standardError.write(report.complaints)
    }

    private func evaluateSets(_ run: EvaluationRun) async throws {
        let members = try sets ? EvaluationSets(in: data) : EvaluationSets(folders: data)
        let (plotFolder, worstFolder) = try outputFolders()
        let outcome = try await ProgressDisplay.during("evaluating") { progress in
            try await run.evaluate(members, options: how, progress: progress)
        }
        guard var report = SetsReport(outcome) else {
            throw CommandFailure(.internalError, name: "Internal", message: "no set was measured")
        }
        if let plotFolder { report.plots = try EvaluationPlots.write(outcome, to: plotFolder) }
        if let worstFolder { report.worst = try WorstErrors.write(outcome, to: worstFolder) }
        try options.output.print(report, text: report.text)
        try StandardStream.standardError.write(report.complaints)
    }

    private var how: EvaluationOptions {
        EvaluationOptions(
            references: references.values, draws: draws, seed: seed, resamples: resamples,
            pureInk: isPureInk || stroke != nil ? PureInk(stroke: stroke ?? .written) : nil)
    }

    /// What cannot be written is said before the work, not after it.
    private func outputFolders() throws -> (plots: OutputFolder?, worst: OutputFolder?) {
        (
            try plots.map { try OutputFolder(PlainPath.besideOthers($0)) },
            try worst.map { try OutputFolder(PlainPath.besideOthers($0)) }
        )
    }

    private func evaluation(_ decoders: PictureDecoders) throws -> EvaluationRun {
        let model = try PlainPath.of(model)
        guard CrossValidatedModel.isRun(model) else {
            let package = try options.lookingUp { try ModelLocation.load(model, store: $0) }
            return try EvaluationRun(
                model: package, faceCover: cover.package(for: package, options), decoding: decoders)
        }
        do {
            return try EvaluationRun(CrossValidatedModel.load(from: model), decoding: decoders)
        } catch {
            throw CommandFailure(error)
        }
    }
}
