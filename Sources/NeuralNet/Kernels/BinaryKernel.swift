// SPDX-License-Identifier: Apache-2.0

import Foundation

package enum BinaryOperation: Sendable, Hashable {
    case add, subtract, multiply, divide, power, minimum, maximum
    /// a where a ≥ 0, else a · b.
    case prelu
    /// a − ⌊a / b⌋ b, with the sign of b; and C's fmod, with the sign of a.
    case modulo, remainder
    /// Truth values: 1 or 0.
    case equal, less, lessOrEqual, greater, greaterOrEqual, and, or, xor

    /// Whether it answers truth values.
    var isTest: Bool {
        switch self {
        case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or, .xor: true
        default: false
        }
    }
}

/// Two shapes stretched to one, by NumPy's rules.
package struct BroadcastShape: Sendable, Hashable {
    package let outputShape: [Int]
    /// The output's last axis, along which an operand either moves by one or stands still.
    /// How many runs along that axis there are, and how long each is.
    let rows: Int
    let row: Int
    fileprivate let leftStep: Int
    fileprivate let rightStep: Int

    fileprivate let outer: StridedPair

    /// nil when the shapes do not fit each other, or are impossible or have too many axes.
    package init?(left: [Int], right: [Int]) {
        guard TensorExtent.count(left) != nil, TensorExtent.count(right) != nil else { return nil }
        let rank = max(left.count, right.count)
        let wideLeft = Array(repeating: 1, count: rank - left.count) + left
        let wideRight = Array(repeating: 1, count: rank - right.count) + right
        var output: [Int] = []
        for (a, b) in zip(wideLeft, wideRight) {
            guard a == b || a == 1 || b == 1 else { return nil }
            output.append(a == 1 ? b : a)
        }
        guard TensorExtent.count(output) != nil else { return nil }
        var axes: [(extent: Int, left: Int, right: Int)] = []
        let leftStrides = TensorExtent.strides(of: wideLeft), rightStrides = TensorExtent.strides(of: wideRight)
        for axis in 0..<rank where output[axis] != 1 {
            let next = (
                extent: output[axis], left: wideLeft[axis] == 1 ? 0 : leftStrides[axis],
                right: wideRight[axis] == 1 ? 0 : rightStrides[axis]
            )
            if let last = axes.last, last.left == next.left &* next.extent, last.right == next.right &* next.extent {
                axes[axes.count - 1] = (last.extent &* next.extent, next.left, next.right)
            } else {
                axes.append(next)
            }
        }
        outputShape = output
        let outer = axes.dropLast()
        row = axes.last?.extent ?? 1
        leftStep = axes.last?.left ?? 0
        rightStep = axes.last?.right ?? 0
        rows = outer.reduce(1) { $0 &* $1.extent }
        guard outer.count <= StridedPair.maximumAxes else { return nil }
        self.outer = StridedPair(Array(outer))
    }
}

/// Two offsets that advance together over the outer axes.
private struct StridedPair: Sendable, Hashable {
    static let maximumAxes = 8
    let extents: [Int]
    let left: [Int]
    let right: [Int]

    init(_ axes: [(extent: Int, left: Int, right: Int)]) {
        extents = axes.map(\.extent)
        left = axes.map(\.left)
        right = axes.map(\.right)
    }

    @inline(__always)
    func forEach(_ count: Int, _ body: (_ index: Int, _ left: Int, _ right: Int) -> Void) {
        var counters = SIMD8<Int>.zero
        var leftPlace = 0, rightPlace = 0
        for index in 0..<count {
            body(index, leftPlace, rightPlace)
            var axis = extents.count - 1
            while axis >= 0 {
                counters[axis] += 1
                leftPlace += left[axis]
                rightPlace += right[axis]
                if counters[axis] < extents[axis] { break }
                leftPlace -= left[axis] * extents[axis]
                rightPlace -= right[axis] * extents[axis]
                counters[axis] = 0
                axis -= 1
            }
        }
    }
}

/// One value from two. The output may be an operand that has the output's shape.
package enum BinaryKernel {
    package static func run(
        _ operation: BinaryOperation, _ shape: BroadcastShape,
        left: UnsafePointer<Float>, right: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        switch operation {
        case .add: loop(shape, left, right, output, { $0 + $1 }, { $0 + $1 })
        case .subtract: loop(shape, left, right, output, { $0 - $1 }, { $0 - $1 })
        case .multiply: loop(shape, left, right, output, { $0 * $1 }, { $0 * $1 })
        case .divide: loop(shape, left, right, output, { $0 / $1 }, { $0 / $1 })
        case .minimum:
            loop(shape, left, right, output, { $0.replacing(with: $1, where: $1 .< $0) }, { $1 < $0 ? $1 : $0 })
        case .maximum:
            loop(shape, left, right, output, { $0.replacing(with: $1, where: $1 .> $0) }, { $1 > $0 ? $1 : $0 })
        case .prelu:
            loop(shape, left, right, output, { $0.replacing(with: $0 * $1, where: $0 .< 0) }, { $0 < 0 ? $0 * $1 : $0 })
        case .power:
            loop(shape, left, right, output, nil, { $1 == 2 ? $0 * $0 : pow($0, $1) })
        case .modulo: loop(shape, left, right, output, nil, modulo)
        case .remainder: loop(shape, left, right, output, nil, { fmod($0, $1) })
        case .equal: loop(shape, left, right, output, { truth($0 .== $1) }, { $0 == $1 ? 1 : 0 })
        case .less: loop(shape, left, right, output, { truth($0 .< $1) }, { $0 < $1 ? 1 : 0 })
        case .lessOrEqual: loop(shape, left, right, output, { truth($0 .<= $1) }, { $0 <= $1 ? 1 : 0 })
        case .greater: loop(shape, left, right, output, { truth($0 .> $1) }, { $0 > $1 ? 1 : 0 })
        case .greaterOrEqual: loop(shape, left, right, output, { truth($0 .>= $1) }, { $0 >= $1 ? 1 : 0 })
        case .and: loop(shape, left, right, output, { $0 * $1 }, { $0 * $1 })
        case .or: loop(shape, left, right, output, nil, { $0 + $1 > 0 ? 1 : 0 })
        case .xor: loop(shape, left, right, output, nil, { $0 == $1 ? 0 : 1 })
        }
    }

    @inline(__always)
    private static func truth(_ mask: SIMDMask<SIMD8<Int32>>) -> SIMD8<Float> {
        SIMD8<Float>.zero.replacing(with: 1, where: mask)
    }

    private static func modulo(_ a: Float, _ b: Float) -> Float {
        let rest = fmod(a, b)
        if rest == 0 { return b.sign == .minus ? -0.0 : 0 }
        return (rest < 0) == (b < 0) ? rest : rest + b
    }

    @inline(__always)
    private static func loop(
        _ shape: BroadcastShape, _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>,
        _ output: UnsafeMutablePointer<Float>,
        _ eight: ((SIMD8<Float>, SIMD8<Float>) -> SIMD8<Float>)?, _ one: (Float, Float) -> Float
    ) {
        let row = shape.row, leftStep = shape.leftStep, rightStep = shape.rightStep
        guard row > 0 else { return }
        shape.outer.forEach(shape.rows) { index, leftPlace, rightPlace in
            let a = left + leftPlace, b = right + rightPlace, y = output + index * row
            // An operand that stands still is read before the output, which may lie over the other, is written.
            let a0 = a.pointee, b0 = b.pointee
            VectorLoop.run(row) { position, width in
                if width == VectorLoop.width, let eight {
                    let x = leftStep == 0 ? SIMD8(repeating: a0) : VectorLoop.load(a + position)
                    let z = rightStep == 0 ? SIMD8(repeating: b0) : VectorLoop.load(b + position)
                    VectorLoop.store(eight(x, z), y + position)
                } else {
                    for index in position..<position + width {
                        y[index] = one(leftStep == 0 ? a0 : a[index], rightStep == 0 ? b0 : b[index])
                    }
                }
            }
        }
    }
}
