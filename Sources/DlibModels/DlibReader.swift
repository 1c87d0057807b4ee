// SPDX-License-Identifier: Apache-2.0

/// Reads dlib's serialisation (`dlib/serialize.h`): packed integers, floating-point numbers as mantissa and
/// exponent, strings, tensors.
///
/// The bytes come from outside, so that every length is held against the bytes that remain before anything
/// is allocated for it.
package struct DlibReader {
    /// The file's name, for errors.
    package let file: String
    private let bytes: [UInt8]
    /// The index of the next byte to read.
    private(set) var offset = 0

    package init(file: String, bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
    }

    package var remaining: Int { bytes.count - offset }

    func unexpected(_ expected: String, found: String, at position: Int) -> DlibImportError {
        .unexpected(file: file, expected: expected, found: found, offset: position)
    }

    package mutating func byte(_ expected: String) throws(DlibImportError) -> UInt8 {
        guard offset < bytes.count else {
            throw .truncated(file: file, expected: expected, offset: bytes.count)
        }
        defer { offset += 1 }
        return bytes[offset]
    }

    /// A packed integer: a control byte (sign in bit 7, length in bits 0–3), then the magnitude, low byte first.
    package mutating func integer(
        _ expected: String, in range: ClosedRange<Int> = Int.min...Int.max
    ) throws(DlibImportError) -> Int {
        let start = offset
        let control = try byte(expected)
        let length = Int(control & 0x0F)
        guard (1...8).contains(length), control & 0x70 == 0 else {
            throw unexpected(expected, found: "the control byte \(control)", at: start)
        }
        var magnitude: UInt64 = 0
        for shift in 0..<length {
            magnitude |= UInt64(try byte(expected)) << UInt64(8 * shift)
        }
        guard let positive = Int(exactly: magnitude) else {
            throw unexpected(expected, found: "a number beyond 63 bits", at: start)
        }
        let value = control & 0x80 == 0 ? positive : -positive
        guard range.contains(value) else {
            throw unexpected("\(expected) in \(range.lowerBound)…\(range.upperBound)", found: "\(value)", at: start)
        }
        return value
    }

    /// A count of things that take at least `minimumBytes` each, so that no more can be claimed than can follow.
    package mutating func count(_ expected: String, atMost limit: Int, minimumBytes: Int) throws(DlibImportError) -> Int
    {
        let start = offset
        let count = try integer("the number of \(expected)", in: 0...limit)
        guard count <= remaining / max(minimumBytes, 1) else {
            throw .truncated(
                file: file, expected: "\(count) \(expected) announced at byte \(start)", offset: bytes.count)
        }
        return count
    }

    /// `mantissa · 2^exponent`; infinities and not-a-number are refused.
    package mutating func double(_ expected: String) throws(DlibImportError) -> Double {
        let start = offset
        let mantissa = try integer(expected)
        let exponent = try integer(expected, in: -32_768...32_767)
        // 32000 and above stand for infinities and not-a-number (dlib/float_details.h).
        let value = exponent < 32_000 ? Double(sign: .plus, exponent: exponent, significand: Double(mantissa)) : .nan
        guard value.isFinite else {
            throw unexpected(expected, found: "a number that is not finite", at: start)
        }
        return value
    }

    package mutating func float(_ expected: String) throws(DlibImportError) -> Float {
        let start = offset
        let value = Float(try double(expected))
        guard value.isFinite else {
            throw unexpected(expected, found: "a number beyond single precision", at: start)
        }
        return value
    }

    /// dlib writes truth values as the characters 1 and 0.
    package mutating func bool(_ expected: String) throws(DlibImportError) -> Bool {
        let start = offset
        switch try byte(expected) {
        case UInt8(ascii: "1"): return true
        case UInt8(ascii: "0"): return false
        case let other: throw unexpected(expected, found: "the byte \(other)", at: start)
        }
    }

    /// A short name; dlib marks kinds and versions of layers with them.
    package mutating func name(_ expected: String, oneOf names: [String]) throws(DlibImportError) -> String {
        let start = offset
        let length = try count("characters of \(expected)", atMost: 64, minimumBytes: 1)
        let text = String(decoding: bytes[offset..<offset + length], as: UTF8.self)
        offset += length
        guard names.contains(text) else {
            throw unexpected("\(expected) (\(names.joined(separator: " or ")))", found: "“\(text)”", at: start)
        }
        return text
    }

    /// A tensor: version 2, four sizes, then little-endian single-precision values. All must be finite.
    package mutating func tensor(_ expected: String) throws(DlibImportError) -> DlibTensor {
        let (shape, count) = try tensorHeader(expected)
        let start = offset
        var values: [Float] = []
        values.reserveCapacity(count)
        var position = offset
        for _ in 0..<count {
            let bits =
                UInt32(bytes[position]) | UInt32(bytes[position + 1]) << 8
                | UInt32(bytes[position + 2]) << 16 | UInt32(bytes[position + 3]) << 24
            values.append(Float(bitPattern: bits))
            position += 4
        }
        offset = position
        guard values.allSatisfy(\.isFinite) else {
            throw unexpected(expected, found: "values that are not finite", at: start)
        }
        return DlibTensor(shape: shape, values: values)
    }

    /// Passes over a tensor that only training needs.
    package mutating func skipTensor(_ expected: String) throws(DlibImportError) {
        let (_, count) = try tensorHeader(expected)
        offset += 4 * count
    }

    /// The sizes of a window into a layer's parameters.
    package mutating func aliasTensorShape(_ expected: String) throws(DlibImportError) -> [Int] {
        _ = try integer("the version of \(expected)", in: 1...1)
        return try fourSizes(expected)
    }

    package func finish() throws(DlibImportError) {
        guard remaining == 0 else { throw .trailingBytes(file: file, count: remaining) }
    }

    /// Returns the shape and the number of values, whose bytes are known to follow.
    private mutating func tensorHeader(_ expected: String) throws(DlibImportError) -> (shape: [Int], count: Int) {
        _ = try integer("the version of \(expected)", in: 2...2)
        let shape = try fourSizes(expected)
        var count = 1
        for size in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow, product <= bytes.count else {
                throw .truncated(file: file, expected: "\(expected) of \(shape)", offset: bytes.count)
            }
            count = product
        }
        guard count <= remaining / 4 else {
            throw .truncated(file: file, expected: "\(expected) of \(shape)", offset: bytes.count)
        }
        return (shape, count)
    }

    private mutating func fourSizes(_ expected: String) throws(DlibImportError) -> [Int] {
        var shape: [Int] = []
        for _ in 0..<4 {
            shape.append(try integer("a size of \(expected)", in: 0...Int(Int32.max)))
        }
        return shape
    }
}

/// Values in dlib's order: sample, channel, row, column.
package struct DlibTensor: Equatable {
    package let shape: [Int]
    package let values: [Float]
}
