// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import ProgramHarness
import Recipes
import Recognition
import Testing
import Training

/// What comes of a run.
@Suite struct RunTests {
    private func run(_ recipe: Recipe, in path: String) throws -> RunSummary {
        try RecipeRun.run(recipe, in: RunFolder.create(path, recipe: recipe), decoding: .local, resuming: false)
    }

    @Test func `a network learns what tells figures apart that it never saw`() throws {
        let glyphs = try GlyphFolder()
        var recipe = try Recipe(parsing: glyphs.text)
        recipe.stages[0].training.epochs = 16
        let trained = try RecipeRun(recipe, decoding: .local).train()
        let epochs = trained.history.epochs
        #expect(epochs.count == 16)
        #expect(trained.history.steps.count == 16 * 6)
        // Hard triplets of a few images: one epoch says little.
        let first = epochs[..<2].map(\.loss).reduce(0, +), last = epochs[14...].map(\.loss).reduce(0, +)
        #expect(last < 0.6 * first, "\(epochs.map(\.loss))")
        let results = try trained.evaluate(draws: 3, bootstrap: .none)
        let rate = try #require(results.last?.random?.equalErrorRate.rate)
        #expect(rate < 0.15)
        #expect(trained.heldOutIdentities.count == 5)
    }

    @Test func `every output is there, and the package does in use what the trainer does`() throws {
        let glyphs = try GlyphFolder(), path = glyphs.appending("run")
        let summary = try run(try Recipe(parsing: glyphs.text), in: path)
        for name in [
            "recipe.toml", "timing.csv", "result.json", "loss.png", "loss.svg", "det.png", "det.svg", "scores.png",
            "scores.svg",
        ] {
            #expect(FileManager.default.fileExists(atPath: "\(path)/\(name)"), "\(name)")
        }
        let metrics = try String(contentsOfFile: path + "/metrics.csv", encoding: .utf8).split(separator: "\n")
        #expect(metrics.first == "stage,epoch,steps,loss,learning_rate,skilled_eer,random_eer,best")
        #expect(metrics.count == 5)
        let package = try ModelPackage.load(from: path + "/package")
        #expect(try #require(summary.package).difference < 1e-4)
        let recognizer = try Recognizer(package: package), session = try recognizer.makeSession()
        #expect(try recognizer.requiredCalibration().genuineCount > 0)
        func distance(_ first: String, _ second: String) throws -> Float {
            let embeddings = try [first, second].map { name in
                let bytes = try Data(contentsOf: URL(fileURLWithPath: glyphs.appending("glyphs/\(name).png")))
                return try session.embed(session.prepare(try RGBImage(decoding: Array(bytes))))
            }
            return zip(embeddings[0].values, embeddings[1].values).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
                .squareRoot()
        }
        #expect(try distance("id0/genuine/0", "id0/genuine/1") < distance("id0/genuine/0", "id1/genuine/1"))
    }

    @Test(.enabled(if: PythonReference.isPresent, Comment(rawValue: PythonReference.missing)))
    func `ONNX Runtime makes the same embeddings of the package's network`() async throws {
        let glyphs = try GlyphFolder(), path = glyphs.appending("run")
        _ = try run(try Recipe(parsing: glyphs.text), in: path)
        let session = try Recognizer(package: try ModelPackage.load(from: path + "/package")).makeSession()
        var inputs: [Float] = [], ours: [Float] = []
        for identity in 0..<5 {
            let bytes = try Data(
                contentsOf: URL(fileURLWithPath: glyphs.appending("glyphs/id\(identity)/genuine/0.png")))
            let sample = try session.prepare(try RGBImage(decoding: Array(bytes)))
            inputs += sample.image.pixels.map { Float($0.red) / 255 }
            ours += try session.embed(sample).values
        }
        try inputs.withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: glyphs.appending("in")))
        try await PythonReference.run(
            "onnx_embeddings.py", [path + "/package/embed.onnx", glyphs.appending("in"), glyphs.appending("out")])
        let bytes = try Data(contentsOf: URL(fileURLWithPath: glyphs.appending("out")))
        let theirs = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        #expect(theirs.count == ours.count)
        #expect(zip(ours, theirs).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    @Test func `cross-validation tests every identity once, by a network that did not see it`() throws {
        let glyphs = try GlyphFolder(), path = glyphs.appending("run")
        var recipe = try Recipe(parsing: glyphs.text)
        recipe.run.folds = 3
        recipe.package.calibration = .crossValidation
        recipe.stages[0].training.epochs = 2
        let summary = try run(recipe, in: path)
        #expect(summary.folds == 3)
        #expect(summary.results.map(\.references) == [1, 3, 5])
        // 6 genuine samples each: one is left as a probe of 5 references.
        #expect(summary.results.allSatisfy { $0.identities == 12 })
        #expect(try #require(summary.results[2].random).genuine == 12)
        #expect(try #require(summary.results[2].skilled).impostor == 36)
        #expect(summary.calibrationProblem == nil)
        let calibration = try #require(try ModelPackage.load(from: path + "/final/package").manifest.calibration)
        #expect(calibration.operatingPoints.allSatisfy { $0.skilledFalseMatchRate != nil })
        #expect(calibration.set.contains("cross-validation in 3 parts over 12 identities"))
    }

    @Test func `a stage ends when nothing better comes for as long as its patience`() throws {
        let glyphs = try GlyphFolder()
        var recipe = try Recipe(parsing: glyphs.text)
        recipe.stages[0].training.epochs = 30
        recipe.stages[0].training.stepsPerEpoch = 2
        recipe.stages[0].training.patience = 2
        // Nothing moves, so that the first epoch stays the best.
        recipe.stages[0].schedule = ScheduleRecipe(learningRate: 1e-9)
        recipe.stages[0].training.averageDecay = nil
        let history = try RecipeRun(recipe, decoding: .local).train().history
        let best = try #require(history.epochs.filter(\.isBest).last)
        #expect(history.epochs.count == best.epoch + 2)
        #expect(history.epochs.count < 30)
    }

    @Test func `listed pairs are trained on, and those of held-out identities measured`() throws {
        let glyphs = try GlyphFolder(), list = glyphs.appending("pairs.csv")
        let text = try PairListMaking(count: 120, genuine: 0.5, forgery: 0.2).text(
            folder: glyphs.appending("glyphs"), location: glyphs.folder.path)
        #expect(
            try text
                == PairListMaking(count: 120, genuine: 0.5, forgery: 0.2).text(
                    folder: glyphs.appending("glyphs"), location: glyphs.folder.path))
        let rows = text.split(separator: "\n").dropFirst()
        #expect(Set(rows).count == 120)
        #expect(rows.count { $0.hasSuffix(",1") } == 60)
        #expect(rows.allSatisfy { $0.hasPrefix("glyphs/id") })
        try text.write(toFile: list, atomically: true, encoding: .utf8)
        var recipe = try Recipe(parsing: glyphs.text)
        recipe.data.sources = [DataSource(name: "pairs", origin: .pairs(path: list))]
        recipe.stages[0].batch = .listedPairs(count: 8)
        recipe.stages[0].loss = .contrastive(margin: 1)
        recipe.stages[0].training.stepsPerEpoch = nil
        recipe.stages[0].training.metric = .pairs
        let summary = try run(recipe, in: glyphs.appending("run"))
        #expect(try #require(summary.pairs).genuine > 5)
        #expect(try #require(summary.package).isCalibrated)
    }

    @Test func `generated signatures train a signature model, whose package prepares them as the training did`() throws
    {
        let glyphs = try GlyphFolder()
        var recipe = try Recipe(parsing: glyphs.text)
        recipe.data.modality = .signature
        (recipe.data.width, recipe.data.height) = (24, 16)
        recipe.data.sources = [
            DataSource(
                name: "generated", origin: .synthetic(identities: 4, genuine: 3, forgeries: 1, seed: 2),
                isEvaluated: false)
        ]
        recipe.package.calibration = .none
        recipe.stages[0].training = TrainingRecipe(epochs: 1, stepsPerEpoch: 2)
        let path = glyphs.appending("run")
        let summary = try run(recipe, in: path)
        #expect(summary.results.isEmpty)
        let package = try ModelPackage.load(from: path + "/package")
        #expect(package.manifest.modality == .signature)
        #expect(package.manifest.alignment == .signatureCanvas(ink: .gray))
        #expect(package.manifest.quality == .signature)
        #expect(package.manifest.calibration == nil)
    }

    @Test func `a metric that the held-out data cannot tell is refused before training`() throws {
        let glyphs = try GlyphFolder()
        var recipe = try Recipe(parsing: glyphs.text)
        for identity in 0..<12 {
            try FileManager.default.removeItem(atPath: glyphs.appending("glyphs/id\(identity)/forgery"))
        }
        recipe.stages[0].batch = .episodes(identities: 4, samples: 3, forgeries: 0, withinGroup: false)
        let error = #expect(throws: RunError.self) { try RecipeRun(recipe, decoding: .local).train() }
        #expect("\(try #require(error))".contains("judged by skilled_eer, and the held-out data tell only random_eer"))
    }
}
