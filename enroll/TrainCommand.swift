import ArgumentParser
import EnrollSupport
import Foundation
import Recipes
import Training

/// `enroll train`.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a network by a recipe, and make a model package of it.",
        subcommands: [TrainRecipeCommand.self, TrainPairsCommand.self], defaultSubcommand: TrainRecipeCommand.self)
}

/// `enroll train RECIPE`.
struct TrainRecipeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recipe",
        abstract: "Train by a recipe (what “enroll train” does without a subcommand).",
        discussion: """
            The run's folder gets the recipe as it is followed, steps.csv and metrics.csv, the loss curve, the detection \
            error trade-off and the distances as PNG and SVG, checkpoints, result.json, and the model package in “package”, \
            ready for enroll model import package.

            ^C finishes the step at hand and writes a checkpoint; a second ^C ends at once. --resume goes on from the last \
            checkpoint, also after a crash, as if the run had never stopped.
            """)

    @Argument(help: "The recipe, a TOML file; with --resume it may be left out.", completion: .file(extensions: ["toml"]))
    var recipe: String?

    @Option(help: ArgumentHelp("The folder of the run; a new one unless --resume is given.", valueName: "folder"), completion: .directory)
    var output: String

    @Flag(help: "Go on with the run in the folder.")
    var resume = false

    @Option(help: "Epochs of every stage, in place of the recipe's.")
    var epochs: Int?

    @Option(help: "Steps of an epoch, in place of the recipe's.")
    var steps: Int?

    @Option(help: "Learning rate of every stage, in place of the recipe's.")
    var learningRate: Double?

    @Option(help: "What everything random follows from, in place of the recipe's.")
    var seed: Int?

    @Option(help: "Threads that compute; default: one for each core.")
    var threads: Int?

    @Option(help: "Cross-validate in so many parts of the identities, in place of the recipe's.")
    var folds: Int?

    @Option(help: "The package's name, in place of the recipe's.")
    var name: String?

    @OptionGroup var results: Output

    func validate() throws {
        guard recipe != nil || resume else { throw ValidationError("name a recipe, or go on with a run by --resume") }
        guard recipe != nil || overrides == RecipeOverrides() else {
            throw ValidationError("what changes the recipe goes with a recipe; --resume alone goes on by the run's own")
        }
    }

    private var overrides: RecipeOverrides {
        RecipeOverrides(epochs: epochs, steps: steps, learningRate: learningRate, seed: seed, threads: threads, folds: folds, name: name)
    }

    func run() async throws {
        let summary: RunSummary
        let stopRequest = StopRequest()
        do {
            let given = try recipe.map { try overrides.applied(to: Recipe.read($0)) }
            let (folder, followed) = try open(given)
            let signals = InterruptSignals(stopRequest) {
                try? StandardStream.standardError.write(
                    "\nenroll: finishing the step and writing a checkpoint; once more ends at once\n")
            }
            defer { signals.end() }
            let display = TrainingDisplay(isTerminal: isatty(STDERR_FILENO) == 1) {
                try? StandardStream.standardError.write("enroll: " + PrintableText.of($0) + "\n")
            }
            let resumes = resume
            summary = try await LongWork.run {
                defer { display.clear() }
                return try RecipeRun.run(followed, in: folder, resuming: resumes, stopRequest: stopRequest, events: display.show)
            }
        } catch {
            throw CommandFailure(error)
        }
        try results.print(summary, text: summary.text)
        guard summary.isInterrupted else { return }
        try StandardStream.standardError.write("enroll: go on with: enroll train --resume --output \(PrintableText.of(output))\n")
        try Output.end(.interrupted)
    }

    private func open(_ given: Recipe?) throws -> (RunFolder, Recipe) {
        if resume { return try RunFolder.open(output, recipe: given) }
        guard var recipe = given else { throw RunError.noRun(path: output) }
        // Written down, because another number of threads rounds otherwise.
        recipe.run.threads = recipe.run.threads ?? ProcessInfo.processInfo.activeProcessorCount
        return (try RunFolder.create(output, recipe: recipe), recipe)
    }
}

/// `enroll train pairs`.
struct TrainPairsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pairs",
        abstract: "Make a CSV file of labelled pairs out of a folder of identities.",
        discussion: "The folder holds a folder for each identity, with images in it or in its subfolders “genuine” and “forgery”.")

    @Argument(help: "A folder with a folder of images for each identity.", completion: .directory)
    var folder: String

    @Option(help: ArgumentHelp("The CSV file to make.", valueName: "file"), completion: .file(extensions: ["csv"]))
    var output: String

    @Option(help: "How many pairs.")
    var count = 10_000

    @Option(help: "The share of pairs of one identity.")
    var genuine = 0.5

    @Option(help: "The share of pairs with a forgery; the rest are of two identities.")
    var forgery = 0.25

    @Option(help: "What the choice follows from.")
    var seed = 1

    @OptionGroup var results: Output

    private struct Report: Encodable {
        let file: String
        let pairs: Int
    }

    func validate() throws {
        guard (1...5_000_000).contains(count) else { throw ValidationError("--count is a number from 1 to 5000000") }
        guard (0...1).contains(genuine), (0...1).contains(forgery), genuine + forgery <= 1 else {
            throw ValidationError("--genuine and --forgery are shares from 0 to 1, and together at most 1")
        }
        guard seed >= 0 else { throw ValidationError("--seed is a number from 0") }
    }

    func run() async throws {
        let making = PairListMaking(count: count, genuine: genuine, forgery: forgery, seed: seed)
        do {
            let place = URL(fileURLWithPath: output).deletingLastPathComponent().path
            try OutputFile.write(Array(try making.text(folder: folder, place: place).utf8), to: output)
        } catch {
            throw CommandFailure(error)
        }
        try results.print(Report(file: output, pairs: count), text: PrintableText.of("\(count) pairs are written to \(output)") + "\n")
    }
}
