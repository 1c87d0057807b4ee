// SPDX-License-Identifier: Apache-2.0

/// A part of a tensor, by ONNX's Slice: negative places count from the end, places outside are drawn in, and a
/// negative step goes backwards.
package struct SliceShape: Sendable, Hashable {
    package let outputShape: [Int]
    fileprivate let offset: Int
    fileprivate let walk: StridedWalk

    /// nil when the lists differ in length, an axis is wrong or occurs twice, or a step is 0.
    package init?(_ shape: [Int], starts: [Int], ends: [Int], axes: [Int], steps: [Int]) {
        guard starts.count == axes.count, ends.count == axes.count, steps.count == axes.count,
            Set(axes).count == axes.count, axes.allSatisfy(shape.indices.contains),
            TensorExtent.count(shape) != nil
        else { return nil }
        var output = shape, strides = TensorExtent.strides(of: shape), offset = 0
        for (index, axis) in axes.enumerated() {
            let extent = shape[axis], step = steps[index]
            guard step != 0, step > -Int.max else { return nil }
            func position(_ value: Int, _ bounds: ClosedRange<Int>) -> Int {
                let (counted, overflows) = value < 0 ? value.addingReportingOverflow(extent) : (value, false)
                return overflows ? bounds.lowerBound : min(max(counted, bounds.lowerBound), bounds.upperBound)
            }
            let count: Int, first: Int
            if step > 0 {
                first = position(starts[index], 0...extent)
                let distance = max(0, position(ends[index], 0...extent) - first)
                count = distance / step + (distance % step == 0 ? 0 : 1)
            } else {
                first = extent == 0 ? 0 : position(starts[index], 0...(extent - 1))
                let distance = extent == 0 ? 0 : max(0, first - position(ends[index], -1...(extent - 1)))
                count = distance / -step + (distance % -step == 0 ? 0 : 1)
            }
            output[axis] = count
            offset &+= first &* strides[axis]
            // A single step is never taken, and a huge one could overflow.
            strides[axis] = count > 1 ? strides[axis] &* step : strides[axis]
        }
        guard let walk = StridedWalk(extents: output, strides: strides) else { return nil }
        outputShape = output
        self.offset = offset
        self.walk = walk
    }
}

package enum SliceKernel {
    package static func run<Element: BitwiseCopyable>(
        _ shape: SliceShape, input: UnsafePointer<Element>, output: UnsafeMutablePointer<Element>
    ) {
        StridedCopy.gather(shape.walk, from: input + shape.offset, into: output)
    }
}
