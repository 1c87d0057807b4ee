import Dispatch
import Foundation
import Imaging
import Synchronization

extension ImageCache {
    /// The grey levels of images as numbers in 0…1, one image after another, each row by row.
    ///
    /// - Parameters:
    ///   - indices: Places in ``images``; one may occur more than once, and is augmented anew each time.
    ///   - random: One stream is forked from it for each image, so that neither the number of threads nor their order
    ///     shows in the result.
    public func values(
        of indices: [Int], augmentation: Augmentation? = nil, random: inout RandomSource, threads: Int? = nil
    ) -> [Float] {
        let streams = indices.map { _ in random.fork() }
        let threads = max(1, min(threads ?? ProcessInfo.processInfo.activeProcessorCount, indices.count))
        let parts = BatchParts(count: threads)
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            let range = indices.count * thread / threads..<indices.count * (thread + 1) / threads
            var values: [Float] = []
            values.reserveCapacity(range.count * width * height)
            for place in range {
                var stream = streams[place]
                let tile = tile(indices[place])
                let image = augmentation?.applied(to: tile, random: &stream) ?? tile
                for pixel in image.pixels { values.append(Float(pixel) * (1 / 255)) }
            }
            parts.values.withLock { $0[thread] = values }
        }
        return parts.values.withLock { Array($0.joined()) }
    }
}

/// What each thread makes of its part of a batch.
private final class BatchParts: Sendable {
    let values: Mutex<[[Float]]>

    init(count: Int) {
        values = Mutex(Array(repeating: [], count: count))
    }
}
