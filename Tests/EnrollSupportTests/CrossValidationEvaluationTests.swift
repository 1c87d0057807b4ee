// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import ProgramHarness
import Recipes
import Recognition
import Testing
import Training

/// `enroll evaluate` on the run of a cross-validation.
@Suite struct CrossValidationEvaluationTests {
    private let folder: TemporaryFolder
    private var signatures: String { folder.appending("signatures") }
    private var run: String { folder.appending("run") }

    init() throws {
        folder = try TemporaryFolder()
        _ = try SignatureFolder.write(
            SyntheticSignatureSet(writers: 9, genuine: 4, forgeries: 2, seed: 6), to: signatures)
    }

    private func recipe() throws -> Recipe {
        try Recipe(
            parsing: """
                [package]
                name = "parts"
                calibration = "none"
                [run]
                seed = 1
                threads = 2
                held_out = 0
                folds = 3
                [data]
                modality = "signature"
                width = 32
                height = 16
                [[data.sources]]
                name = "mine"
                folder = "\(signatures)"
                [[data.sources]]
                name = "more"
                synthetic = 2
                genuine = 3
                forgeries = 1
                \(TinyTraining.recipe)
                """)
    }

    private func evaluate(_ path: String, pureInk: PureInk? = nil) async throws -> EvaluationReport {
        let run = try EvaluationRun(CrossValidatedModel.load(from: run), decoding: .local)
        let options = EvaluationOptions(resamples: 0, pureInk: pureInk)
        return EvaluationReport(try await run.evaluate(EvaluationData(path), options: options) { _, _ in })
    }

    @Test func `each identity is measured by the network that did not see it, as when it was trained`() async throws {
        let recipe = try recipe()
        let summary = try RecipeRun.run(
            recipe, in: RunFolder.create(run, recipe: recipe), decoding: .local, resuming: false)
        #expect(CrossValidatedModel.isRun(run))
        let parts = try CrossValidatedModel.load(from: run).parts
        #expect(parts.count == 3)
        #expect(Set(parts.map(\.package.digest)).count == 3)
        #expect(parts.flatMap { $0.identities.sorted() }.sorted() == (1...9).map { "writer-\($0)" })

        let report = try await evaluate(signatures)
        #expect(report.model.parts == 3)
        #expect(
            report.text.hasPrefix(
                "parts 1 (cross-validation in 3 parts, each measured by a network that did not see it)"))
        // Nobody has samples enough for 5 references.
        #expect(summary.results.map(\.references) == [1, 3])
        for (found, expected) in zip(report.results, summary.results) {
            #expect(found.identities == expected.identities)
            #expect(found.random?.independentComparisons == expected.random?.impostor)
            // The engine rounds otherwise than the trainer.
            for (own, other) in [(found.random, expected.random), (found.skilled, expected.skilled)] {
                #expect(abs((own?.equalErrorRate ?? -1) - (other?.equalErrorRate ?? -1)) < 0.02)
            }
        }
        let pure = try await evaluate(signatures, pureInk: PureInk(stroke: .constant))
        #expect(pure.settings.pureInk == "constant")
        #expect(pure.results[0].genuineComparisons == report.results[0].genuineComparisons)
    }

    @Test func `parts that are not trained yet, and people whom no part left out, are said`() async throws {
        let recipe = try recipe(), request = StopRequest()
        request.stop()
        _ = try RecipeRun.run(
            recipe, in: RunFolder.create(run, recipe: recipe), decoding: .local, resuming: false, stopRequest: request)
        #expect(throws: RunError.unfinished(path: run, part: 1)) { try CrossValidatedModel.load(from: run) }
        _ = try RecipeRun.run(recipe, in: RunFolder.open(run, recipe: nil).folder, decoding: .local, resuming: true)
        let others = folder.appending("others")
        try FileManager.default.createDirectory(atPath: others, withIntermediateDirectories: true)
        for writer in 1...3 {
            try FileManager.default.copyItem(
                atPath: "\(signatures)/writer-\(writer)", toPath: "\(others)/other-\(writer)")
        }
        let failure = await #expect(throws: CommandFailure.self) { try await evaluate(others) }
        #expect(try #require(failure).message.contains("none of its identities was left out"))
    }
}
