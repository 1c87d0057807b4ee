// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import ProgramHarness
import Recipes
import Recognition
import Training

/// One-shot classification of characters from alphabets that training never saw.
struct OmniglotBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "omniglot",
        abstract:
            "Trains on Omniglot's two small background sets and classifies the 20 published one-shot runs, with several seeds."
    )

    @Option(help: "A folder with the published archives; default: that in LIKENESS_SHARED.")
    var data: String?

    @Option(help: "The recipe.")
    var recipe = "recipes/omniglot.toml"

    @Option(help: "How many seeds, from 1 on.")
    var seeds = 3

    @Option(help: "Epochs, in place of the recipe's.")
    var epochs: Int?

    func run() async throws {
        guard let python = TestEnvironment.python else {
            throw ValidationError("LIKENESS_PYTHON names no Python; scripts/benchmark sets it")
        }
        guard let archives = data ?? TestEnvironment.shared.map({ $0 + "/data/omniglot" }) else {
            throw ValidationError("name a folder with --data, or set LIKENESS_SHARED")
        }
        guard seeds > 0 else { throw ValidationError("--seeds is a number from 1") }
        let omniglot = try OmniglotRuns(archives: archives, python: python)
        var recipe = try Recipe.read(recipe)
        guard recipe.data.sources.count == 1 else {
            throw ValidationError("the recipe has to have one source, the background sets")
        }
        recipe.data.sources[0].origin = .folder(path: omniglot.background, grouped: true)

        var rates: [Double] = []
        for seed in 1...seeds {
            let followed = try RecipeOverrides(epochs: epochs, seed: seed).applied(to: recipe)
            let start = ContinuousClock.now
            let trained = try RecipeRun(followed, decoding: .local) { event in
                if case .epoch(let epoch) = event {
                    FileHandle.standardError.write(
                        Data("seed \(seed), epoch \(epoch.epoch): loss \(epoch.loss)\n".utf8))
                }
            }.train()
            let time = ContinuousClock.now - start
            let package = try trained.makePackage(calibration: nil).package
            let (correct, probes) = try omniglot.correct(by: try Recognizer(package: package))
            rates.append(Double(correct) / Double(probes))
            print(
                "seed \(seed): \(correct) of \(probes) (\(percent(Double(correct) / Double(probes)))), trained in \(Int(time.inSeconds)) s"
            )
        }
        print("mean of \(seeds) seeds: \(percent(rates.reduce(0, +) / Double(seeds)))")
    }

    private func percent(_ share: Double) -> String { "\((share * 10_000).rounded() / 100) %" }
}
