// SPDX-License-Identifier: Apache-2.0

/// What lies outside a padded tensor.
package enum PadMode: String, Sendable, Hashable {
    case constant
    case reflect
    case edge
    case wrap
}

/// A tensor with a margin on either side of each axis; a negative margin crops.
package struct PadShape: Sendable, Hashable {
    package let outputShape: [Int]
    /// The values of the output.
    let count: Int
    /// For each axis and place along it, the source's place times its stride; -1 for the constant.
    fileprivate let sources: [[Int]]

    /// nil when the lists differ in length, the output is impossible, or there is nothing to reflect or repeat.
    package init?(_ shape: [Int], before: [Int], after: [Int], mode: PadMode) {
        guard before.count == shape.count, after.count == shape.count, TensorExtent.count(shape) != nil else {
            return nil
        }
        var output: [Int] = []
        for axis in shape.indices {
            let (wider, overflows) = shape[axis].addingReportingOverflow(before[axis])
            let (whole, overflowsToo) = wider.addingReportingOverflow(after[axis])
            guard !overflows, !overflowsToo, whole >= 0 else { return nil }
            guard mode == .constant || shape[axis] > 0 || whole == 0 else { return nil }
            if mode == .reflect, max(before[axis], after[axis]) >= max(shape[axis], 1) { return nil }
            output.append(whole)
        }
        guard let count = TensorExtent.count(output), count <= Int(Int32.max) else { return nil }
        let strides = TensorExtent.strides(of: shape)
        outputShape = output
        self.count = count
        sources =
            count == 0
            ? output.map { _ in [] }
            : shape.indices.map { axis in
                let extent = shape[axis], begin = before[axis]
                return (0..<output[axis]).map { index in
                    let position = index - begin
                    if position >= 0, position < extent { return position * strides[axis] }
                    let found: Int
                    switch mode {
                    case .constant: return -1
                    case .edge: found = position < 0 ? 0 : extent - 1
                    case .reflect: found = position < 0 ? -position : 2 * (extent - 1) - position
                    case .wrap: found = ((position % extent) + extent) % extent
                    }
                    return found * strides[axis]
                }
            }
    }
}

package enum PadKernel {
    package static func run<Element: BitwiseCopyable>(
        _ shape: PadShape, value: Element, input: UnsafePointer<Element>, output: UnsafeMutablePointer<Element>
    ) {
        guard shape.count > 0 else { return }
        var position = output
        fill(shape, axis: 0, source: 0, value: value, input: input, output: &position)
    }

    /// `source` is the offset that the axes before have added up to; -1 where one of them is outside.
    private static func fill<Element: BitwiseCopyable>(
        _ shape: PadShape, axis: Int, source: Int, value: Element,
        input: UnsafePointer<Element>, output: inout UnsafeMutablePointer<Element>
    ) {
        guard axis < shape.sources.count else {
            output.pointee = source < 0 ? value : input[source]
            output += 1
            return
        }
        if axis == shape.sources.count - 1 {
            for index in 0..<shape.sources[axis].count {
                let offset = shape.sources[axis][index]
                output.pointee = source < 0 || offset < 0 ? value : input[source + offset]
                output += 1
            }
            return
        }
        for index in 0..<shape.sources[axis].count {
            let offset = shape.sources[axis][index]
            fill(
                shape, axis: axis + 1, source: source < 0 || offset < 0 ? -1 : source + offset,
                value: value, input: input, output: &output)
        }
    }
}
