// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Recipes
import Recognition
import Testing
import Training

/// What the signature model's recipe asks for: pens, episodes of each source, parts, whitening.
@Suite struct SignatureRecipeTests {
    private static let stroke =
        "4\n0 0 0 1 0 0 800\n900 300 10 1 0 0 800\n1500 -200 20 1 0 0 500\n2200 600 30 1 0 0 300\n"

    /// The glyphs' recipe as one of signatures: drawn by pens and generated.
    private func recipe(_ glyphs: GlyphFolder) throws -> Recipe {
        for writer in 0..<4 {
            let folder = glyphs.appending("pens/w\(writer)/genuine")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for sample in 0..<2 {
                let text = Self.stroke.replacing("1500", with: "\(1500 + 100 * writer + sample)")
                try text.write(toFile: "\(folder)/\(sample).TXT", atomically: true, encoding: .utf8)
            }
        }
        var recipe = try Recipe(parsing: glyphs.text)
        recipe.data.modality = .signature
        (recipe.data.width, recipe.data.height) = (32, 16)
        recipe.data.sources = [
            DataSource(
                name: "pens", origin: .pens(path: glyphs.appending("pens"), drawings: 2, seed: 1), isEvaluated: false),
            DataSource(
                name: "generated", origin: .synthetic(identities: 3, genuine: 4, forgeries: 2, seed: 2),
                isEvaluated: false),
        ]
        recipe.package.calibration = .none
        recipe.package.whitening = 0.4
        recipe.package.usualSpread = 0.3
        recipe.network = .architecture(
            .init(.residual, embedding: 8, widths: [4, 8], stemStride: 2, pooling: .regions, regions: 2))
        recipe.stages[0].loss = .verification(
            scale: 6, threshold: 0.5, weights: .init(), references: .varied, parts: .init(count: 2, weight: 0.5))
        recipe.stages[0].batch = .episodes(identities: 3, samples: 3, forgeries: 2, eachSource: true)
        recipe.stages[0].training = TrainingRecipe(epochs: 1, stepsPerEpoch: 3)
        return recipe
    }

    @Test func `a network of pens and generated signatures is packaged with its whitening`() throws {
        let glyphs = try GlyphFolder(), recipe = try recipe(glyphs), path = glyphs.appending("run")
        let summary = try RecipeRun.run(
            recipe, in: RunFolder.create(path, recipe: recipe), decoding: .local, resuming: false)
        // The package makes of images what the trainer and the whitening make of them.
        #expect(try #require(summary.package).difference < 1e-4)
        let manifest = try ModelPackage.load(from: path + "/package").manifest
        #expect(manifest.modality == .signature && manifest.network.embeddingSize == 8)
        #expect(manifest.spread?.usual == 0.3)
        let trained = try RecipeRun(recipe, decoding: .local).train()
        #expect(try trained.graph().nodes.map(\.name).suffix(2) == ["whitening", "normal"])
    }

    @Test func `a whitening or a spread of embeddings of any length is refused before the training`() throws {
        let glyphs = try GlyphFolder()
        var recipe = try recipe(glyphs)
        recipe.network = .architecture(.init(.residual, embedding: 8, widths: [4, 8], normalized: false))
        recipe.stages[0].loss = .triplet(margin: 0.2, mining: .semiHard, distance: .euclidean)
        let error = #expect(throws: RunError.self) { try RecipeRun(recipe, decoding: .local).train() }
        #expect("\(try #require(error))".contains("package.whitening"))
        recipe.package.whitening = nil
        let other = #expect(throws: RunError.self) { try RecipeRun(recipe, decoding: .local).train() }
        #expect("\(try #require(other))".contains("package.usual_spread"))
    }

    @Test func `a source with too few writers for its episode is named`() throws {
        let glyphs = try GlyphFolder()
        var recipe = try recipe(glyphs)
        recipe.stages[0].batch = .episodes(identities: 4, samples: 3, forgeries: 0, eachSource: true)
        let error = #expect(throws: DataSetError.self) { try RecipeRun(recipe, decoding: .local).train() }
        #expect("\(try #require(error))".contains("“generated”"))
    }

    @Test func `the recipe is the same after writing and reading`() throws {
        let glyphs = try GlyphFolder()
        var recipe = try recipe(glyphs)
        recipe.stages[0].augmentation.twoLevel = .init(probability: 0.5, level: 0.25...0.5, softness: 0...0.25)
        #expect(try Recipe(parsing: recipe.tomlText) == recipe)
    }

    @Test(arguments: [
        ("within_group = false", "within_group = true", "two ways to choose an episode's identities"),
        ("parts = 2", "", "loss.parts states none"),
        ("whitening = 0.4", "whitening = 0", "package.whitening is 0"),
        ("usual_spread = 0.3", "usual_spread = 1.5", "package.usual_spread is 1.5"),
        ("drawings = 2", "drawings = 0", "drawings is 0"),
        ("evaluated = false", "evaluated = true", "makes its images and cannot be evaluated"),
    ])
    func `an error says what is wrong`(line: String, other: String, message: String) throws {
        let text = try recipe(try GlyphFolder()).tomlText
        #expect(text.contains(line), "\(text)")
        let error = #expect(throws: RecipeError.self) {
            try Recipe(parsing: text.replacing(line, with: other, maxReplacements: 1))
        }
        let found = "\(try #require(error))"
        #expect(found.contains(message), "\(found)")
    }
}
