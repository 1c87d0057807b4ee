// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import Recognition
import Training
import Wording

/// Trains a network for each part of the evaluated identities on all others, and measures each part by the network that
/// did not see it. The comparisons of all parts count together, with one threshold; of several sources each weighs the
/// same. Or each part is one evaluated source, and its network has seen the others alone.
///
/// Stages at the recipe's beginning that see no evaluated identity are the same for every part, and are trained once.
struct CrossValidation {
    let recipe: Recipe
    let decoding: any PictureDecoding
    let folder: RunFolder
    let stopRequest: StopRequest
    let events: @Sendable (RunEvent) -> Void

    struct Outcome {
        /// By source.
        let results: [SetResults]
        /// Of one draw, so that no comparison counts twice.
        let single: [SetResults]
        let identities: Int
        let images: Int
        let rule: IdentityReference.Rule
        let history: TrainingHistory
        let isInterrupted: Bool
    }

    /// - Parameters:
    ///   - resuming: parts that are done are measured again, and the one at hand goes on.
    ///   - beginning: where each part begins.
    func run(data: TrainingData, folds: Int, resuming: Bool, beginning: Checkpoint?) throws -> Outcome {
        var parts: [HeldOutMeasure.MeasuredSet] = [], singles: [HeldOutMeasure.MeasuredSet] = []
        var history = TrainingHistory(), images = 0, identities = 0, rule = IdentityReference.Rule.mean
        for fold in 0..<folds {
            events(.fold(number: fold + 1, count: folds))
            if recipe.run.leaveOut == .sources {
                events(.remark("the source “\(recipe.evaluatedSources[fold])” is left out"))
            }
            let own = try RunFolder.openOrCreate(
                CrossValidatedModel.partFolder(fold + 1, in: folder.path), recipe: recipe)
            let trained = try RecipeRun(
                recipe, decoding: decoding, folder: own, fold: fold, stopRequest: stopRequest, events: events
            )
            .train(resuming: resuming, data: data, beginning: beginning)
            (history, rule) = (trained.history, trained.builder.rule)
            if trained.isInterrupted {
                return Outcome(
                    results: [], single: [], identities: 0, images: 0, rule: trained.builder.rule, history: history,
                    isInterrupted: true)
            }
            let plots = RunPlots(name: "\(recipe.package.name), part \(fold + 1) left out")
            try own.write(plots.loss(history), named: "loss")
            guard let test = trained.builder.partition.test, let measure = trained.builder.measure(test) else {
                continue
            }
            let values = try trained.embeddings(measure)
            let results = try measure.results(values, draws: 10, bootstrap: .none)
            try own.write(results.map(\.results), plots: plots)
            try trained.makePackage(calibration: nil).package.write(toFolder: own.packagePath)
            // After the package: where the list is, the part can be evaluated.
            let names = recipe.listNames(of: test.identities.map(\.name))
            try own.write(Array(names.map { $0 + "\n" }.joined().utf8), to: CrossValidatedModel.listName)
            parts += results
            singles += try measure.results(values, draws: 1, bootstrap: .none)
            images += measure.images.count
            identities += measure.identityCount
        }
        return Outcome(
            results: Self.pooled(parts, bootstrap: BootstrapSettings()), single: Self.pooled(singles, bootstrap: .none),
            identities: identities, images: images, rule: rule, history: history, isInterrupted: false)
    }

    /// Where every part begins.
    struct Beginning {
        /// Nil where parts share no stage.
        var checkpoint: Checkpoint?
        var history = TrainingHistory()
        var isInterrupted = false
    }

    /// Trains the stages that all parts share, in a folder of their own, and packages what they came to: a network that
    /// owes nothing to the evaluated sources.
    func sharedStages(data: TrainingData, resuming: Bool) throws -> Beginning {
        let count = recipe.sharedStageCount
        guard count > 0 else { return Beginning() }
        let own = try RunFolder.openOrCreate("\(folder.path)/shared", recipe: recipe)
        let trained = try RecipeRun(recipe, decoding: decoding, folder: own, stopRequest: stopRequest, events: events)
            .train(resuming: resuming, data: data, stages: count)
        try own.write(RunPlots(name: "\(recipe.package.name), shared stages").loss(trained.history), named: "loss")
        if !trained.isInterrupted { try trained.makePackage(calibration: nil).package.write(toFolder: own.packagePath) }
        return Beginning(
            checkpoint: trained.isInterrupted
                ? nil : try own.checkpoints.latest(recipe: recipe.digest, data: data.digest),
            history: trained.history, isInterrupted: trained.isInterrupted)
    }

    /// The calibration that the pooled comparisons give.
    func calibration(_ outcome: Outcome, folds: Int) throws(CalibrationError) -> Calibration {
        let names = recipe.evaluatedSources.joined(separator: ", ")
        let unseen = recipe.run.leaveOut == .sources ? "anything of its source" : "the identity"
        return try Calibration.fit(
            outcome.single,
            set:
                "\(names): cross-validation in \(folds) parts over \(NumberText.count(outcome.identities, "identity", "identities")), "
                + "\(NumberText.count(outcome.images, "image")), each measured by a network of this recipe that did not see \(unseen); "
                + (outcome.single.count > 1 ? "each source weighing the same; " : "")
                + "references of \(TrainedNetwork.counts(outcome.single)) samples by the rule “\(outcome.rule.name)” against the other images"
                + (outcome.single.count > 1 ? " of the same source" : ""))
    }

    /// For each source and number of references the parts together.
    private static func pooled(_ parts: [HeldOutMeasure.MeasuredSet], bootstrap: BootstrapSettings) -> [SetResults] {
        var names: [String] = []
        for part in parts where !names.contains(part.results.name) { names.append(part.results.name) }
        return names.map { name in
            let own = parts.filter { $0.results.name == name }
            let counts = Set(own.flatMap { $0.results.results.map(\.referenceCount) }).sorted()
            return SetResults(
                name: name,
                results: counts.compactMap { count in
                    VerificationResult.pooled(own.compactMap { $0.part(references: count) }, bootstrap: bootstrap)
                })
        }
    }
}

extension RecipeRun {
    /// Follows the recipe to its end: cross-validation if it asks for that, and the package.
    ///
    /// With cross-validation the folder holds a folder for each part, one, `shared`, for stages that all parts share,
    /// and one, `final`, for the packaged network if its calibration is to come of the parts; without that, no network
    /// is packaged.
    ///
    /// - Parameters:
    ///   - decoding: where images are decoded.
    ///   - prepared: a folder in which prepared images are kept for later runs.
    /// - Throws: as ``train(resuming:data:)`` and when an output cannot be written.
    public static func run(
        _ recipe: Recipe, in folder: RunFolder, decoding: any PictureDecoding, resuming: Bool,
        prepared: String? = nil,
        stopRequest: StopRequest = StopRequest(),
        events: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) throws -> RunSummary {
        let run = RecipeRun(
            recipe, decoding: decoding, folder: folder, prepared: prepared, stopRequest: stopRequest, events: events)
        let data = try run.loadData()
        guard let folds = recipe.partCount else {
            return try run.runToPackage(in: folder, resuming: resuming, data: data)
        }

        let validation = CrossValidation(
            recipe: recipe, decoding: decoding, folder: folder, stopRequest: stopRequest, events: events)
        let beginning = try validation.sharedStages(data: data, resuming: resuming)
        guard !beginning.isInterrupted else {
            return RunSummary(
                name: recipe.package.name, run: folder.path, history: beginning.history, isInterrupted: true)
        }
        let outcome = try validation.run(data: data, folds: folds, resuming: resuming, beginning: beginning.checkpoint)
        guard !outcome.isInterrupted else {
            return RunSummary(
                name: recipe.package.name, run: folder.path, history: outcome.history, isInterrupted: true)
        }
        try folder.write(outcome.results, plots: RunPlots(name: recipe.package.name))
        var package: RunSummary.Package?, problem: String?, history = outcome.history
        if recipe.package.calibration == .crossValidation {
            var calibration: Calibration?
            do throws(CalibrationError) {
                calibration = try validation.calibration(outcome, folds: folds)
            } catch {
                problem = error.description
            }
            let own = try RunFolder.openOrCreate(folder.path + "/final", recipe: recipe)
            let summary = try RecipeRun(
                recipe, decoding: decoding, folder: own, stopRequest: stopRequest, events: events
            )
            .runToPackage(
                in: own, resuming: resuming, data: data, calibration: calibration, beginning: beginning.checkpoint)
            guard !summary.isInterrupted else { return summary }
            (package, history) = (summary.package, outcome.history)
        }
        let summary = RunSummary(
            name: recipe.package.name, run: folder.path, history: history, folds: folds, leftOut: recipe.run.leaveOut,
            results: outcome.results,
            package: package,
            calibrationProblem: problem)
        try folder.write(try summary.jsonBytes(), to: resultName)
        return summary
    }
}
