// SPDX-License-Identifier: Apache-2.0

import Foundation
import Recipes
import Testing
import Training

/// A recipe as text, of which tests change lines.
enum RecipeTexts {
    static let small = """
        [package]
        name = "tiny"

        [run]
        seed = 7
        held_out = 0.25

        [data]
        modality = "glyph"
        width = 28
        height = 28

        [[data.sources]]
        name = "letters"
        folder = "letters"

        [network]
        architecture = "conv4"
        widths = [8, 8]
        embedding = 16

        [loss]
        kind = "prototypical"
        support = 2

        [optimiser]
        kind = "adam"

        [schedule]
        kind = "cosine"
        learning_rate = 0.01
        warm_up = 3

        [batch]
        kind = "episodes"
        identities = 3
        samples = 4

        [training]
        epochs = 2

        [augmentation]
        affine = { rotation = 5, scale = [0.9, 1.1] }
        blur = { probability = 0.5, sigma = 0.7 }
        """

    static func replacing(_ line: String, with other: String) -> String {
        precondition(small.contains(line))
        return small.replacing(line, with: other)
    }
}

@Suite struct RecipeTests {
    @Test func `a recipe is what it says, and defaults for the rest`() throws {
        let recipe = try Recipe(parsing: RecipeTexts.small)
        #expect(recipe.run == RunRecipe(seed: 7, heldOut: 0.25))
        #expect(recipe.data.standardDeviation == 255)
        #expect(recipe.network == .architecture(.init(.conv4, embedding: 16, widths: [8, 8])))
        let stage = try #require(recipe.stages.first)
        #expect(stage.loss == .prototypical(support: 2, scale: 1))
        #expect(stage.schedule == ScheduleRecipe(learningRate: 0.01, warmUp: 3, shape: .cosine(final: 0)))
        #expect(stage.augmentation.affine?.scale == 0.9...1.1)
        #expect(stage.augmentation.blur?.sigma == 0.7...0.7)
        #expect(stage.augmentation.noise == nil)
    }

    @Test func `a recipe is the same after writing and reading`() throws {
        let sum = """
            kind = "sum"
            terms = [{ kind = "arcface", scale = 20 }, { weight = 0.25, kind = "triplet", soft = true, mining = "batch-hard" }]
            """
        let texts = [
            RecipeTexts.small,
            RecipeTexts.replacing("kind = \"prototypical\"\nsupport = 2", with: sum),
            RecipeTexts.replacing("modality = \"glyph\"", with: "modality = \"signature\"\nink = \"binary\""),
            RecipeTexts.replacing("kind = \"cosine\"", with: "kind = \"step\"\nepochs = 3\nfactor = 0.5"),
            RecipeTexts.small + """

                [[stages]]
                name = "first"
                sources = ["letters"]

                [[stages]]
                name = "second"
                [stages.loss]
                kind = "n-pair"
                [stages.training]
                patience = 4
                average_decay = 0.99
                """,
        ]
        for text in texts {
            let recipe = try Recipe(parsing: text)
            let again = try Recipe(parsing: recipe.tomlText)
            #expect(again == recipe)
            #expect(again.tomlText == recipe.tomlText)
            #expect(again.digest == recipe.digest)
        }
    }

    @Test func `stages override what is at the top`() throws {
        let recipe = try Recipe(
            parsing: RecipeTexts.small + """

                [[stages]]
                name = "first"
                [stages.optimiser]
                kind = "sgd"
                [stages.training]
                epochs = 9

                [[stages]]
                name = "second"
                """)
        #expect(recipe.stages.map(\.training.epochs) == [9, 2])
        #expect(recipe.stages[0].optimizer.kind == .sgd(momentum: 0.9, nesterov: false))
        #expect(recipe.stages[0].loss == recipe.stages[1].loss)
    }

    @Test(arguments: [
        ("epochs = 2", "epoch = 2", "line 40: there is no key training.epoch; did you mean training.epochs?"),
        ("kind = \"adam\"", "kind = \"adm\"", "did you mean “adam”?"),
        (
            "learning_rate = 0.01", "learning_rate = -1",
            "line 31: schedule.learning_rate is -1, and should be a number in"
        ),
        ("seed = 7", "seed = \"x\"", "line 5: run.seed is the text “x”, and should be a whole number in"),
        ("name = \"tiny\"", "name = \"../tiny\"", "line 2: package.name is the text “../tiny”"),
        ("folder = \"letters\"", "", "exactly one of folder, pairs, synthetic and pens"),
        ("rotation = 5", "rotatoin = 5", "did you mean augmentation.affine.rotation?"),
        ("scale = [0.9, 1.1]", "scale = [1.1, 0.9]", "or two in brackets, the smaller first"),
        (
            "epochs = 2", "epochs = 1\nsteps_per_epoch = 3",
            "in the stage “training”, the cosine schedule ends at step 3, and has to end after the warm-up of 3"
        ),
        ("support = 2", "support = 4", "has 4 samples of each identity, and the loss takes 4 of them"),
        (
            "held_out = 0.25", "held_out = 0",
            "the calibration is to be measured on held-out identities, and none are held out"
        ),
        ("modality = \"glyph\"", "modality = \"face\"", "the modality “face” needs data.faces"),
        (
            "modality = \"glyph\"", "modality = \"glyph\"\nink = \"grey\"",
            "data.ink is for the modality “signature” alone"
        ),
        ("[network]", "[netwrok]", "there is no key netwrok; did you mean network?"),
        ("seed = 7", "seed = ", "this is not TOML"),
    ])
    func `an error says what is wrong and where`(line: String, other: String, message: String) throws {
        let error = #expect(throws: RecipeError.self) { try Recipe(parsing: RecipeTexts.replacing(line, with: other)) }
        let text = "\(try #require(error))"
        #expect(text.contains(message), "\(text)")
    }

    @Test func `every recipe in the tree can be read`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../recipes")
            .standardizedFileURL
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".toml") }
        #expect(files.contains("reference.toml"))
        for file in files {
            #expect(throws: Never.self, "\(file)") { try Recipe.read(folder.appendingPathComponent(file).path) }
        }
    }

    @Test func `generated data are no evidence`() throws {
        let text = RecipeTexts.replacing("folder = \"letters\"", with: "synthetic = 10\nevaluated = true")
        #expect(throws: RecipeError.self) { try Recipe(parsing: text) }
    }

    @Test func `relative paths are taken from the recipe's folder`() throws {
        var recipe = try Recipe(parsing: RecipeTexts.small)
        recipe.resolvePaths(from: "/somewhere/recipes")
        #expect(recipe.data.sources[0].origin == .folder(path: "/somewhere/recipes/letters", grouped: false))
    }
}
