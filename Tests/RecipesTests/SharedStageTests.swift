// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Recipes
import Recognition
import Synchronization
import Testing
import Training

/// Cross-validation of a recipe whose first stages see nobody who is tested.
@Suite struct SharedStageTests {
    let glyphs: GlyphFolder, others: GlyphFolder, recipe: Recipe

    /// Two stages: figures that are not evaluated, and then those that are.
    init() throws {
        (glyphs, others) = try (GlyphFolder(), GlyphFolder())
        let text = """
            \(glyphs.text)

            [[data.sources]]
            name = "others"
            folder = "\(others.appending("glyphs"))"
            evaluated = false

            [[stages]]
            name = "first"
            sources = ["others"]
            [stages.training]
            epochs = 1
            metric = "loss"

            [[stages]]
            name = "second"
            sources = ["glyphs"]
            [stages.training]
            epochs = 1
            metric = "loss"
            """
        var recipe = try Recipe(parsing: text)
        recipe.run.heldOut = 0
        recipe.run.folds = 2
        recipe.package.calibration = .crossValidation
        self.recipe = recipe
    }

    @discardableResult
    private func run(
        _ recipe: Recipe, _ name: String, resuming: Bool = false, stoppingAt step: Int? = nil
    ) throws -> RunSummary {
        let path = glyphs.appending(name)
        let folder = try resuming ? RunFolder.open(path, recipe: recipe).folder : RunFolder.create(path, recipe: recipe)
        let request = StopRequest()
        let seen = Mutex(0)
        return try RecipeRun.run(recipe, in: folder, decoding: .local, resuming: resuming, stopRequest: request) {
            event in
            guard case .step = event else { return }
            let count = seen.withLock { seen in
                seen += 1
                return seen
            }
            if count == step { request.stop() }
        }
    }

    private func steps(_ path: String) throws -> [Substring] {
        try String(contentsOfFile: glyphs.appending("\(path)/steps.csv"), encoding: .utf8).split(separator: "\n")
    }

    @Test func `is trained in them once, and goes on from there in every part`() throws {
        #expect(try !run(recipe, "run").isInterrupted)
        let shared = try steps("run/shared")
        #expect(shared.count == 1 + 6)
        let parts = try ["fold-1", "fold-2", "final"].map { try steps("run/\($0)") }
        for part in parts {
            #expect(part.count == 1 + 12)
            #expect(part.starts(with: shared))
        }
        #expect(parts[0] != parts[1])
        let packages = try ["shared", "fold-1", "fold-2", "final"].map {
            try ModelPackage.load(from: glyphs.appending("run/\($0)/package"))
        }
        #expect(Set(packages.map(\.digest)).count == 4)
        #expect(packages.map { $0.manifest.calibration != nil } == [false, false, false, true])
    }

    @Test func `packages the network of a run without cross-validation`() throws {
        try run(recipe, "run")
        var plain = recipe
        plain.run.folds = nil
        plain.package.calibration = .none
        try run(plain, "plain")
        #expect(try steps("plain") == steps("run/final"))
        let networks = ["plain", "run/final"].map {
            FileManager.default.contents(atPath: glyphs.appending("\($0)/package/embed.onnx"))
        }
        #expect(networks[0] != nil)
        #expect(networks[0] == networks[1])
    }

    @Test(arguments: [2, 8, 15]) func `goes on as if it had never stopped`(step: Int) throws {
        try run(recipe, "run")
        #expect(try run(recipe, "stopped", stoppingAt: step).isInterrupted)
        #expect(try !run(recipe, "stopped", resuming: true).isInterrupted)
        for part in ["shared", "fold-1", "fold-2", "final"] {
            #expect(try steps("stopped/\(part)") == steps("run/\(part)"))
        }
    }

    @Test func `trains stages for each part that see its identities or are judged by them`() throws {
        var judged = recipe
        judged.stages[0].sources = nil
        try run(judged, "run")
        #expect(!FileManager.default.fileExists(atPath: glyphs.appending("run/shared")))
    }
}
