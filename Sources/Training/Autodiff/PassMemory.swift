// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The memory of a pass: pages that are given by the system when they are first written.
final class PassMemory {
    /// The most bytes of a pass. A training step keeps what every layer read, so that it needs many times the memory
    /// that inference does; beyond this a machine for which this is made would swap.
    static let maximumBytes = 12 << 30
    private static let alignment = 64

    let count: Int
    private let block: UnsafeMutableRawPointer

    init(count: Int) throws(TrainingError) {
        self.count = count
        let (bytes, overflows) = count.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
        guard !overflows, bytes <= Self.maximumBytes else {
            throw .invalidInput(
                reason:
                    "a batch of this shape would take \(overflows ? "more than \(Int.max)" : "\(bytes)") bytes, and at most "
                    + "\(Self.maximumBytes) are given; make the batch or the images smaller")
        }
        guard let block = calloc(1, bytes + Self.alignment) else {
            throw .invalidInput(
                reason: "a batch of this shape takes \(bytes) bytes, which the system does not give; make it smaller")
        }
        self.block = block
    }

    deinit { free(block) }

    /// The first float, at the beginning of a cache line.
    var start: UnsafeMutablePointer<Float> {
        block.alignedUp(toMultipleOf: Self.alignment).assumingMemoryBound(to: Float.self)
    }
}
