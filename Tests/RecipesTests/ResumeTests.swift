// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Recipes
import Synchronization
import Testing
import Training

/// What is left of a run that was killed, interrupted or damaged, and how it goes on.
@Suite(.serialized) struct ResumeTests {
    private static let runner = "training-runner"

    private func curves(_ run: String) throws -> [String] {
        try ["steps.csv", "metrics.csv"].map { try String(contentsOfFile: "\(run)/\($0)", encoding: .utf8) }
    }

    /// Trains, in this process, to the end or until a step.
    @discardableResult
    private func train(
        _ recipe: Recipe, in path: String, resuming: Bool = false, stoppingAt step: Int? = nil
    ) throws -> RunSummary {
        let folder = try resuming ? RunFolder.open(path, recipe: recipe).folder : RunFolder.create(path, recipe: recipe)
        let request = StopRequest()
        return try RecipeRun.run(recipe, in: folder, decoding: .local, resuming: resuming, stopRequest: request) {
            event in
            if case .step(let progress) = event, progress.step == step { request.stop() }
        }
    }

    @Test(.enabled(if: Products.contains(runner), "training-runner is not built beside the tests"))
    func `a run that is killed again and again has the curves and the package of one that was not`() async throws {
        let glyphs = try GlyphFolder(), file = try glyphs.recipe(), recipe = try Recipe.read(file.path)
        let whole = glyphs.appending("whole"), killed = glyphs.appending("killed")
        try train(recipe, in: whole)
        var random = RandomSource(seed: UInt64(ProcessInfo.processInfo.processIdentifier))
        var kills = 0, status: Int32?
        while status == nil {
            let lines = 3 + random.index(below: 6)
            status = try await OwnThread.run {
                let running = try RunningProgram(
                    Products.program(Self.runner), [file.path, killed], output: .pipe, limit: .seconds(300))
                let pipe = try #require(running.output)
                var seen = 0
                while seen < lines {
                    let chunk = pipe.availableData
                    // The end of the output is the end of the run.
                    guard !chunk.isEmpty else { return running.status(within: .seconds(60)) }
                    seen += chunk.count { $0 == UInt8(ascii: "\n") }
                }
                try running.kill()
                return nil
            }
            if status == nil { kills += 1 }
            try #require(kills < 40, "no step is kept")
        }
        #expect(status == 0)
        #expect(kills >= 2)
        #expect(try curves(killed) == curves(whole))
        for name in ["package/embed.onnx", "package/model.toml"] {
            #expect(
                FileManager.default.contents(atPath: "\(killed)/\(name)")
                    == FileManager.default.contents(atPath: "\(whole)/\(name)"))
        }
    }

    @Test func `an interrupted run goes on as if it had never stopped, through its stages`() throws {
        let glyphs = try GlyphFolder()
        let stages = """

            [[stages]]
            name = "first"
            [stages.loss]
            kind = "arcface"
            scale = 10
            [stages.optimiser]
            kind = "sgd"
            [stages.training]
            epochs = 2

            [[stages]]
            name = "second"
            [stages.training]
            epochs = 2
            """
        let recipe = try Recipe(parsing: glyphs.text + stages)
        let whole = glyphs.appending("whole"), stopped = glyphs.appending("stopped")
        try train(recipe, in: whole)
        #expect(try train(recipe, in: stopped, stoppingAt: 5).isInterrupted)
        var rounds = 0
        while try train(recipe, in: stopped, resuming: true, stoppingAt: 9).isInterrupted, rounds < 5 { rounds += 1 }
        #expect(try curves(stopped) == curves(whole))
    }

    @Test func `a damaged checkpoint is refused, and the run goes on from the one before it`() throws {
        let glyphs = try GlyphFolder(), recipe = try Recipe(parsing: glyphs.text)
        let whole = glyphs.appending("whole"), run = glyphs.appending("run")
        try train(recipe, in: whole)
        try train(recipe, in: run, stoppingAt: 15)
        let path = try #require(CheckpointFolder(path: run + "/checkpoints").latestPath)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(throws: CheckpointError.self) { try train(recipe, in: run, resuming: true) }
        try FileManager.default.removeItem(atPath: path)
        try train(recipe, in: run, resuming: true)
        #expect(try curves(run) == curves(whole))
    }

    @Test func `a run is not overwritten, and not gone on with by another recipe, other images or two at once`() throws
    {
        let glyphs = try GlyphFolder(), recipe = try Recipe(parsing: glyphs.text), run = glyphs.appending("run")
        try train(recipe, in: run, stoppingAt: 7)
        #expect(throws: RunError.folderExists(path: run)) { try RunFolder.create(run, recipe: recipe) }
        #expect(throws: RunError.noRun(path: glyphs.appending("none"))) {
            try RunFolder.open(glyphs.appending("none"), recipe: nil)
        }
        var other = recipe
        other.stages[0].schedule.learningRate = 0.02
        #expect(
            throws: RunError.otherRecipe(path: run, difference: "“learning_rate = 0.01” is now “learning_rate = 0.02”")
        ) {
            try RunFolder.open(run, recipe: other)
        }
        do {
            let held = try RunFolder.open(run, recipe: nil)
            #expect(held.recipe == recipe)
            #expect(throws: RunError.inUse(path: run)) { try RunFolder.open(run, recipe: nil) }
        }
        let image = glyphs.appending("glyphs/id0/genuine/0.png")
        try FileManager.default.removeItem(atPath: image)
        try FileManager.default.copyItem(atPath: glyphs.appending("glyphs/id1/genuine/0.png"), toPath: image)
        let error = #expect(throws: CheckpointError.self) { try train(recipe, in: run, resuming: true) }
        guard case .otherRun = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `divergence is an error that leaves the last checkpoint as it was`() throws {
        let glyphs = try GlyphFolder()
        var recipe = try Recipe(parsing: glyphs.text)
        recipe.stages[0].optimizer = OptimizerRecipe(.sgd(momentum: 0, nesterov: false))
        recipe.stages[0].schedule = ScheduleRecipe(learningRate: 100, shape: .constant)
        recipe.stages[0].loss = .contrastive(margin: 1000)
        let run = glyphs.appending("run")
        let error = #expect(throws: RunError.self) { try train(recipe, in: run) }
        guard case .diverged(_, let checkpoint?) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(throws: Never.self) { try Checkpoint.read(checkpoint) }
        #expect("\(try #require(error))".contains("The last good checkpoint is"))
    }
}
