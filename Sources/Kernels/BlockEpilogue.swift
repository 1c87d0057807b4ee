// SPDX-License-Identifier: Apache-2.0

/// What is done to sums of products before they are stored: y = activation(x + bias + residual), where the activation
/// multiplies what is negative and then clips.
///
/// It works on blocks of 16 channels. All pointers must outlive the kernel that is given it.
@frozen
public struct BlockEpilogue {
    /// 16 numbers for each block of channels.
    public var bias: UnsafePointer<Float>?
    /// Of the output's layout; the output itself where sums are added to what it holds.
    public var residual: UnsafePointer<Float>?
    /// What negative numbers are multiplied by, 16 for each block of channels. Nothing is clipped then.
    public var slopes: UnsafePointer<Float>?
    /// What negative numbers are multiplied by where there are no ``slopes``; nothing is clipped unless it is 1.
    public var slope: Float
    /// What is less becomes this; NaN stays NaN.
    public var lower: Float
    public var upper: Float

    @inlinable @inline(__always)
    public init(
        bias: UnsafePointer<Float>? = nil, residual: UnsafePointer<Float>? = nil, slopes: UnsafePointer<Float>? = nil,
        slope: Float = 1, lower: Float = -.infinity, upper: Float = .infinity
    ) {
        self.bias = bias
        self.residual = residual
        self.slopes = slopes
        self.slope = slope
        self.lower = lower
        self.upper = upper
    }

    /// The epilogue of what lies further on: `channels` numbers in the bias and the slopes, `values` in the residual.
    @inlinable @inline(__always)
    public func advanced(channels: Int, values: Int) -> BlockEpilogue {
        BlockEpilogue(
            bias: bias.map { $0 + channels }, residual: residual.map { $0 + values },
            slopes: slopes.map { $0 + channels }, slope: slope, lower: lower, upper: upper)
    }

    /// Finishes the sums of 16 channels of pixels beside each other and stores them.
    ///
    /// - Parameters:
    ///   - channel: where their bias and slopes lie.
    ///   - offset: of the first pixel, from the start of the output and of the residual.
    ///   - step: from a pixel to the next.
    @inlinable @inline(__always)
    public func store<let pixels: Int>(
        _ sums: InlineArray<pixels, SIMD16<Float>>, channel: Int, to output: UnsafeMutablePointer<Float>,
        at offset: Int, step: Int
    ) {
        let target = output + offset, least = SIMD16<Float>(repeating: lower), most = SIMD16<Float>(repeating: upper)
        var shift = SIMD16<Float>.zero, factors = SIMD16<Float>(repeating: slope)
        var scalesNegative = slope != 1
        if let bias { shift = VectorMemory.load(bias + channel) }
        if let slopes {
            factors = VectorMemory.load(slopes + channel)
            scalesNegative = true
        }
        for pixel in 0..<pixels {
            var value = sums[pixel] + shift
            if let residual { value += VectorMemory.load(residual + (offset &+ pixel &* step)) }
            if scalesNegative {
                value = value.replacing(with: value * factors, where: value .< SIMD16<Float>.zero)
            } else {
                value = value.replacing(with: least, where: value .< least)
                value = value.replacing(with: most, where: value .> most)
            }
            VectorMemory.store(value, target + pixel &* step)
        }
    }
}
