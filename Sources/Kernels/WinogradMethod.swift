// SPDX-License-Identifier: Apache-2.0

/// Winograd's minimal filtering F(m, r): m outputs of a filter of r from m + r − 1 products.
///
/// Lavin, Gray: Fast Algorithms for Convolutional Neural Networks, 2015. In two dimensions each transform is done along
/// the columns and then along the rows. Lines are vectors of 16 channels, `stride` floats apart.
public protocol WinogradMethod {
    /// m + r − 1: the inputs of a tile along one axis, and the products.
    static var size: Int { get }
    /// m: the outputs of a tile along one axis.
    static var outputs: Int { get }
    /// Writes `size` vectors from as many.
    static func transformInput(
        _ source: UnsafePointer<Float>, _ stride: Int, into target: UnsafeMutablePointer<Float>, _ targetStride: Int)
    /// Writes `outputs` vectors from `size`.
    static func transformOutput(
        _ source: UnsafePointer<Float>, _ stride: Int, into target: UnsafeMutablePointer<Float>, _ targetStride: Int)
}

/// A method of the points 0, √2, −√2, 1/√2, −1/√2 and infinity, whose rounding errors are less than half of those of
/// 0, ±1, ±2.
public protocol SixPointMethod: WinogradMethod {}

extension SixPointMethod {
    @inlinable @inline(__always)
    public static var size: Int { 6 }

    @inlinable @inline(__always)
    public static var outer: Float { 1.414_213_562_373_095_1 }
    @inlinable @inline(__always)
    public static var inner: Float { 0.707_106_781_186_547_57 }

    @inlinable @inline(__always)
    public static func transformInput(
        _ source: UnsafePointer<Float>, _ stride: Int, into target: UnsafeMutablePointer<Float>, _ targetStride: Int
    ) {
        let d0 = VectorMemory.load(source), d1 = VectorMemory.load(source + stride)
        let d2 = VectorMemory.load(source + 2 &* stride), d3 = VectorMemory.load(source + 3 &* stride)
        let d4 = VectorMemory.load(source + 4 &* stride), d5 = VectorMemory.load(source + 5 &* stride)
        let outerEven = d4 - 0.5 * d2, outerOdd = outer * (d3 - 0.5 * d1)
        let innerEven = d4 - 2 * d2, innerOdd = inner * (d3 - 2 * d1)
        VectorMemory.store(d0 - 2.5 * d2 + d4, target)
        VectorMemory.store(outerEven + outerOdd, target + targetStride)
        VectorMemory.store(outerEven - outerOdd, target + 2 &* targetStride)
        VectorMemory.store(innerEven + innerOdd, target + 3 &* targetStride)
        VectorMemory.store(innerEven - innerOdd, target + 4 &* targetStride)
        VectorMemory.store(d1 - 2.5 * d3 + d5, target + 5 &* targetStride)
    }
}

/// F(4, 3).
public enum WinogradFourThree: SixPointMethod {
    @inlinable @inline(__always)
    public static var outputs: Int { 4 }

    @inlinable @inline(__always)
    public static func transformOutput(
        _ source: UnsafePointer<Float>, _ stride: Int, into target: UnsafeMutablePointer<Float>, _ targetStride: Int
    ) {
        let m1 = VectorMemory.load(source + stride), m2 = VectorMemory.load(source + 2 &* stride)
        let m3 = VectorMemory.load(source + 3 &* stride), m4 = VectorMemory.load(source + 4 &* stride)
        let outerSum = m1 + m2, outerDifference = outer * (m1 - m2)
        let innerSum = m3 + m4, innerDifference = inner * (m3 - m4)
        VectorMemory.store(VectorMemory.load(source) + outerSum + innerSum, target)
        VectorMemory.store(outerDifference + innerDifference, target + targetStride)
        VectorMemory.store(2 * outerSum + 0.5 * innerSum, target + 2 &* targetStride)
        VectorMemory.store(
            2 * outerDifference + 0.5 * innerDifference + VectorMemory.load(source + 5 &* stride),
            target + 3 &* targetStride)
    }
}

/// F(2, 5).
public enum WinogradTwoFive: SixPointMethod {
    @inlinable @inline(__always)
    public static var outputs: Int { 2 }

    @inlinable @inline(__always)
    public static func transformOutput(
        _ source: UnsafePointer<Float>, _ stride: Int, into target: UnsafeMutablePointer<Float>, _ targetStride: Int
    ) {
        let m1 = VectorMemory.load(source + stride), m2 = VectorMemory.load(source + 2 &* stride)
        let m3 = VectorMemory.load(source + 3 &* stride), m4 = VectorMemory.load(source + 4 &* stride)
        VectorMemory.store(VectorMemory.load(source) + (m1 + m2) + (m3 + m4), target)
        VectorMemory.store(
            outer * (m1 - m2) + inner * (m3 - m4)
                + VectorMemory.load(source + 5 &* stride), target + targetStride)
    }
}

/// F(2, 3), of the points 0, 1, −1 and infinity.
public enum WinogradTwoThree: WinogradMethod {
    @inlinable @inline(__always)
    public static var size: Int { 4 }
    @inlinable @inline(__always)
    public static var outputs: Int { 2 }

    @inlinable @inline(__always)
    public static func transformInput(
        _ source: UnsafePointer<Float>, _ stride: Int, into target: UnsafeMutablePointer<Float>, _ targetStride: Int
    ) {
        let d0 = VectorMemory.load(source), d1 = VectorMemory.load(source + stride)
        let d2 = VectorMemory.load(source + 2 &* stride), d3 = VectorMemory.load(source + 3 &* stride)
        VectorMemory.store(d2 - d0, target)
        VectorMemory.store(d1 + d2, target + targetStride)
        VectorMemory.store(d2 - d1, target + 2 &* targetStride)
        VectorMemory.store(d3 - d1, target + 3 &* targetStride)
    }

    @inlinable @inline(__always)
    public static func transformOutput(
        _ source: UnsafePointer<Float>, _ stride: Int, into target: UnsafeMutablePointer<Float>, _ targetStride: Int
    ) {
        let m1 = VectorMemory.load(source + stride), m2 = VectorMemory.load(source + 2 &* stride)
        VectorMemory.store(VectorMemory.load(source) + m1 + m2, target)
        VectorMemory.store(m1 - m2 + VectorMemory.load(source + 3 &* stride), target + targetStride)
    }
}

/// The methods there are.
public enum WinogradFilter: String, Sendable, Hashable, CaseIterable {
    case fourThree
    case twoThree
    case twoFive
}
