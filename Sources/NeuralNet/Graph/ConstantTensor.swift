// SPDX-License-Identifier: Apache-2.0

/// The element types that the engine reads and writes. Raw values are those of ONNX's `TensorProto.DataType`.
public enum ElementType: Int, Sendable, Hashable {
    case float = 1
    case uint8 = 2
    case int8 = 3
    case uint16 = 4
    case int16 = 5
    case int32 = 6
    case int64 = 7
    case bool = 9
    case double = 11
    case uint32 = 12
    case uint64 = 13

    /// Whether its values have a fraction.
    var isFloatingPoint: Bool { self == .float || self == .double }
    /// Whether its values are whole numbers, which truth values are not.
    var isInteger: Bool { !isFloatingPoint && self != .bool }
}

/// A tensor whose values are part of the network: a weight, a shape, an index.
public struct ConstantTensor: Sendable, Equatable {
    public enum Storage: Sendable, Equatable {
        case float([Float])
        case double([Double])
        case int64([Int64])
        case int32([Int32])
        case int16([Int16])
        case int8([Int8])
        case uint64([UInt64])
        case uint32([UInt32])
        case uint16([UInt16])
        case uint8([UInt8])
        case bool([Bool])
    }

    /// Empty for a scalar.
    public let shape: [Int]
    /// Row-major. Its count is the product of the shape; ``Graph`` refuses a tensor where it is not.
    public let storage: Storage

    public init(shape: [Int], storage: Storage) {
        self.shape = shape
        self.storage = storage
    }

    public var elementType: ElementType {
        switch storage {
        case .float: .float
        case .double: .double
        case .int64: .int64
        case .int32: .int32
        case .int16: .int16
        case .int8: .int8
        case .uint64: .uint64
        case .uint32: .uint32
        case .uint16: .uint16
        case .uint8: .uint8
        case .bool: .bool
        }
    }

    public var count: Int {
        switch storage {
        case .float(let values): values.count
        case .double(let values): values.count
        case .int64(let values): values.count
        case .int32(let values): values.count
        case .int16(let values): values.count
        case .int8(let values): values.count
        case .uint64(let values): values.count
        case .uint32(let values): values.count
        case .uint16(let values): values.count
        case .uint8(let values): values.count
        case .bool(let values): values.count
        }
    }

    var isConsistent: Bool { elementCount(of: shape) == count }

    /// The values as integers, if they are integers or truth values.
    var integers: [Int64]? {
        switch storage {
        case .int64(let values): values
        case .int32(let values): values.map(Int64.init)
        case .int16(let values): values.map(Int64.init)
        case .int8(let values): values.map(Int64.init)
        case .uint64(let values): values.map(Int64.init(clamping:))
        case .uint32(let values): values.map(Int64.init)
        case .uint16(let values): values.map(Int64.init)
        case .uint8(let values): values.map(Int64.init)
        case .bool(let values): values.map { $0 ? 1 : 0 }
        case .float, .double: nil
        }
    }

    /// The values in single precision, if they are floating-point.
    var floats: [Float]? {
        switch storage {
        case .float(let values): values
        case .double(let values): values.map { Float($0) }
        case .int64, .int32, .int16, .int8, .uint64, .uint32, .uint16, .uint8, .bool: nil
        }
    }

    func reshaped(_ shape: [Int]) -> ConstantTensor { ConstantTensor(shape: shape, storage: storage) }

    /// The same values as another type, as ONNX's Cast does for values in range; out of range they are clamped,
    /// and NaN becomes zero.
    package func converted(to type: ElementType) -> ConstantTensor {
        if type == elementType { return self }
        let converted: Storage =
            switch storage {
            case .float(let values): Self.convert(values, to: type)
            case .double(let values): Self.convert(values, to: type)
            case .int64(let values): Self.convert(values, to: type)
            case .int32(let values): Self.convert(values, to: type)
            case .int16(let values): Self.convert(values, to: type)
            case .int8(let values): Self.convert(values, to: type)
            case .uint64(let values): Self.convert(values, to: type)
            case .uint32(let values): Self.convert(values, to: type)
            case .uint16(let values): Self.convert(values, to: type)
            case .uint8(let values): Self.convert(values, to: type)
            case .bool(let values): Self.convert(values.map { UInt8($0 ? 1 : 0) }, to: type)
            }
        return ConstantTensor(shape: shape, storage: converted)
    }

    private static func convert<Source: BinaryFloatingPoint>(_ values: [Source], to type: ElementType) -> Storage {
        switch type {
        case .float: .float(values.map { Float($0) })
        case .double: .double(values.map { Double($0) })
        case .int64: .int64(values.map { clamp($0) })
        case .int32: .int32(values.map { clamp($0) })
        case .int16: .int16(values.map { clamp($0) })
        case .int8: .int8(values.map { clamp($0) })
        case .uint64: .uint64(values.map { clamp($0) })
        case .uint32: .uint32(values.map { clamp($0) })
        case .uint16: .uint16(values.map { clamp($0) })
        case .uint8: .uint8(values.map { clamp($0) })
        case .bool: .bool(values.map { $0 != 0 })
        }
    }

    private static func convert<Source: FixedWidthInteger>(_ values: [Source], to type: ElementType) -> Storage {
        switch type {
        case .float: .float(values.map { Float($0) })
        case .double: .double(values.map { Double($0) })
        case .int64: .int64(values.map { Int64(truncatingIfNeeded: $0) })
        case .int32: .int32(values.map { Int32(truncatingIfNeeded: $0) })
        case .int16: .int16(values.map { Int16(truncatingIfNeeded: $0) })
        case .int8: .int8(values.map { Int8(truncatingIfNeeded: $0) })
        case .uint64: .uint64(values.map { UInt64(truncatingIfNeeded: $0) })
        case .uint32: .uint32(values.map { UInt32(truncatingIfNeeded: $0) })
        case .uint16: .uint16(values.map { UInt16(truncatingIfNeeded: $0) })
        case .uint8: .uint8(values.map { UInt8(truncatingIfNeeded: $0) })
        case .bool: .bool(values.map { $0 != 0 })
        }
    }

    private static func clamp<Source: BinaryFloatingPoint, Result: FixedWidthInteger>(_ value: Source) -> Result {
        if value.isNaN { return 0 }
        let truncated = value.rounded(.towardZero)
        if let exact = Result(exactly: truncated) { return exact }
        return truncated < 0 ? .min : .max
    }
}
