// SPDX-License-Identifier: Apache-2.0

/// Three tensors stretched to one shape, by NumPy's rules.
package struct TripleBroadcastShape: Sendable, Hashable {
    package let outputShape: [Int]
    /// The runs along the last axis, and how far each operand moves along it: by one or not at all.
    fileprivate let runLength: Int
    fileprivate let runSteps: [Int]
    /// The axes before, without those of extent 1 and with neighbours joined; the strides of an operand that stands still
    /// are 0.
    fileprivate let extents: [Int]
    fileprivate let strides: [[Int]]

    /// The most axes that are left.
    private static let maximumAxes = 16

    /// The values of the output.
    var count: Int { TensorExtent.count(outputShape) ?? 0 }

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
        guard TensorExtent.count(output) != nil else { return nil }
        let own = wide.map { TensorExtent.strides(of: $0, stretchedOver: rank) }
        var axes: [(extent: Int, strides: [Int])] = []
        for axis in 0..<rank where output[axis] != 1 {
            let next = (extent: output[axis], strides: own.map { $0[axis] })
            if let last = axes.last, zip(last.strides, next.strides).allSatisfy({ $0 == $1 &* next.extent }) {
                axes[axes.count - 1] = (last.extent &* next.extent, next.strides)
            } else {
                axes.append(next)
            }
        }
        guard axes.count <= Self.maximumAxes else { return nil }
        outputShape = output
        runLength = axes.last?.extent ?? 1
        runSteps = axes.last?.strides ?? [0, 0, 0]
        extents = axes.dropLast().map(\.extent)
        strides = (0..<3).map { operand in axes.dropLast().map { $0.strides[operand] } }
    }
}

/// ONNX's Where: a value of the second operand where the first is not 0, else one of the third.
package enum SelectKernel {
    package static func run(
        _ shape: TripleBroadcastShape, condition: UnsafePointer<Float>, then first: UnsafePointer<Float>,
        else second: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        var counters = SIMD16<Int>.zero
        var places = (0, 0, 0), runs = 1
        for extent in shape.extents { runs *= extent }
        let length = shape.runLength
        let steps = (shape.runSteps[0], shape.runSteps[1], shape.runSteps[2])
        guard length > 0 else { return }
        for run in 0..<runs {
            let choices = condition + places.0, a = first + places.1, b = second + places.2
            let target = output + run * length
            if steps.0 == 0 {
                let source = choices.pointee != 0 ? a : b, step = choices.pointee != 0 ? steps.1 : steps.2
                if step == 0 {
                    target.update(repeating: source.pointee, count: length)
                } else {
                    target.update(from: source, count: length)
                }
            } else {
                for index in 0..<length {
                    target[index] = choices[index] != 0 ? a[index * steps.1] : b[index * steps.2]
                }
            }
            var axis = shape.extents.count - 1
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
