// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import ProgramHarness
import Recipes
import Synchronization
import Testing
import Training

/// What `enroll train` shows, and how it ends when it is interrupted.
@Suite struct TrainCommandTests {
    @Test func `a person sees epochs and remarks, and a log only remarks`() {
        let epoch = TrainingHistory.Epoch(
            stage: 0, epoch: 3, steps: 30, loss: 0.12341, learningRate: 0.01, figures: ["skilled_eer": 0.125],
            isBest: true)
        func told(isTerminal: Bool) -> [String] {
            let lines = Mutex<[String]>([])
            let silent = { ProgressDisplay(title: $0, write: nil, columns: { 80 }) }
            let display = TrainingDisplay(preparing: silent("a"), training: silent("b"), isTerminal: isTerminal) {
                line in
                lines.withLock { $0.append(line) }
            }
            display.show(.stage(name: "fine", number: 2, count: 2))
            display.show(.epoch(epoch))
            display.show(.remark("one image was left out"))
            return lines.withLock { $0 }
        }
        #expect(
            told(isTerminal: true) == [
                "stage 2 of 2: fine", "epoch 3: loss 0.123, skilled EER 12.5 %, the best so far",
                "one image was left out",
            ])
        #expect(told(isTerminal: false) == ["one image was left out"])
    }

    @Test func `the bar tells epoch, loss, speed and the time left`() {
        let drawn = Mutex("")
        let bar = ProgressDisplay(title: "training", write: { text in drawn.withLock { $0 += text } }, columns: { 90 })
        let display = TrainingDisplay(preparing: bar, training: bar, isTerminal: true) { _ in }
        display.show(
            .step(
                TrainingProgress(
                    stage: 0, epoch: 2, epochs: 5, step: 15, steps: 50, loss: 0.5, learningRate: 0.1,
                    imagesPerSecond: 312.4, secondsLeft: 61)))
        #expect(
            drawn.withLock { $0.contains("] epoch 2 of 5, loss 0.5, 312 images/s, 1:01 left") },
            "\(drawn.withLock { $0 })")
    }

    @Test(.enabled(if: Products.contains("enroll"), "needs the built programs; scripts/test sets LIKENESS_BIN"))
    func `an interrupted run says how to go on, and ends with status 130`() async throws {
        let folder = try TemporaryFolder()
        let recipe = """
            [package]
            name = "generated"
            calibration = "none"
            [run]
            held_out = 0
            [data]
            modality = "signature"
            width = 24
            height = 16
            [[data.sources]]
            name = "generated"
            synthetic = 4
            genuine = 3
            forgeries = 1
            [network]
            architecture = "conv4"
            widths = [4]
            embedding = 4
            [loss]
            kind = "triplet"
            [optimiser]
            kind = "sgd"
            [schedule]
            learning_rate = 0.001
            [batch]
            kind = "episodes"
            identities = 3
            samples = 2
            [training]
            epochs = 1000000
            steps_per_epoch = 10
            """
        try recipe.write(toFile: folder.appending("recipe.toml"), atomically: true, encoding: .utf8)
        let run = folder.appending("run"), errors = folder.appending("errors")
        let program = try Products.program("enroll")
        let running = try RunningProgram(
            program, ["train", folder.appending("recipe.toml"), "--output", run], output: .nothing,
            errors: .file(errors), limit: .seconds(300))
        // From the second epoch on there is something to be finished.
        while running.isRunning,
            (try? String(contentsOfFile: run + "/metrics.csv", encoding: .utf8).count { $0 == "\n" }) ?? 0 < 3
        {
            try await Task.sleep(for: .milliseconds(50))
        }
        running.send(SIGINT)
        #expect(try await running.status(within: .seconds(60)) == 130)
        let told = try String(contentsOfFile: errors, encoding: .utf8)
        #expect(told.contains("enroll: go on with: enroll train --resume --output \(run)\n"), "\(told)")
        let checkpoint = try Checkpoint.read(try #require(CheckpointFolder(path: run + "/checkpoints").latestPath))
        let steps = try String(contentsOfFile: run + "/steps.csv", encoding: .utf8).split(separator: "\n").count - 1
        #expect(checkpoint.state.step == steps)

        let again = try await Command.run(
            program, ["train", "--output", run, folder.appending("recipe.toml"), "--json"])
        #expect(again.status == 73)
        #expect((try again.json()["error"] as? [String: Any])?["name"] as? String == "CannotCreate")
    }

    @Test(
        .enabled(if: Products.contains("enroll"), "needs the built programs; scripts/test sets LIKENESS_BIN"),
        arguments: [false, true])
    func `a training that fails at its start leaves nothing in the way of the next`(_ isThere: Bool) async throws {
        let folder = try TemporaryFolder(), run = folder.appending("run"), program = try Products.program("enroll")
        if isThere { try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true) }
        func train(_ batch: String, images: String) async throws -> CommandResult {
            let recipe = """
                [package]
                name = "early"
                calibration = "none"
                [run]
                held_out = 0
                [data]
                modality = "signature"
                width = 24
                height = 16
                [[data.sources]]
                name = "images"
                \(images)
                [network]
                architecture = "conv4"
                widths = [4]
                embedding = 4
                [loss]
                kind = "triplet"
                [optimiser]
                kind = "sgd"
                [schedule]
                learning_rate = 0.001
                [batch]
                kind = "episodes"
                identities = \(batch)
                samples = 2
                [training]
                epochs = 1
                steps_per_epoch = 1
                """
            try recipe.write(toFile: folder.appending("recipe.toml"), atomically: true, encoding: .utf8)
            return try await Command.run(program, ["train", folder.appending("recipe.toml"), "--output", run])
        }
        let generated = "synthetic = 4\ngenuine = 3\nforgeries = 1"
        // Before the first image is there, and after everything but the first step.
        for (batch, images) in [("3", "folder = \"\(folder.appending("none"))\""), ("60", generated)] {
            let failed = try await train(batch, images: images)
            #expect(failed.status != 0 && failed.status != 73, "\(failed)")
            #expect(FileManager.default.fileExists(atPath: run) == isThere)
        }
        let trained = try await train("3", images: generated)
        #expect(trained.status == 0, "\(trained)")
        let again = try await train("3", images: generated)
        #expect(again.status == 73 && again.errors.contains("--resume"), "\(again)")
        let foreign = folder.appending("foreign")
        try FileManager.default.createDirectory(atPath: foreign + "/thing", withIntermediateDirectories: true)
        let refused = try await Command.run(program, ["train", folder.appending("recipe.toml"), "--output", foreign])
        #expect(refused.status == 73 && refused.errors.contains("something else than a training run"), "\(refused)")
        #expect(!refused.errors.contains("--resume"))
    }
}
