// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Draws batches and makes their images ready, one batch ahead of the training step, on other threads.
///
/// What a batch holds depends on the sampler's and the random source's state alone, never on how threads are scheduled.
final class BatchFeed {
    /// A batch, and the states after it was drawn, from which a checkpoint goes on.
    struct Batch: Sendable {
        let drawn: TrainingBatch
        /// N×1×H×W.
        let values: [Float]
        let sampler: SamplerState
        let random: RandomSource
    }

    /// A batch in the making.
    private final class Pending: Sendable {
        let isDone = DispatchSemaphore(value: 0)
        let batch = Mutex<Batch?>(nil)
    }

    private let images: TrainingImages
    private var sampler: any BatchSampler
    private var random: RandomSource
    private var pending: Pending?

    init(images: TrainingImages, sampler: any BatchSampler, random: RandomSource) {
        self.images = images
        self.sampler = sampler
        self.random = random
    }

    /// The next batch; begins with the one after it unless this is the last.
    func next(isLast: Bool) throws(TrainingError) -> Batch {
        let current = pending ?? draw()
        pending = isLast ? nil : draw()
        current.isDone.wait()
        guard let batch = current.batch.withLock({ $0 }) else { throw .invalidInput(reason: "a batch was not made") }
        return batch
    }

    private func draw() -> Pending {
        let drawn = sampler.next()
        // A stream of its own, so that how much is drawn for the images does not matter to the next batch.
        let stream = random.fork()
        let state = sampler.state, after = random, images = images, pending = Pending()
        DispatchQueue.global(qos: .userInitiated).async {
            var stream = stream
            let values = images.values(of: drawn.images, random: &stream)
            pending.batch.withLock { $0 = Batch(drawn: drawn, values: values, sampler: state, random: after) }
            pending.isDone.signal()
        }
        return pending
    }
}
