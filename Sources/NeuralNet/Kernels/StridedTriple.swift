// SPDX-License-Identifier: Apache-2.0

/// Three tensors stretched to one shape, by NumPy's rules.
package struct TripleBroadcastShape: Sendable, Hashable {
    package let outputShape: [Int]
    /// Without axes of extent 1; the strides of an operand that stands still are 0.
    fileprivate let extents: [Int]
    fileprivate let strides: [[Int]]

    /// The most axes that are not 1.
    private static let maximumAxes = 16

    /// nil when the shapes do not fit one another or are impossible.
    package init?(_ first: [Int], _ second: [Int], _ third: [Int]) {
        let shapes = [first, second, third], rank = shapes.map(\.count).max() ?? 0
        let wide = shapes.map { Array(repeating: 1, count: rank - $0.count) + $0 }
        var output = Array(repeating: 1, count: rank)
        for shape in wide {
            guard TensorExtent.count(shape) != nil else { return nil }
            for axis in 0..<rank where shape[axis] != 1 {
                guard output[axis] == 1 || output[axis] == shape[axis] else { return nil }
                output[axis] = shape[axis]
            }
        }
        let axes = (0..<rank).filter { output[$0] != 1 }
        guard TensorExtent.count(output) != nil, axes.count <= Self.maximumAxes else { return nil }
        outputShape = output
        extents = axes.map { output[$0] }
        strides = wide.map { shape in
            let own = TensorExtent.strides(of: shape)
            return axes.map { shape[$0] == 1 ? 0 : own[$0] }
        }
    }
}

/// ONNX's Where: a value of the second operand where the first is not 0, else one of the third.
package enum SelectKernel {
    package static func run(
        _ shape: TripleBroadcastShape, condition: UnsafePointer<Float>, then first: UnsafePointer<Float>,
        else second: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        var counters = SIMD16<Int>.zero
        var places = (0, 0, 0)
        let axes = shape.extents.count
        var count = 1
        for extent in shape.extents { count *= extent }
        for position in 0..<count {
            output[position] = condition[places.0] != 0 ? first[places.1] : second[places.2]
            var axis = axes - 1
            while axis >= 0 {
                counters[axis] += 1
                places.0 += shape.strides[0][axis]
                places.1 += shape.strides[1][axis]
                places.2 += shape.strides[2][axis]
                let extent = shape.extents[axis]
                if counters[axis] < extent { break }
                places.0 -= shape.strides[0][axis] * extent
                places.1 -= shape.strides[1][axis] * extent
                places.2 -= shape.strides[2][axis] * extent
                counters[axis] = 0
                axis -= 1
            }
        }
    }
}
