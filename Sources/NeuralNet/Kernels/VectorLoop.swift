/// Loops that take eight values at a time and the rest one by one. Inlined into the targets that have kernels of their own.
package enum VectorLoop {
    @inlinable @inline(__always)
    package static var width: Int { 8 }

    /// Calls `body` with each place and 8, then with the places left over and 1.
    @inlinable @inline(__always)
    package static func run(_ count: Int, _ body: (_ place: Int, _ width: Int) -> Void) {
        var place = 0
        while place + width <= count {
            body(place, width)
            place += width
        }
        while place < count {
            body(place, 1)
            place += 1
        }
    }

    @inlinable @inline(__always)
    package static func load(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
        UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
    }

    @inlinable @inline(__always)
    package static func store(_ value: SIMD8<Float>, _ pointer: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: SIMD8<Float>.self)
    }
}
