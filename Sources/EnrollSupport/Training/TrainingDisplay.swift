// SPDX-License-Identifier: Apache-2.0

import Recipes
import Synchronization
import Training
import Wording

/// Shows what a training run does: a bar for the images and one for the steps of a stage, and a line for each epoch.
///
/// Bars are drawn where standard error is a terminal, and lines of epochs only there too, for the curves are in the
/// run's folder; elsewhere a line tells now and then how far the work has come. Remarks are always told.
public final class TrainingDisplay: Sendable {
    private let preparing: ProgressDisplay
    private let training: ProgressDisplay
    private let tell: @Sendable (String) -> Void
    private let isTerminal: Bool
    /// The stage at hand.
    private let stage = Mutex("")

    /// - Parameters:
    ///   - tell: takes whole lines.
    ///   - isTerminal: whether a person is watching.
    public init(
        preparing: ProgressDisplay = ProgressDisplay(title: "preparing images", tellsInLines: true),
        training: ProgressDisplay = ProgressDisplay(title: "training", tellsInLines: true),
        isTerminal: Bool, tell: @escaping @Sendable (String) -> Void
    ) {
        self.preparing = preparing
        self.training = training
        self.isTerminal = isTerminal
        self.tell = tell
    }

    public func show(_ event: RunEvent) {
        switch event {
        case .preparing(let done, let total): preparing.show(done: done, total: total)
        case .remark(let text): line(text)
        case .stage(let name, let number, let count):
            stage.withLock { $0 = count > 1 ? "\(name), " : "" }
            if count > 1, isTerminal { line("stage \(number) of \(count): \(name)") }
        case .fold(let number, let count):
            if isTerminal { line("part \(number) of \(count) is left out") }
        case .step(let progress): training.show(done: progress.step, total: progress.steps, tail: Self.tail(progress))
        case .epoch(let epoch):
            if isTerminal { line(Self.text(epoch)) }
        }
    }

    /// Removes the bars.
    public func clear() {
        preparing.clear()
        training.clear()
    }

    /// ` epoch 3 of 50, loss 0.123, 312 images/s, 4:32 left`.
    static func tail(_ progress: TrainingProgress) -> String {
        " epoch \(progress.epoch) of \(progress.epochs), loss \(loss(progress.loss)), "
            + "\(NumberText.whole(progress.imagesPerSecond)) images/s"
            + ProgressBar.timeLeft(progress.secondsLeft)
    }

    /// `epoch 3: loss 0.123, skilled EER 12.5 %, the best so far`.
    static func text(_ epoch: TrainingHistory.Epoch) -> String {
        let figures = epoch.figures.sorted { $0.key < $1.key }.map {
            ", \($0.key.replacing("_eer", with: "")) EER \(NumberText.decimal($0.value * 100)) %"
        }
        return "epoch \(epoch.epoch): loss \(loss(epoch.loss))" + figures.joined()
            + (epoch.isBest ? ", the best so far" : "")
    }

    /// Two decimals, or three where two would round.
    private static func loss(_ loss: Double) -> String {
        loss >= 0.01 && loss < 1e6
            ? NumberText.decimal(loss, distinctFrom: [0, (loss * 100).rounded() / 100]) : NumberText.rate(loss)
    }

    private func line(_ text: String) {
        clear()
        tell(text)
    }
}
