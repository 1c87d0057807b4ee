// SPDX-License-Identifier: Apache-2.0

/// The offsets of a tensor's elements in row-major order of `extents`, a run along the last axis at a time.
///
/// Up to eight axes after neighbours that lie end to end are joined; the counters live on the stack.
struct StridedWalk: Sendable, Hashable {
    /// The most axes that remain after joining.
    static let maximumAxes = 8

    private let outer: SIMD8<Int>
    private let outerStrides: SIMD8<Int>
    private let outerAxes: Int
    private let runs: Int
    private let runLength: Int
    private let runStride: Int

    var count: Int { runs * runLength }

    /// nil when more than ``maximumAxes`` axes remain after joining, or the lists differ in length.
    init?(extents: [Int], strides: [Int]) {
        let joined = Self.joined(extents: extents, strides: strides)
        guard extents.count == strides.count, joined.count <= Self.maximumAxes else { return nil }
        var outer = SIMD8<Int>(repeating: 1), outerStrides = SIMD8<Int>.zero
        for (index, axis) in joined.dropLast().enumerated() {
            outer[index] = axis.extent
            outerStrides[index] = axis.stride
        }
        self.outer = outer
        self.outerStrides = outerStrides
        outerAxes = max(0, joined.count - 1)
        runs = joined.dropLast().reduce(1) { $0 &* $1.extent }
        runLength = joined.last?.extent ?? 1
        runStride = joined.last?.stride ?? 1
    }

    private static func joined(extents: [Int], strides: [Int]) -> [(extent: Int, stride: Int)] {
        var axes: [(extent: Int, stride: Int)] = []
        for (extent, stride) in zip(extents, strides) where extent != 1 {
            if let last = axes.last, last.stride == stride &* extent {
                axes[axes.count - 1] = (last.extent &* extent, stride)
            } else {
                axes.append((extent, stride))
            }
        }
        return axes
    }

    @inline(__always)
    func forEachRun(_ body: (_ start: Int, _ length: Int, _ stride: Int) -> Void) {
        guard runs > 0, runLength > 0 else { return }
        var counters = SIMD8<Int>.zero
        var start = 0
        for _ in 0..<runs {
            body(start, runLength, runStride)
            var axis = outerAxes - 1
            while axis >= 0 {
                counters[axis] += 1
                start += outerStrides[axis]
                if counters[axis] < outer[axis] { break }
                start -= outerStrides[axis] * outer[axis]
                counters[axis] = 0
                axis -= 1
            }
        }
    }
}
