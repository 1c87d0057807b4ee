// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Recipes
import Recognition
import Testing

/// Cross-validation of a recipe that evaluates two sources, whose people are called the same.
@Suite struct SeveralSourcesTests {
    let glyphs: GlyphFolder, others: GlyphFolder

    init() throws {
        (glyphs, others) = try (GlyphFolder(), GlyphFolder())
        // Fewer people, so that the sources differ in size.
        for identity in 8..<12 { try FileManager.default.removeItem(atPath: others.appending("glyphs/id\(identity)")) }
    }

    private func recipe(_ change: (inout Recipe) -> Void = { _ in }) throws -> Recipe {
        var recipe = try Recipe(
            parsing: """
                \(glyphs.text)

                [[data.sources]]
                name = "others"
                folder = "\(others.appending("glyphs"))"
                """)
        recipe.run.heldOut = 0
        recipe.stages[0].training.epochs = 1
        recipe.stages[0].training.metric = .loss
        recipe.package.calibration = .crossValidation
        change(&recipe)
        return recipe
    }

    private func run(_ recipe: Recipe, _ name: String) throws -> RunSummary {
        try RecipeRun.run(
            recipe, in: RunFolder.create(glyphs.appending(name), recipe: recipe), decoding: .local, resuming: false)
    }

    @Test func `people are compared within their source, and each source weighs the same`() throws {
        let summary = try run(recipe { $0.run.folds = 2 }, "run")
        #expect(summary.folds == 2 && summary.leftOut == nil)
        #expect(summary.sources.map(\.name) == ["glyphs", "others"])
        let one = try summary.sources.map { try #require($0.results.first) }
        #expect(one.map(\.identities) == [12, 8])
        // Of one reference, all others of the same source and part are impostors, whose number hangs on how the parts
        // fell.
        let impostors = try one.map { try #require($0.random).impostor }
        #expect(impostors[0] <= 12 * 11 * 6 && impostors[1] <= 8 * 7 * 6)
        let all = try #require(summary.results.first)
        #expect(all.identities == 20 && all.random?.impostor == impostors.reduce(0, +))
        #expect(try #require(all.skilled).interval != nil)
        let calibration = try #require(
            ModelPackage.load(from: glyphs.appending("run/final/package")).manifest.calibration)
        #expect(calibration.sets.map(\.name) == ["glyphs", "others"])
        #expect(
            calibration.set.contains("each source weighing the same") && calibration.set.contains("over 20 identities"))
        for name in ["det-glyphs.png", "det-others.svg", "scores-glyphs.png"] {
            #expect(FileManager.default.fileExists(atPath: glyphs.appending("run/\(name)")), "\(name)")
        }
    }

    @Test func `people of one name in two sources are kept apart in the lists of who was left out`() throws {
        _ = try run(recipe { $0.run.folds = 2 }, "run")
        let model = try CrossValidatedModel.load(from: glyphs.appending("run"))
        #expect(model.sources.map(\.name) == ["glyphs", "others"])
        #expect(model.parts.reduce(0) { $0 + $1.identities.count } == 20)
        for (source, count) in [("glyphs", 12), ("others", 8)] {
            for identity in 0..<12 {
                #expect(model.parts.count { $0.leavesOut("id\(identity)", of: source) } == (identity < count ? 1 : 0))
                #expect(!model.parts.contains { $0.leavesOut("id\(identity)", of: nil) })
            }
        }
        #expect(model.source(folder: others.appending("glyphs"), name: "anything") == "others")
        #expect(model.source(folder: "/nowhere/glyphs", name: "glyphs") == "glyphs")
        #expect(model.source(folder: "/nowhere/else", name: "else") == nil)
    }

    @Test func `a part may be a whole source, of which its network saw nothing`() throws {
        let recipe = try recipe { $0.run.leaveOut = .sources }
        let summary = try run(recipe, "run")
        #expect(summary.folds == 2 && summary.leftOut == "sources")
        let one = try summary.sources.map { try #require($0.results.first) }
        #expect(summary.sources.map(\.name) == ["glyphs", "others"] && one.map(\.identities) == [12, 8])
        #expect(try one.map { try #require($0.random).impostor } == [12 * 11 * 6, 8 * 7 * 6])
        let model = try CrossValidatedModel.load(from: glyphs.appending("run"))
        #expect(model.parts.map(\.identities.count) == [12, 8])
        for identity in 0..<8 {
            #expect(model.parts.map { $0.leavesOut("id\(identity)", of: "glyphs") } == [true, false])
            #expect(model.parts.map { $0.leavesOut("id\(identity)", of: "others") } == [false, true])
        }
        let calibration = try #require(
            ModelPackage.load(from: glyphs.appending("run/final/package")).manifest.calibration)
        #expect(calibration.set.contains("did not see anything of its source"))
        // What the source holds that is left out makes no difference to the network.
        for identity in 4..<8 { try FileManager.default.removeItem(atPath: others.appending("glyphs/id\(identity)")) }
        _ = try run(recipe, "again")
        let digests = try ["run", "again"].map { run in
            try (1...2).map { try ModelPackage.load(from: glyphs.appending("\(run)/fold-\($0)/package")).digest }
        }
        #expect(digests[0][1] == digests[1][1] && digests[0][0] != digests[1][0])
    }

    @Test func `a recipe that leaves out sources is the same after writing and reading`() throws {
        let recipe = try recipe { $0.run.leaveOut = .sources }
        #expect(recipe.tomlText.contains("leave_out = \"sources\"\n"))
        #expect(try Recipe(parsing: recipe.tomlText) == recipe)
        #expect(!(try self.recipe { $0.run.folds = 2 }).tomlText.contains("leave_out"))
        #expect(
            try RecipeOverrides(folds: 3).applied(to: recipe).run
                == RunRecipe(seed: 3, threads: 2, heldOut: 0, folds: 3))
        let overridden = try RecipeOverrides(leaveOut: .sources).applied(to: self.recipe { $0.run.folds = 2 })
        #expect(overridden.run.leaveOut == .sources && overridden.run.folds == nil)
    }

    @Test func `leaving out sources is refused where it leaves nothing`() throws {
        func refusal(_ change: (inout Recipe) -> Void) throws -> String {
            let text = try recipe(change).tomlText
            let error = #expect(throws: RecipeError.self) { try Recipe(parsing: text) }
            return "\(try #require(error))"
        }
        #expect(try refusal { ($0.run.leaveOut, $0.run.folds) = (.sources, 2) }.contains("remove one of them"))
        #expect(
            try refusal { ($0.run.leaveOut, $0.data.sources[1].isEvaluated) = (.sources, false) }.contains(
                "two or more are needed"))
        #expect(
            try refusal { ($0.run.leaveOut, $0.stages[0].sources) = (.sources, ["others"]) }.contains(
                "trains on “others” alone"))
        let text = try recipe { $0.run.leaveOut = .sources }.tomlText.replacing("\"sources\"", with: "\"source\"")
        let error = #expect(throws: RecipeError.self) { try Recipe(parsing: text) }
        #expect("\(try #require(error))".contains("did you mean “sources”?"))
    }
}
