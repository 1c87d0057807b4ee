// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport
import Foundation
import NeuralNet
import Recipes
import Synchronization
import Training

extension RunRecipe.LeftOut: ExpressibleByArgument {}

/// `enroll train`.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a network by a recipe, and make a model package of it.",
        subcommands: [TrainRecipeCommand.self, TrainPairsCommand.self, TrainSignaturesCommand.self],
        defaultSubcommand: TrainRecipeCommand.self)
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

    @Argument(
        help: "The recipe, a TOML file; with --resume it may be left out.", completion: .file(extensions: ["toml"]))
    var recipe: String?

    @Option(
        help: ArgumentHelp("The folder of the run; a new one unless --resume is given.", valueName: "folder"),
        completion: .directory)
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

    @Option(
        help:
            "Cross-validate by leaving out one evaluated source after another (“sources”), in place of the recipe's parts."
    )
    var leaveOut: RunRecipe.LeftOut?

    @Option(
        help: ArgumentHelp(
            "A folder in which prepared images are kept, so that a later run of this program over the same images need not prepare them again.",
            valueName: "folder"), completion: .directory)
    var prepared: String?

    @Option(help: "The package's name, in place of the recipe's.", transform: TextArgument.checked)
    var name: String?

    @OptionGroup var results: Output

    func validate() throws {
        guard recipe != nil || resume else { throw ValidationError("name a recipe, or go on with a run by --resume") }
        guard folds == nil || leaveOut == nil else {
            throw ValidationError("--folds and --leave-out are two ways to cross-validate; give one")
        }
        guard recipe != nil || overrides == RecipeOverrides() else {
            throw ValidationError("what changes the recipe goes with a recipe; --resume alone goes on by the run's own")
        }
    }

    private var overrides: RecipeOverrides {
        RecipeOverrides(
            epochs: epochs, steps: steps, learningRate: learningRate, seed: seed, threads: threads, folds: folds,
            leaveOut: leaveOut,
            name: name)
    }

    func run() async throws {
        BLAS.restartWithVectorKernels()
        let summary: RunSummary
        let stopRequest = StopRequest(), steps = StepsMade()
        var begun: RunFolder?
        let decoders = try PictureDecoders.find()
        defer { decoders.complain() }
        do {
            let given = try recipe.map { try overrides.applied(to: read($0)) }
            let (folder, followed) = try open(given)
            begun = folder
            let signals = InterruptSignals(stopRequest) {
                try? StandardStream.standardError.write(
                    "\nenroll: finishing the step and writing a checkpoint; once more ends at once\n")
            }
            defer { signals.end() }
            let display = TrainingDisplay(isTerminal: isatty(STDERR_FILENO) == 1) {
                try? StandardStream.standardError.write("enroll: " + PrintableText.of($0) + "\n")
            }
            let resumes = resume, preparedFolder = try prepared.map(PlainPath.besideOthers)
            summary = try await LongWork.run {
                defer { display.clear() }
                return try RecipeRun.run(
                    followed, in: folder, decoding: decoders, resuming: resumes, prepared: preparedFolder,
                    stopRequest: stopRequest
                ) { event in
                    if case .step = event { steps.begin() }
                    display.show(event)
                }
            }
        } catch {
            // What failed at its start has nothing to go on from, and would only be in the way of the next.
            if !steps.haveBegun { begun?.discard() }
            throw CommandFailure(error)
        }
        try results.print(summary, text: summary.text)
        guard summary.isInterrupted else { return }
        let cache = prepared.map { " --prepared " + PrintableText.of(EscapedBytes.printable($0)) } ?? ""
        try StandardStream.standardError.write(
            "enroll: go on with: enroll train --resume --output \(PrintableText.of(EscapedBytes.printable(output)))\(cache)\n"
        )
        try Output.end(.interrupted)
    }

    private func read(_ path: String) throws -> Recipe {
        let plain = try PlainPath.besideOthers(path)
        do throws(RecipeError) {
            return try Recipe.read(plain)
        } catch {
            switch error {
            case .unreadable, .tooLarge: throw error
            default: throw CommandFailure(error).about(EscapedBytes.printable(path))
            }
        }
    }

    private func open(_ given: Recipe?) throws -> (RunFolder, Recipe) {
        let output = try PlainPath.besideOthers(output)
        if resume { return try RunFolder.open(output, recipe: given) }
        guard var recipe = given else { throw RunError.noRun(path: output) }
        // Written down, because another number of threads rounds otherwise.
        recipe.run.threads = recipe.run.threads ?? ProcessInfo.processInfo.activeProcessorCount
        return (try RunFolder.create(output, recipe: recipe), recipe)
    }
}

/// Whether a training has come as far as its first step.
private final class StepsMade: Sendable {
    private let made = Mutex(false)

    var haveBegun: Bool { made.withLock { $0 } }

    func begin() {
        made.withLock { $0 = true }
    }
}
