// SPDX-License-Identifier: Apache-2.0

import Foundation

extension ConstantTensor {
    /// Reads a `TensorProto`.
    ///
    /// - Parameters:
    ///   - what: what errors call the tensor, such as “initializer “w””.
    ///   - external: where values lie that are not in the model's own file; nil where they are not read.
    init(
        _ tensor: ONNXTensorProto, what: String, external: ExternalTensorData? = nil
    ) throws(NetworkError) {
        let shape = try Self.shape(tensor.dims, what: what)
        var values = try ONNXTensorValues(tensor, what: what, shape: shape)
        if tensor.dataLocation != .default {
            guard let external else {
                throw .unsupportedModel(reason: "\(what) lies in another file; save the model with its data inside")
            }
            let type = Int(tensor.dataType)
            values.raw = try external.read(
                tensor.externalData, bytes: elementCount(of: shape).flatMap { Self.byteCount($0, ofONNX: type) },
                what: what)
        }
        let storage: Storage
        switch ONNXTensorProto.DataType(rawValue: Int(tensor.dataType)) {
        case .float:
            storage = .float(try values.read(tensor.floatData, bits: Float.init(bitPattern:)))
        case .double:
            storage = .double(try values.read(tensor.doubleData, bits: Double.init(bitPattern:)))
        case .int64:
            storage = .int64(try values.read(tensor.int64Data, bits: Int64.init(bitPattern:)))
        case .int32:
            storage = .int32(try values.read(tensor.int32Data, bits: Int32.init(bitPattern:)))
        case .int16:
            storage = .int16(try values.read(narrowing: tensor.int32Data, bits: { (bits: Int16) in bits }))
        case .int8:
            storage = .int8(try values.read(narrowing: tensor.int32Data, bits: { (bits: Int8) in bits }))
        case .uint64:
            storage = .uint64(try values.read(tensor.uint64Data, bits: { (bits: UInt64) in bits }))
        case .uint32:
            storage = .uint32(try values.read(narrowing: tensor.uint64Data, bits: { (bits: UInt32) in bits }))
        case .uint16:
            storage = .uint16(try values.read(narrowing: tensor.int32Data, bits: { (bits: UInt16) in bits }))
        case .uint8:
            storage = .uint8(try values.read(narrowing: tensor.int32Data, bits: { (bits: UInt8) in bits }))
        case .bool:
            storage = .bool(try values.read(narrowing: tensor.int32Data, bits: { (bits: UInt8) in bits != 0 }))
        case .float16:
            storage = .float(
                try values.read(
                    narrowing: tensor.int32Data, bits: { (bits: UInt16) in Float(Float16(bitPattern: bits)) }))
        case .bfloat16:
            storage = .float(
                try values.read(
                    narrowing: tensor.int32Data, bits: { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }))
        case .undefined:
            throw .malformedModel(reason: "\(what) has no element type")
        default:
            throw .unsupportedModel(reason: "\(what) is of type \(ElementType.name(ofONNX: Int(tensor.dataType)))")
        }
        self.init(shape: shape, storage: storage)
    }

    /// The bytes of so many values as ONNX stores them; nil for types that are not read and sizes that do not fit.
    private static func byteCount(_ count: Int, ofONNX number: Int) -> Int? {
        let size: Int
        switch ONNXTensorProto.DataType(rawValue: number) {
        case .float16, .bfloat16: size = 2
        default:
            guard let type = ElementType(rawValue: number) else { return nil }
            size = type.size
        }
        let (bytes, overflows) = count.multipliedReportingOverflow(by: size)
        return overflows ? nil : bytes
    }

    private static func shape(_ dims: [Int64], what: String) throws(NetworkError) -> [Int] {
        guard dims.count <= NetworkLimits.maximumRank else {
            throw .unsupportedModel(
                reason: "\(what) has \(dims.count) dimensions; at most \(NetworkLimits.maximumRank) are allowed")
        }
        let shape = dims.map(Int.init)
        if let negative = shape.first(where: { $0 < 0 }) {
            throw .malformedModel(reason: "\(what) has a dimension of \(negative)")
        }
        return shape
    }

    /// As a `TensorProto`, its values in `raw_data`.
    ///
    /// - Parameter what: what errors call the tensor.
    func onnx(name: String, what: String) throws(NetworkError) -> ONNXTensorProto {
        guard isConsistent else {
            throw .malformedModel(reason: "\(what) of shape \(shape) cannot hold \(count) values")
        }
        var tensor = ONNXTensorProto()
        tensor.name = name
        tensor.dims = shape.map(Int64.init)
        tensor.dataType = Int32(elementType.rawValue)
        tensor.rawData =
            switch storage {
            case .float(let values): Self.littleEndian(values, \.bitPattern)
            case .double(let values): Self.littleEndian(values, \.bitPattern)
            case .int64(let values): Self.littleEndian(values) { $0 }
            case .int32(let values): Self.littleEndian(values) { $0 }
            case .int16(let values): Self.littleEndian(values) { $0 }
            case .int8(let values): Self.littleEndian(values) { $0 }
            case .uint64(let values): Self.littleEndian(values) { $0 }
            case .uint32(let values): Self.littleEndian(values) { $0 }
            case .uint16(let values): Self.littleEndian(values) { $0 }
            case .uint8(let values): Data(values)
            case .bool(let values): Data(values.map { $0 ? 1 : 0 })
            }
        return tensor
    }

    private static func littleEndian<Value: BitwiseCopyable>(
        _ values: [Value], _ bits: (Value) -> some FixedWidthInteger
    ) -> Data {
        #if _endian(little)
        return values.withUnsafeBytes { Data($0) }
        #else
        var data = Data(capacity: values.count * MemoryLayout<Value>.size)
        for value in values { withUnsafeBytes(of: bits(value).littleEndian) { data.append(contentsOf: $0) } }
        return data
        #endif
    }
}

/// The values of a `TensorProto`, which lie in `raw_data` or in the field of their type, held against its shape.
private struct ONNXTensorValues {
    let what: String
    let shape: [Int]
    let count: Int
    /// Nil where the values are in a typed field.
    var raw: Data?

    init(_ tensor: ONNXTensorProto, what: String, shape: [Int]) throws(NetworkError) {
        guard let count = elementCount(of: shape) else {
            throw .tooLarge(what: "The \(what)", bytes: Int.max, limit: NetworkLimits.maximumBytes)
        }
        self.what = what
        self.shape = shape
        self.count = count
        raw = tensor.rawData.isEmpty ? nil : tensor.rawData
        let typed = [
            tensor.floatData.count, tensor.int32Data.count, tensor.int64Data.count, tensor.doubleData.count,
            tensor.uint64Data.count,
        ]
        guard typed.count(where: { $0 > 0 }) + (raw == nil ? 0 : 1) <= 1 else {
            throw .malformedModel(reason: "\(what) gives its values twice")
        }
    }

    /// Reads values whose typed field holds them as they are.
    func read<Value, Bits: FixedWidthInteger>(_ typed: [Value], bits: (Bits) -> Value) throws(NetworkError) -> [Value] {
        if let raw { return try decode(raw, bits) }
        try checkCount(typed.count)
        return typed
    }

    /// Reads values that a typed field holds widened.
    func read<Value, Bits: FixedWidthInteger>(
        narrowing typed: [some FixedWidthInteger], bits: (Bits) -> Value
    ) throws(NetworkError) -> [Value] {
        if let raw { return try decode(raw, bits) }
        try checkCount(typed.count)
        return try typed.map { (wide) throws(NetworkError) in
            guard let narrow = Bits(exactly: wide) else {
                throw .malformedModel(reason: "\(what) holds the value \(wide), which its type cannot")
            }
            return bits(narrow)
        }
    }

    private func decode<Value, Bits: FixedWidthInteger>(
        _ raw: Data, _ bits: (Bits) -> Value
    ) throws(NetworkError) -> [Value] {
        let size = MemoryLayout<Bits>.size
        guard raw.count.isMultiple(of: size) else {
            throw .malformedModel(reason: "\(what) has \(raw.count) bytes, no whole number of values")
        }
        try checkCount(raw.count / size)
        return raw.withUnsafeBytes { bytes in
            (0..<count).map { bits(Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: Bits.self))) }
        }
    }

    private func checkCount(_ given: Int) throws(NetworkError) {
        guard given == count else {
            throw .malformedModel(reason: "\(what) of shape \(shape) needs \(count) values and has \(given)")
        }
    }
}
