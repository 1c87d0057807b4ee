// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Training
import Wording

extension Recipe {
    /// What no single key can be wrong about.
    func validate() throws(RecipeError) {
        guard !stages.isEmpty, stages.count <= Self.maximumStages else {
            throw .contradiction(reason: "it has \(stages.count) stages, and 1 to \(Self.maximumStages) are needed")
        }
        guard !data.sources.isEmpty else { throw .contradiction(reason: "it names no data source") }
        try validateSources()
        for stage in stages { try validate(stage) }
        try validateEvaluation()
    }

    private func validateSources() throws(RecipeError) {
        let names = data.sources.map(\.name)
        guard Set(names).count == names.count else { throw .contradiction(reason: "two data sources have one name") }
        guard Set(stages.map(\.name)).count == stages.count else {
            throw .contradiction(reason: "two stages have one name")
        }
        for source in data.sources {
            switch source.origin {
            case .folder, .pairs: continue
            case .synthetic, .pens: break
            }
            guard data.modality != .face else {
                throw .contradiction(reason: "the source “\(source.name)” makes signatures, and the modality is “face”")
            }
            guard !source.isEvaluated else {
                throw .contradiction(
                    reason:
                        "the source “\(source.name)” makes its images and cannot be evaluated: figures of it would say nothing about what is scanned"
                )
            }
        }
        switch (data.modality, data.faces) {
        case (.face, nil):
            throw .contradiction(
                reason: "the modality “face” needs data.faces: a model package whose detector cuts out the faces")
        case (.signature, .some), (.glyph, .some):
            throw .contradiction(reason: "data.faces is for the modality “face” alone")
        case (.face, .some):
            guard data.width == data.height else {
                throw .contradiction(reason: "aligned faces are square, and data states \(data.width)×\(data.height)")
            }
        case (.signature, nil), (.glyph, nil): break
        }
    }

    private func validate(_ stage: StageRecipe) throws(RecipeError) {
        let names = data.sources.map(\.name)
        for name in stage.sources ?? [] where !names.contains(name) {
            let nearest = NearestName.of(name, among: names).map { "; did you mean “\($0)”?" } ?? ""
            throw .contradiction(
                reason: "the stage “\(stage.name)” trains on “\(name)”, and no data source has that name\(nearest)")
        }
        try validateBatches(of: stage)
        try validateSchedule(of: stage)
    }

    /// Here, and not when the stage begins, which is after all images were prepared and the stages before were trained.
    /// Where the data decide how many steps an epoch has, only the stage can tell.
    private func validateSchedule(of stage: StageRecipe) throws(RecipeError) {
        guard let steps = stage.training.stepsPerEpoch else { return }
        do throws(TrainingError) {
            _ = try stage.schedule.make(stepsPerEpoch: steps, epochs: stage.training.epochs)
        } catch {
            guard case .invalidInput(let reason) = error else { throw .contradiction(reason: "\(error)") }
            throw .contradiction(reason: "in the stage “\(stage.name)”, \(reason)")
        }
    }

    private func validateBatches(of stage: StageRecipe) throws(RecipeError) {
        if case .listedPairs = stage.batch {
            let sources = data.sources.filter { stage.sources?.contains($0.name) ?? true }
            guard sources.count == 1, case .pairs = sources[0].origin else {
                throw .contradiction(
                    reason:
                        "the stage “\(stage.name)” takes listed pairs, which are those of one pairs file; name that one as its only source"
                )
            }
            guard !sources[0].turns, !sources[0].mirrors else {
                throw .contradiction(
                    reason: "the source “\(sources[0].name)” lists pairs, which turned or mirrored images are not in")
            }
        }
        for loss in stage.loss.parts {
            switch (stage.batch, loss) {
            case (.pairs, .contrastive), (.pairs, .arcFace), (.listedPairs, .contrastive), (.episodes, .contrastive),
                (.episodes, .arcFace),
                (_, .sum):
                break
            case (.listedPairs, _), (.pairs, .triplet), (.pairs, .prototypical), (.pairs, .nPair),
                (.pairs, .verification):
                throw .contradiction(
                    reason:
                        "the stage “\(stage.name)” has batches of pairs, which its loss cannot compare; use batches of the kind “episodes”"
                )
            case (.episodes(_, let samples, _, _, _), .prototypical(let support, _)) where samples <= support:
                throw .contradiction(
                    reason:
                        "the stage “\(stage.name)” has \(samples) samples of each identity, and the loss takes \(support) of them for "
                        + "prototypes and needs more to compare with these")
            case (.episodes(_, let samples, _, _, _), .triplet) where samples < 2,
                (.episodes(_, let samples, _, _, _), .nPair) where samples < 2,
                (.episodes(_, let samples, _, _, _), .verification) where samples < 2:
                throw .contradiction(
                    reason:
                        "the stage “\(stage.name)” has one sample of each identity, and its loss needs two of one identity to compare"
                )
            case (.episodes, .prototypical), (.episodes, .triplet), (.episodes, .nPair), (.episodes, .verification):
                break
            }
        }
    }

    private func validateEvaluation() throws(RecipeError) {
        let isEvaluated = data.sources.contains(where: \.isEvaluated)
        let isHeldOut = isEvaluated && run.heldOut > 0
        if run.folds != nil, !isEvaluated {
            throw .contradiction(reason: "run.folds asks for cross-validation, and no data source is evaluated")
        }
        if run.leaveOut == .sources { try validateLeavingOutSources() }
        switch package.calibration {
        case .heldOut where !isHeldOut:
            throw .contradiction(
                reason:
                    "the calibration is to be measured on held-out identities, and none are held out; set run.held_out above 0 and "
                    + "evaluate a data source, or set package.calibration to “none”")
        case .crossValidation where partCount == nil:
            throw .contradiction(
                reason:
                    "the calibration is to come of cross-validation; state the number of parts as run.folds, or set run.leave_out to “sources”"
            )
        case .heldOut, .crossValidation, .none: break
        }
        for stage in stages where stage.training.patience != nil && stage.training.metric != .loss && !isHeldOut {
            throw .contradiction(
                reason:
                    "the stage “\(stage.name)” is to stop early by the error rate on held-out identities, and none are held out"
            )
        }
    }
}

extension Recipe {
    private func validateLeavingOutSources() throws(RecipeError) {
        guard run.folds == nil else {
            throw .contradiction(
                reason:
                    "run.leave_out = “sources” makes a part of each evaluated source, and run.folds parts of the identities; remove one of them"
            )
        }
        let evaluated = evaluatedSources
        guard evaluated.count > 1 else {
            throw .contradiction(
                reason:
                    "run.leave_out = “sources” leaves out one evaluated data source after another, and two or more are needed"
            )
        }
        for stage in stages {
            guard !stage.batch.isListed else {
                throw .contradiction(
                    reason:
                        "the stage “\(stage.name)” trains on listed pairs, of which run.leave_out = “sources” leaves out none"
                )
            }
            if let names = stage.sources, names.count == 1, let only = names.first, evaluated.contains(only) {
                throw .contradiction(
                    reason:
                        "the stage “\(stage.name)” trains on “\(only)” alone, and run.leave_out = “sources” leaves nothing of that in one part"
                )
            }
        }
    }

    /// The names of the evaluated sources, in the recipe's order.
    var evaluatedSources: [String] { data.sources.filter(\.isEvaluated).map(\.name) }

    /// How many parts cross-validation has; nil without it.
    var partCount: Int? {
        switch run.leaveOut {
        case .sources: evaluatedSources.count
        case nil: run.folds
        }
    }

    /// How many stages at the beginning neither learn from an evaluated source nor are judged by one: whatever part of
    /// those is left out, these stages are the same.
    var sharedStageCount: Int {
        let evaluated = Set(evaluatedSources)
        return stages.prefix { stage in
            guard let sources = stage.sources, stage.training.metric == .loss else { return false }
            return evaluated.isDisjoint(with: sources)
        }.count
    }
}
