// SPDX-License-Identifier: Apache-2.0

import Training

/// Which identities and pairs a run learns from, which it watches, and which it never sees.
struct Partition: Sendable {
    let training: IdentityTable
    /// For early stopping and, without a test part, for the calibration.
    let heldOut: IdentityTable
    /// The left-out part of cross-validation.
    let test: IdentityTable?
    let lists: [String: ListPart]

    struct ListPart: Sendable {
        let training: PairList
        let heldOut: PairList?
    }

    /// - Parameter fold: which part of cross-validation is left out, from 0; nil for a run on all.
    /// - Throws: `DataSetError` when there are too few identities.
    init(_ data: TrainingData, recipe: Recipe, fold: Int?) throws {
        let evaluatedSources = Set(recipe.evaluatedSources)
        let seed = UInt64(recipe.run.seed)
        func isEvaluated(_ identity: IdentityTable.Identity) -> Bool {
            data.sources[identity.name].map(evaluatedSources.contains) ?? false
        }
        var seen = IdentityTable(data.identities.identities.filter(isEvaluated)), test: IdentityTable?
        if let fold {
            (seen, test) = try Self.split(seen, data, recipe: recipe, part: fold)
        }
        var heldOut = IdentityTable([IdentityTable.Identity]())
        if recipe.run.heldOut > 0, seen.count > 0 {
            let split = try seen.split(validationShare: recipe.run.heldOut, seed: seed &+ 1)
            (seen, heldOut) = (split.training, split.validation)
        }
        training = IdentityTable(seen.identities + data.identities.identities.filter { !isEvaluated($0) })
        self.heldOut = heldOut
        self.test = test
        var lists: [String: ListPart] = [:]
        for (name, list) in data.lists {
            if evaluatedSources.contains(name), recipe.run.heldOut > 0 {
                let split = try list.pairs.split(validationShare: recipe.run.heldOut, seed: seed &+ 1)
                lists[name] = ListPart(training: split.training, heldOut: split.validation)
            } else {
                lists[name] = ListPart(training: list.pairs, heldOut: nil)
            }
        }
        self.lists = lists
    }

    /// What a part of cross-validation learns from, and what it leaves out.
    private static func split(
        _ evaluated: IdentityTable, _ data: TrainingData, recipe: Recipe, part: Int
    ) throws(DataSetError) -> (seen: IdentityTable, test: IdentityTable) {
        switch recipe.run.leaveOut {
        case .sources:
            let source = recipe.evaluatedSources[part]
            let parts = Dictionary(grouping: evaluated.identities) { data.sources[$0.name] == source }
            guard let leftOut = parts[true], let others = parts[false] else {
                throw .tooLittle(
                    reason: "the source “\(source)” cannot be left out: it or all others hold no identities")
            }
            return (IdentityTable(others), IdentityTable(leftOut))
        case nil:
            let split = try evaluated.folds(recipe.run.folds ?? 2, seed: UInt64(recipe.run.seed))[part]
            return (split.training, split.validation)
        }
    }

    /// What a stage trains on, of its sources.
    func training(of stage: StageRecipe, _ data: TrainingData) -> IdentityTable {
        guard let names = stage.sources.map(Set.init) else { return training }
        return IdentityTable(training.identities.filter { data.sources[$0.name].map(names.contains) ?? false })
    }
}
