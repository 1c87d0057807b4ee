// SPDX-License-Identifier: Apache-2.0

/// x · scale[channel] + shift[channel], of which what is negative is multiplied by slope[channel], for 16 channels that
/// lie side by side.
@frozen
public struct BlockAffine {
    /// 16 numbers; nil for ones.
    public var scale: UnsafePointer<Float>?
    /// 16 numbers; nil for zeros.
    public var shift: UnsafePointer<Float>?
    /// 16 numbers; nil for ones.
    public var slopes: UnsafePointer<Float>?
    /// [pixels, 16].
    public var input: UnsafePointer<Float>
    /// [pixels, 16]; may be the input.
    public var output: UnsafeMutablePointer<Float>
    public var pixels: Int

    @inlinable @inline(__always)
    public init(
        scale: UnsafePointer<Float>?, shift: UnsafePointer<Float>?, slopes: UnsafePointer<Float>?,
        input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, pixels: Int
    ) {
        self.scale = scale
        self.shift = shift
        self.slopes = slopes
        self.input = input
        self.output = output
        self.pixels = pixels
    }
}

public enum BlockAffineKernel {
    @inlinable @inline(__always)
    public static func run<Arithmetic: MultiplyAdd>(_: Arithmetic.Type, _ affine: BlockAffine) {
        let ones = SIMD16<Float>(repeating: 1)
        var scale = ones, shift = SIMD16<Float>.zero, slopes = ones
        if let pointer = affine.scale { scale = VectorMemory.load(pointer) }
        if let pointer = affine.shift { shift = VectorMemory.load(pointer) }
        if let pointer = affine.slopes { slopes = VectorMemory.load(pointer) }
        var offset = 0
        let end = affine.pixels &* 16
        while offset < end {
            let value = Arithmetic.multiplyAdd(VectorMemory.load(affine.input + offset), scale, shift)
            VectorMemory.store(
                value.replacing(with: value * slopes, where: value .< SIMD16<Float>.zero), affine.output + offset)
            offset &+= 16
        }
    }
}
