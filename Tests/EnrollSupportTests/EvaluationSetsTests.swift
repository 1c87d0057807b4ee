// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import ProgramHarness
import Recipes
import Recognition
import Testing
import Training

/// `enroll evaluate` on several sets, and on the run of a cross-validation over them.
@Suite struct EvaluationSetsTests {
    private let folder: TemporaryFolder
    private var parent: String { folder.appending("sets") }

    init() throws {
        folder = try TemporaryFolder()
        // People of one name in both.
        for (name, writers, seed) in [("pen", 6, 6), ("scan", 9, 7)] {
            _ = try SignatureFolder.write(
                SyntheticSignatureSet(writers: writers, genuine: 4, forgeries: 2, seed: UInt64(seed)),
                to: "\(parent)/\(name)")
        }
    }

    private func recipe(_ run: String) throws -> Recipe {
        try Recipe(
            parsing: """
                [package]
                name = "parts"
                calibration = "cross-validation"
                [run]
                seed = 1
                threads = 2
                held_out = 0
                \(run)
                [data]
                modality = "signature"
                width = 32
                height = 16
                [[data.sources]]
                name = "pen"
                folder = "\(parent)/pen"
                [[data.sources]]
                name = "scan"
                folder = "\(parent)/scan"
                \(TinyTraining.recipe)
                """)
    }

    private func trained(_ run: String) throws -> (summary: RunSummary, path: String) {
        let path = folder.appending("run"), recipe = try recipe(run)
        return (
            try RecipeRun.run(recipe, in: RunFolder.create(path, recipe: recipe), decoding: .local, resuming: false),
            path
        )
    }

    private func report(_ run: EvaluationRun, _ sets: EvaluationSets) async throws -> SetsReport {
        try #require(SetsReport(try await run.evaluate(sets, options: EvaluationOptions(resamples: 50)) { _, _ in }))
    }

    @Test func `each set is what it is by itself, and of all together each weighs the same`() async throws {
        let path = try trained("folds = 3").path + "/final/package"
        let run = try EvaluationRun(model: ModelPackage.load(from: path), decoding: .local)
        let report = try await report(run, EvaluationSets(in: [parent]))
        #expect(report.sets.map(\.name) == ["pen", "scan"] && report.leftOut.isEmpty)
        for set in report.sets {
            let data = try EvaluationData("\(parent)/\(set.name)")
            let outcome = try await run.evaluate(data, options: EvaluationOptions(resamples: 50)) { _, _ in }
            let alone = EvaluationReport(outcome)
            #expect(set.results.map { $0.random?.equalErrorRate } == alone.results.map { $0.random?.equalErrorRate })
            #expect(set.results.map { $0.skilled?.interval?.low } == alone.results.map { $0.skilled?.interval?.low })
            #expect(set.data.images == (set.name == "pen" ? 36 : 54))
        }
        #expect(report.pooled.map(\.references) == [1, 3, 5])
        let one = report.pooled[0]
        #expect(one.identities == 15 && one.skilledSets == ["pen", "scan"])
        #expect(one.random?.comparisons == 10 * (6 * 5 * 4 + 9 * 8 * 4))
        // At the model's thresholds the rates over all are the means of the sets'.
        for (place, point) in one.atModelThresholds.enumerated() {
            let own = report.sets.map { $0.results[0].atModelThresholds[place] }
            #expect(abs(point.falseNonMatchRate - own.reduce(0) { $0 + $1.falseNonMatchRate } / 2) < 1e-12)
            #expect(
                abs((point.skilledFalseMatchRate ?? -1) - own.reduce(0) { $0 + ($1.skilledFalseMatchRate ?? 0) } / 2)
                    < 1e-12)
        }
        #expect(!one.atModelThresholds.isEmpty)
        let lines = report.text.split(separator: "\n").map(String.init)
        for name in ["pen", "scan", "all sets"] {
            #expect(lines.contains { $0.hasPrefix("  \(name) ") && $0.contains(" %") }, "\(name)")
        }
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
        let json = try JSONSerialization.jsonObject(with: Data(JSONText.line(report).utf8)) as? [String: Any]
        #expect(Set(try #require(json).keys) == ["model", "settings", "sets", "pooled", "left_out", "plots", "worst"])
    }

    @Test(arguments: ["folds = 3", "leave_out = \"sources\""])
    func `each identity of each set is measured by the network that did not see it, as when it was trained`(
        how: String
    ) async throws {
        let (summary, path) = try trained(how)
        let report = try await report(
            EvaluationRun(CrossValidatedModel.load(from: path), decoding: .local), EvaluationSets(in: [parent]))
        #expect(report.model.parts == (how.hasPrefix("folds") ? 3 : 2))
        #expect(report.sets.map(\.name) == summary.sources.map(\.name))
        for (set, source) in zip(report.sets, summary.sources) {
            for (found, expected) in zip(set.results, source.results) {
                #expect(found.identities == expected.identities)
                #expect(found.random?.independentComparisons == expected.random?.impostor)
                // The engine rounds otherwise than the trainer.
                #expect(abs((found.skilled?.equalErrorRate ?? -1) - (expected.skilled?.equalErrorRate ?? -1)) < 0.05)
            }
        }
        #expect(report.pooled[0].identities == 15)
        #expect(
            abs((report.pooled[0].random?.equalErrorRate ?? -1) - (summary.results[0].random?.equalErrorRate ?? -1))
                < 0.05)
    }

    @Test func `a set is the source of its folder or its name, and another is left out and said`() async throws {
        let run = try EvaluationRun(CrossValidatedModel.load(from: try trained("folds = 3").path), decoding: .local)
        let elsewhere = folder.appending("elsewhere"), manager = FileManager.default
        try manager.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
        try manager.copyItem(atPath: "\(parent)/pen", toPath: "\(elsewhere)/pen")
        try manager.copyItem(atPath: "\(parent)/pen", toPath: "\(elsewhere)/new")
        try manager.createSymbolicLink(atPath: "\(elsewhere)/linked", withDestinationPath: "\(parent)/scan")
        let found = try await report(run, EvaluationSets(in: [elsewhere]))
        #expect(found.sets.map(\.name) == ["linked", "pen"])
        #expect(
            found.leftOut.count == 1
                && found.leftOut[0].hasPrefix("new: left out, because the cross-validation has no source"))
        #expect(found.complaints.contains("enroll: new: left out"))
        // One folder alone is told by its name, too.
        let outcome = try await run.evaluate(
            EvaluationData("\(elsewhere)/pen"), options: EvaluationOptions(resamples: 0)
        ) { _, _ in }
        #expect(EvaluationReport(outcome).results[0].identities == 6)
        let new = try EvaluationSets(folders: ["\(elsewhere)/new"])
        let failure = await #expect(throws: CommandFailure.self) { try await report(run, new) }
        #expect(try #require(failure).message.contains("only pen, scan"))
    }

    @Test func `sets are named by their folders, which have to differ`() throws {
        try FileManager.default.createDirectory(atPath: "\(parent)/empty", withIntermediateDirectories: true)
        let sets = try EvaluationSets(in: [parent])
        #expect(sets.members.map(\.name) == ["pen", "scan"])
        #expect(sets.remarks.count == 1 && sets.remarks[0].hasPrefix("empty: left out"))
        #expect(
            try EvaluationSets(folders: ["\(parent)/scan/", "\(parent)/pen/."]).members.map(\.name) == ["scan", "pen"])
        let twice = #expect(throws: CommandFailure.self) {
            try EvaluationSets(folders: ["\(parent)/pen", "\(parent)/pen"])
        }
        #expect(try #require(twice).message.contains("two sets are called “pen”"))
        #expect(throws: CommandFailure.self) { try EvaluationSets(in: ["\(parent)/empty"]) }
        #expect(throws: CommandFailure.self) { try EvaluationSets(folders: ["\(parent)/pen", "\(parent)/none"]) }
        let people = try PeopleFolder.sets(in: ["\(parent)/pen", "\(parent)/scan"], areParents: false)
        #expect(people.map(\.name) == ["pen", "scan"] && people[1].identities.count == 9)
        #expect(people[0].identities[0].images[0].name.hasPrefix("pen/writer-1/"))
    }
}
