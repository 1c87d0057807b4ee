// SPDX-License-Identifier: Apache-2.0

/// Why a training run cannot go on from a checkpoint.
public enum CheckpointError: Error, Sendable, Hashable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    /// The file is something else.
    case foreign(path: String)
    /// Another version of this program made it.
    case otherVersion(path: String, found: Int, supported: Int)
    /// Its content is not what was written.
    case damaged(path: String, reason: String)
    /// It belongs to a run of another recipe, or over other data.
    case otherRun(path: String, reason: String)
    /// There is none.
    case none(folder: String)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "The checkpoint \(path) cannot be read: \(reason)."
        case .foreign(let path):
            "\(path) is no checkpoint of Likeness; move it away, and the run goes on from the checkpoint before it."
        case .otherVersion(let path, let found, let supported):
            "The checkpoint \(path) has the format \(found), and this version of Likeness reads \(supported); resume with the version that made it, or begin a run in another folder."
        case .damaged(let path, let reason):
            "The checkpoint \(path) is damaged: \(reason); remove it, and the run goes on from the checkpoint before it."
        case .otherRun(let path, let reason):
            "The checkpoint \(path) does not belong to this run: \(reason); resume with the recipe and the data that the run began with, or begin a run in another folder."
        case .none(let folder):
            "\(folder) holds no checkpoint to go on from; begin the run in another folder, without --resume."
        }
    }
}
