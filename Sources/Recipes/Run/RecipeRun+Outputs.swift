// SPDX-License-Identifier: Apache-2.0

import Recognition
import Training

extension RecipeRun {
    static let resultName = "result.json"
    /// The names of the identities that no step saw, one a line; with the source's name in front where there are
    /// several.
    static let heldOutName = "held-out.txt"

    /// Trains, measures and packages; everything lies in the folder afterwards.
    ///
    /// - Parameters:
    ///   - resuming: goes on from the folder's newest checkpoint. Of a run that is over, the outputs are made anew.
    ///   - given: a calibration that was measured elsewhere, in place of the one on held-out identities.
    ///   - beginning: where the run begins when it does not go on.
    /// - Throws: as ``train(resuming:data:)`` and when an output cannot be written.
    func runToPackage(
        in folder: RunFolder, resuming: Bool, data: TrainingData, calibration given: Calibration? = nil,
        beginning: Checkpoint? = nil
    ) throws -> RunSummary {
        let trained = try train(resuming: resuming, data: data, beginning: beginning)
        let plots = RunPlots(name: recipe.package.name)
        try folder.write(plots.loss(trained.history), named: "loss")
        if let heldOut = plots.heldOut(trained.history) { try folder.write(heldOut, named: "held-out") }
        if trained.isInterrupted {
            return RunSummary(
                name: recipe.package.name, run: folder.path, history: trained.history, isInterrupted: true)
        }
        let heldOutNames = trained.heldOutIdentities
        if !heldOutNames.isEmpty {
            try folder.write(Array(heldOutNames.map { $0 + "\n" }.joined().utf8), to: Self.heldOutName)
        }
        let results = try trained.evaluateSets()
        if !results.isEmpty { try folder.write(results, plots: plots) }
        let pairs = try trained.evaluatePairs()

        var calibration = given, problem: String?
        if given == nil, recipe.package.calibration == .heldOut {
            do {
                calibration = try trained.heldOutCalibration()
            } catch let error as CalibrationError {
                // The network is there, whatever it is worth; what it cannot do is said.
                problem = error.description
            }
        }
        let (package, difference) = try trained.makePackage(calibration: calibration)
        try package.write(toFolder: folder.packagePath)
        let summary = RunSummary(
            name: recipe.package.name, run: folder.path, history: trained.history, results: results, pairs: pairs,
            package: RunSummary.Package(
                path: folder.packagePath, digest: package.digest.hexadecimal, isCalibrated: calibration != nil,
                difference: difference),
            calibrationProblem: problem)
        try folder.write(try summary.jsonBytes(), to: Self.resultName)
        return summary
    }
}

extension RunFolder {
    /// The trade-off, and the distances of the largest number of references; for each of several sources its own.
    func write(_ sets: [SetResults], plots: RunPlots) throws {
        for set in sets {
            let own = plots.verification(set, isOnly: sets.count == 1)
            // A source may be called what no file can be.
            let suffix = sets.count == 1 ? "" : "-\(set.name.replacing("/", with: "-"))"
            try write(own.tradeoff, named: "det\(suffix)")
            if let scores = own.distances.last { try write(scores.histogram, named: "scores\(suffix)") }
        }
    }
}
