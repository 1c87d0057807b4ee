// SPDX-License-Identifier: Apache-2.0

import Training

/// Why a training run cannot begin or go on.
public enum RunError: Error, Sendable, Equatable {
    /// There is something already where the run's folder is to be.
    case folderExists(path: String)
    /// There is something in the folder that is no run.
    case folderInUse(path: String)
    /// There is no run to go on with.
    case noRun(path: String)
    /// Another process works on the run.
    case inUse(path: String)
    /// The run was begun with another recipe; the text is the first line that differs.
    case otherRecipe(path: String, difference: String)
    /// A part of a cross-validation, from 1, is not trained yet.
    case unfinished(path: String, part: Int)
    case unreadable(path: String, reason: String)
    case unwritable(path: String, reason: String)
    /// What a recipe asks for cannot be done with its data.
    case unsuitable(reason: String)
    /// The loss is no number any more; the last checkpoint is as it was.
    case diverged(TrainingError, checkpoint: String?)
    /// The package that was made does not do what the trained network does.
    case packageDiffers(difference: Double, limit: Double)
}

extension RunError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .folderExists(let path):
            "\(path) is there already; go on with that run by --resume, or name another folder"
        case .folderInUse(let path):
            "\(path) holds something else than a training run; name a new or an empty folder"
        case .noRun(let path):
            "\(path) holds no training run; begin one without --resume"
        case .inUse(let path):
            "another process trains in \(path); wait for it, or name another folder"
        case .otherRecipe(let path, let difference):
            "the run in \(path) was begun with another recipe: \(difference); resume with the recipe as it was, or begin a run in another folder"
        case .unfinished(let path, let part):
            "part \(part) of the cross-validation in \(path) is not trained yet; go on with the run by --resume"
        case .unreadable(let path, let reason):
            "\(path): it cannot be read: \(reason)"
        case .unwritable(let path, let reason):
            "\(path): it cannot be written: \(reason)"
        case .unsuitable(let reason):
            reason
        case .diverged(let error, let checkpoint):
            "\(error)" + (checkpoint.map { " The last good checkpoint is \($0)." } ?? "")
        case .packageDiffers(let difference, let limit):
            "the exported network's embeddings differ from the trained one's by \(difference), and at most \(limit) is allowed; this is a defect of Likeness"
        }
    }
}
