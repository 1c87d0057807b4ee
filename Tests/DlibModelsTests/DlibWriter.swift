// SPDX-License-Identifier: Apache-2.0

/// Writes dlib's serialisation, for files that tests make up.
struct DlibWriter {
    private(set) var bytes: [UInt8] = []

    mutating func integer(_ value: Int) {
        var magnitude = value.magnitude
        var digits: [UInt8] = []
        repeat {
            digits.append(UInt8(truncatingIfNeeded: magnitude))
            magnitude >>= 8
        } while magnitude > 0
        bytes.append(UInt8(digits.count) | (value < 0 ? 0x80 : 0))
        bytes += digits
    }

    mutating func float(_ value: Float) {
        // A mantissa of 24 bits, as dlib writes single precision.
        let exponent = value == 0 ? 0 : Int(value.exponent) - 23
        integer(
            value == 0 ? 0 : Int((Double(value) * Double(sign: .plus, exponent: -exponent, significand: 1)).rounded()))
        integer(exponent)
    }

    mutating func name(_ text: String) {
        integer(text.utf8.count)
        bytes += Array(text.utf8)
    }

    mutating func bool(_ value: Bool) {
        bytes.append(UInt8(ascii: value ? "1" : "0"))
    }

    mutating func tensor(shape: [Int], values: [Float]) {
        integer(2)
        for size in shape { integer(size) }
        for value in values {
            for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift))) }
        }
    }

    mutating func column(_ values: [Float]) {
        integer(-values.count)
        integer(-1)
        for value in values { float(value) }
    }
}
