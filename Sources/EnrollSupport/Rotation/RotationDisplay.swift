// SPDX-License-Identifier: Apache-2.0

import LikenessInterface

/// Shows how far a rotation is, as a bar on standard error where that is a terminal.
public final class RotationDisplay: Sendable {
    private let embedding: ProgressDisplay
    private let measuring: ProgressDisplay

    public init(
        embedding: ProgressDisplay = ProgressDisplay(title: "embedding"),
        measuring: ProgressDisplay = ProgressDisplay(title: "measuring")
    ) {
        self.embedding = embedding
        self.measuring = measuring
    }

    public func show(_ rotation: WireRotation) {
        switch rotation.phase {
        case .embedding:
            embedding.show(
                done: rotation.done, total: rotation.total,
                tail: " \(rotation.done) of \(rotation.total)" + ProgressBar.timeLeft(rotation.secondsLeft))
        case .measuring:
            embedding.clear()
            measuring.show(done: rotation.done, total: rotation.total, tail: " the gallery by both models")
        case .activated, .measured, .refused, .failed, .cancelled: clear()
        }
    }

    public func clear() {
        embedding.clear()
        measuring.clear()
    }
}
