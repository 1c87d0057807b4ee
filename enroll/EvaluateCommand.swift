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
            """)

    @Argument(
        help: """
            A package's folder or tar file, a name in the folder of models, or the run of a cross-validation: then each \
            identity is measured by the network that did not see it.
            """)
    var model: String

    @Argument(help: "A folder with a folder of images for each identity, or a CSV file of pairs.", completion: .file())
    var data: String

    @Option(help: ArgumentHelp("Samples of a reference, with commas.", valueName: "numbers"))
    var references = ReferenceCounts(Calibrator.sampleCounts)

    @Option(help: ArgumentHelp("How often references are drawn, 1 to 100.", valueName: "number"))
    var draws = 10

    @Option(help: ArgumentHelp("What the draws depend on.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Resamples of an interval, up to 100000; 0 for none.", valueName: "number"))
    var resamples = 1000

    @Option(
        help: ArgumentHelp("Write DET, ROC and distances there, as PNG and SVG; a new or empty folder.", valueName: "folder"),
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

    @OptionGroup var options: ModelOptions

    func validate() throws {
        guard (1...100).contains(draws) else { throw ValidationError("--draws takes a whole number from 1 to 100") }
        guard (0...100_000).contains(resamples) else { throw ValidationError("--resamples takes a whole number from 0 to 100000") }
    }

    func run() async throws {
        BLAS.restartWithVectorKernels()
        let run = try evaluation()
        let images = try EvaluationData(FolderListing.isFolder(data) ? PlainPath.of(data) : PlainPath.besideOthers(data))
        // What cannot be written is said before the work, not after it.
        let plotFolder = try plots.map { try OutputFolder(PlainPath.besideOthers($0)) }, worstFolder = try worst.map { try OutputFolder(PlainPath.besideOthers($0)) }
        let options = EvaluationOptions(
            references: references.values, draws: draws, seed: seed, resamples: resamples,
            pureInk: isPureInk || stroke != nil ? PureInk(stroke: stroke ?? .written) : nil)
        let outcome = try await ProgressDisplay.during("evaluating") { progress in
            try await run.evaluate(images, options: options, progress: progress)
        }
        var report = EvaluationReport(outcome)
        if let plotFolder { report.plots = try EvaluationPlots(outcome).write(to: plotFolder) }
        if let worstFolder { report.worst = try WorstErrors(outcome).write(to: worstFolder) }
        try self.options.output.print(report, text: report.text)
        try StandardStream.standardError.write(report.complaints)
    }

    private func evaluation() throws -> EvaluationRun {
        let model = try PlainPath.of(model)
        guard CrossValidatedModel.isRun(model) else { return try EvaluationRun(model: ModelPlace.load(model, store: options.store())) }
        do {
            return try EvaluationRun(CrossValidatedModel.load(from: model))
        } catch {
            throw CommandFailure(error)
        }
    }
}
