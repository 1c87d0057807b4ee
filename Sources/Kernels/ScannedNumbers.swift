// SPDX-License-Identifier: Apache-2.0

/// In which precision the numbers of rows are kept that a scan reads.
public protocol ScannedNumbers {
    /// One number of each of sixteen rows.
    associatedtype Lanes

    static func load(_ lanes: UnsafePointer<Lanes>) -> SIMD16<Float>
}

public enum SingleNumbers: ScannedNumbers {
    @inlinable @inline(__always)
    public static func load(_ lanes: UnsafePointer<SIMD16<Float>>) -> SIMD16<Float> { lanes.pointee }
}

/// Half precision. The conversion is one instruction where the module is compiled for F16C or AVX-512.
public enum HalfNumbers: ScannedNumbers {
    @inlinable @inline(__always)
    public static func load(_ lanes: UnsafePointer<SIMD16<Float16>>) -> SIMD16<Float> {
        let halves = lanes.pointee
        // The initializer that converts a whole vector is not inlined.
        var numbers = SIMD16<Float>.zero
        for lane in 0..<16 { numbers[lane] = Float(halves[lane]) }
        return numbers
    }
}
