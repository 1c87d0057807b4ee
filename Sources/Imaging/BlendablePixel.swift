// SPDX-License-Identifier: Apache-2.0

/// A pixel whose levels can be weighed and added.
protocol BlendablePixel: Sendable {
    associatedtype Levels
    static var noLevels: Levels { get }
    static func add(_ levels: Levels, times weight: Float, to sum: inout Levels)
    var levels: Levels { get }
    /// The nearest pixel, levels outside 0…255 at the nearer end.
    init(nearest levels: Levels)
    /// The same of the first levels of four.
    init(nearestOf levels: SIMD4<Float>)
}

extension UInt8: BlendablePixel {
    static var noLevels: Float { 0 }

    @inline(__always)
    static func add(_ levels: Float, times weight: Float, to sum: inout Float) {
        sum += levels * weight
    }

    @inline(__always)
    var levels: Float { Float(self) }

    @inline(__always)
    init(nearest levels: Float) {
        self = UInt8(Swift.min(Swift.max(levels + 0.5, 0), 255))
    }

    @inline(__always)
    init(nearestOf levels: SIMD4<Float>) {
        self.init(nearest: levels.x)
    }
}

extension RGB: BlendablePixel {
    static var noLevels: SIMD4<Float> { .zero }

    @inline(__always)
    static func add(_ levels: SIMD4<Float>, times weight: Float, to sum: inout SIMD4<Float>) {
        sum += levels * weight
    }

    @inline(__always)
    var levels: SIMD4<Float> { SIMD4(Float(red), Float(green), Float(blue), 0) }

    @inline(__always)
    init(nearest levels: SIMD4<Float>) {
        let bounded = (levels + 0.5).clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 255))
        self.init(red: UInt8(bounded.x), green: UInt8(bounded.y), blue: UInt8(bounded.z))
    }

    @inline(__always)
    init(nearestOf levels: SIMD4<Float>) {
        self.init(nearest: levels)
    }
}
