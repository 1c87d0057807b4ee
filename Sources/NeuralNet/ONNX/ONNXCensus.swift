// SPDX-License-Identifier: Apache-2.0

/// Counts the parts of an ONNX file before it is decoded.
///
/// Decoding allocates a few hundred bytes for a node or an attribute that may take two bytes of the file, so that the
/// bound of the file's size alone would let a hostile one ask for a hundred times as much memory. This walks protobuf's
/// wire format along the messages that onnx.proto declares, and passes over the contents of everything else.
struct ONNXCensus {
    /// What a message counts; a string and a list of numbers count 1.
    private static let messageParts = 4
    /// The most parts together, those that any file may have, and the bytes that stand for each beyond them.
    static let maximumParts = 1 << 21
    private static let freeParts = 1 << 18
    private static let bytesPerPart = 2
    /// The most graphs that lie one in another.
    static let maximumDepth = 8

    private let mostParts: Int
    private var parts = 0
    private var depth = 0

    private init(bytes: Int) {
        mostParts = min(Self.maximumParts, Self.freeParts + bytes / Self.bytesPerPart)
    }

    /// - Throws: ``NetworkError/malformedModel(reason:)`` where the encoding is broken, and
    ///   ``NetworkError/unsupportedModel(reason:)`` where there are too many parts.
    static func check(_ bytes: [UInt8]) throws(NetworkError) {
        var census = ONNXCensus(bytes: bytes.count)
        try census.count(.model, bytes[...])
    }

    /// A message that repeats others, and so is looked into.
    private enum Message {
        case model, graph, function, node, attribute, tensor, sparseTensor, value, type, tensorType, shape

        /// The message in the field of this number, by onnx.proto.
        func field(_ number: UInt64) -> Message? {
            switch (self, number) {
            case (.model, 7), (.attribute, 6): .graph
            case (.model, 25): .function
            case (.graph, 1), (.function, 7): .node
            case (.function, 11): .attribute
            case (.graph, 5), (.attribute, 5), (.sparseTensor, 1): .tensor
            case (.graph, 15): .sparseTensor
            case (.graph, 11), (.graph, 12): .value
            case (.node, 5): .attribute
            case (.value, 2): .type
            case (.type, 1): .tensorType
            case (.tensorType, 2): .shape
            default: nil
            }
        }
    }

    private mutating func count(_ message: Message, _ bytes: ArraySlice<UInt8>) throws(NetworkError) {
        var rest = bytes
        if message == .graph {
            depth += 1
            guard depth <= Self.maximumDepth else {
                throw .unsupportedModel(reason: "its subgraphs lie more than \(Self.maximumDepth) deep")
            }
        }
        defer { if message == .graph { depth -= 1 } }
        while !rest.isEmpty {
            let tag = try Self.varint(&rest)
            guard tag <= UInt32.max else { throw Self.damaged }
            switch tag & 7 {
            case 0: _ = try Self.varint(&rest)
            case 1: try Self.skip(8, &rest)
            case 5: try Self.skip(4, &rest)
            case 2:
                let length = try Self.varint(&rest)
                guard length <= UInt64(rest.count) else { throw Self.damaged }
                let inner = message.field(tag >> 3)
                parts += inner == nil ? 1 : Self.messageParts
                guard parts <= mostParts else {
                    throw .unsupportedModel(
                        reason: "it has more nodes, attributes, names and tensors than a file of its size may have")
                }
                if let inner { try count(inner, rest.prefix(Int(length))) }
                try Self.skip(Int(length), &rest)
            // Groups, which ONNX does not use, and wire types that protobuf does not have.
            default: throw Self.damaged
            }
        }
    }

    private static let damaged = NetworkError.malformedModel(reason: "its protobuf encoding is truncated or damaged")

    private static func skip(_ count: Int, _ bytes: inout ArraySlice<UInt8>) throws(NetworkError) {
        guard count <= bytes.count else { throw damaged }
        bytes.removeFirst(count)
    }

    /// Seven bits a byte, the lowest first.
    private static func varint(_ bytes: inout ArraySlice<UInt8>) throws(NetworkError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = bytes.popFirst() else { throw damaged }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw damaged
    }
}
