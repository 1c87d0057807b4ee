// SPDX-License-Identifier: Apache-2.0

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
            for position in range {
                var stream = streams[position]
                let tile = tile(indices[position])
                let image = augmentation.map { tile.augmented($0, random: &stream) } ?? tile
                for pixel in image.pixels { values.append(Float(pixel) * (1 / 255)) }
            }
            parts.values.withLock { $0[thread] = values }
        }
        return parts.values.withLock { Array($0.joined()) }
    }
}

extension GrayImage {
    /// The image changed at random, whether it shows bright on dark or, as a picture of something on paper does, dark
    /// on bright: what moves into it has to be ground, not ink.
    func augmented(_ augmentation: Augmentation, random: inout RandomSource) -> GrayImage {
        guard hasBrightGround else { return augmentation.applied(to: self, random: &random) }
        return augmentation.applied(to: inverted(), random: &random).inverted()
    }

    /// Whether most of the outermost pixels are nearer to white than to black.
    private var hasBrightGround: Bool {
        guard width > 0, height > 0 else { return false }
        // Asked of every image of every step: the inside is not walked.
        var bright = 0, count = 0
        func look(_ positions: some Sequence<Int>) {
            for position in positions {
                count += 1
                if pixels[position] > 127 { bright += 1 }
            }
        }
        look(0..<width)
        if height > 1 { look((height - 1) * width..<height * width) }
        let inner = 1..<max(1, height - 1)
        look(inner.lazy.map { $0 * width })
        if width > 1 { look(inner.lazy.map { $0 * width + width - 1 }) }
        return 2 * bright > count
    }

    private func inverted() -> GrayImage { GrayImage(width: width, height: height, pixels: pixels.map { 255 - $0 }) }
}

/// What each thread makes of its part of a batch.
private final class BatchParts: Sendable {
    let values: Mutex<[[Float]]>

    init(count: Int) {
        values = Mutex(Array(repeating: [], count: count))
    }
}
