// SPDX-License-Identifier: Apache-2.0

import Training

/// Where a run keeps its checkpoints: in its folder, or for a run without one only the best weights, in memory.
final class RunStore {
    let folder: RunFolder?
    private var bestInMemory: Checkpoint?

    init(folder: RunFolder?) {
        self.folder = folder
    }

    func save(_ checkpoint: Checkpoint) throws(RunError) {
        guard let folder else { return }
        do {
            try folder.checkpoints.save(checkpoint)
        } catch {
            throw .unwritable(path: error.path, reason: error.reason)
        }
    }

    func saveBest(_ checkpoint: Checkpoint) throws(RunError) {
        guard let folder else {
            bestInMemory = checkpoint
            return
        }
        do {
            try folder.checkpoints.saveBest(checkpoint)
        } catch {
            throw .unwritable(path: error.path, reason: error.reason)
        }
    }

    /// The best weights of a stage, which were saved at an epoch.
    func best(_ state: Checkpoint.State, epoch: Int) throws(CheckpointError) -> Checkpoint {
        guard let folder else {
            guard let bestInMemory else { throw .none(folder: "memory") }
            return bestInMemory
        }
        let best = try folder.checkpoints.best(recipe: state.recipe, data: state.data)
        guard best.state.stage == state.stage, best.state.epoch == epoch else {
            throw .otherRun(
                path: folder.checkpoints.bestPath, reason: "it is not of epoch \(epoch) of stage \(state.stage + 1)")
        }
        return best
    }

    /// The checkpoint that a run goes on from.
    func latest(recipe: String, data: String) throws(CheckpointError) -> Checkpoint {
        guard let folder else { throw .none(folder: "memory") }
        return try folder.checkpoints.latest(recipe: recipe, data: data)
    }

    /// The path of the newest checkpoint, for messages.
    var latestPath: String? { folder?.checkpoints.latestPath }
}
