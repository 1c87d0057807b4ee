// SPDX-License-Identifier: Apache-2.0

/// The pooling of 16 channels that lie side by side.
@frozen
public struct BlockPool {
    public enum Kind: Sendable {
        case maximum
        case average(countIncludePad: Bool)
    }

    public var kind: Kind
    /// [height, width, 16].
    public var input: UnsafePointer<Float>
    /// [output height, output width, 16].
    public var output: UnsafeMutablePointer<Float>
    public var height: BlockAxis
    public var width: BlockAxis
    /// The margins after the image.
    public var marginBottom: Int
    public var marginRight: Int

    @inlinable @inline(__always)
    public init(
        kind: Kind, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, height: BlockAxis,
        width: BlockAxis, marginBottom: Int, marginRight: Int
    ) {
        self.kind = kind
        self.input = input
        self.output = output
        self.height = height
        self.width = width
        self.marginBottom = marginBottom
        self.marginRight = marginRight
    }
}

public enum BlockPoolKernel {
    /// NaN is passed over, as it is in planes.
    @inlinable @inline(__always)
    public static func maximum(_ pool: BlockPool) {
        forEachWindow(pool, start: SIMD16(repeating: -.infinity)) { most, value in
            most.replacing(with: value, where: value .> most)
        } finish: { most, _, _ in
            most
        }
    }

    @inlinable @inline(__always)
    public static func average(_ pool: BlockPool, countIncludePad: Bool) {
        forEachWindow(pool, start: SIMD16<Float>.zero) { sum, value in
            sum + value
        } finish: { sum, inside, whole in
            sum / SIMD16(repeating: Float(countIncludePad ? whole : max(1, inside)))
        }
    }

    @inlinable @inline(__always)
    static func forEachWindow(
        _ pool: BlockPool, start: SIMD16<Float>, _ combine: (SIMD16<Float>, SIMD16<Float>) -> SIMD16<Float>,
        finish: (_ value: SIMD16<Float>, _ inside: Int, _ whole: Int) -> SIMD16<Float>
    ) {
        let (first, end) = pool.width.inner
        for row in 0..<pool.height.output {
            let top = pool.height.origin(row)
            let rows = pool.height.positions(from: top)
            let wholeRows = pool.height.positions(from: top, upTo: pool.marginBottom)
            for column in 0..<pool.width.output {
                let left = pool.width.origin(column)
                var columns = (first: 0, end: pool.width.kernel), wholeColumns = pool.width.kernel
                if column < first || column >= end {
                    columns = pool.width.positions(from: left)
                    wholeColumns = pool.width.positions(from: left, upTo: pool.marginRight)
                }
                var value = start
                var kernelRow = rows.first
                while kernelRow < rows.end {
                    let line = (top &+ kernelRow &* pool.height.dilation) &* pool.width.input &+ left
                    var kernelColumn = columns.first
                    while kernelColumn < columns.end {
                        value = combine(
                            value, VectorMemory.load(pool.input + (line &+ kernelColumn &* pool.width.dilation) &* 16))
                        kernelColumn &+= 1
                    }
                    kernelRow &+= 1
                }
                let inside = (rows.end &- rows.first) &* (columns.end &- columns.first)
                VectorMemory.store(
                    finish(value, inside, wholeRows &* wholeColumns),
                    pool.output + (row &* pool.width.output &+ column) &* 16)
            }
        }
    }
}
