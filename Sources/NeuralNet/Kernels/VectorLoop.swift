// SPDX-License-Identifier: Apache-2.0

/// Loops that take eight values at a time and the rest one by one.
///
/// Public because only what is public is inlined into other targets, whose kernels have the same loops.
public enum VectorLoop {
    /// The values that are taken at a time.
    @inlinable @inline(__always)
    public static var width: Int { 8 }

    /// Calls `body` with each place and 8, then with the places left over and 1.
    @inlinable @inline(__always)
    public static func run(_ count: Int, _ body: (_ position: Int, _ width: Int) -> Void) {
        var position = 0
        while position + width <= count {
            body(position, width)
            position += width
        }
        while position < count {
            body(position, 1)
            position += 1
        }
    }

    /// Eight values from a place that need not be aligned.
    @inlinable @inline(__always)
    public static func load(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
        UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
    }

    /// The counterpart of ``load(_:)``.
    @inlinable @inline(__always)
    public static func store(_ value: SIMD8<Float>, _ pointer: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: SIMD8<Float>.self)
    }
}
