// SPDX-License-Identifier: Apache-2.0

import Foundation
import Training
import Wording

/// The measurements of a run as CSV files: `steps.csv` and `metrics.csv`, which are the same bytes for the same run
/// however often it was interrupted, and `timing.csv`, which is not.
final class HistoryFiles {
    private let folder: RunFolder
    private let figures: [String]
    private var steps: Int
    private var epochs: Int

    /// Writes what has been measured so far; lines beyond it, of steps that will be done again, go.
    init(folder: RunFolder, history: TrainingHistory, figures: [String]) throws(RunError) {
        self.folder = folder
        self.figures = figures
        steps = history.steps.count
        epochs = history.epochs.count
        try folder.write(Array(history.stepsCSV.utf8), to: RunFolder.stepsName)
        try folder.write(Array(history.epochsCSV(figures: figures).utf8), to: RunFolder.metricsName)
        if !FileManager.default.fileExists(atPath: folder.path + "/" + RunFolder.timingName) {
            try folder.write(Array("stage,epoch,images_per_second\n".utf8), to: RunFolder.timingName)
        }
    }

    /// Adds the lines of what has been measured since.
    func update(_ history: TrainingHistory, imagesPerSecond: Double) throws(RunError) {
        try append(history.steps.dropFirst(steps).map(TrainingHistory.line).joined(), to: RunFolder.stepsName)
        let added = history.epochs.dropFirst(epochs)
        try append(added.map { TrainingHistory.line($0, figures: figures) }.joined(), to: RunFolder.metricsName)
        let speed = (imagesPerSecond * 10).rounded() / 10
        try append(added.map { "\($0.stage + 1),\($0.epoch),\(speed)\n" }.joined(), to: RunFolder.timingName)
        steps = history.steps.count
        epochs = history.epochs.count
    }

    private func append(_ text: String, to name: String) throws(RunError) {
        guard !text.isEmpty else { return }
        let path = folder.path + "/" + name
        do {
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            defer { try? file.close() }
            try file.seekToEnd()
            try file.write(contentsOf: Data(text.utf8))
        } catch {
            throw .unwritable(path: path, reason: SystemReason.of(error))
        }
    }
}
