// SPDX-License-Identifier: Apache-2.0

import CPostgreSQL
import Foundation

/// What a statement answered, copied out of libpq's memory.
struct PostgreSQLResult {
    /// What was done, as `COMMIT`.
    let tag: String
    /// How many rows were changed.
    let changed: Int
    let rows: [SQLRow]

    /// - Throws: ``GalleryError/damagedRecord(_:)`` for a column that none of ours can be.
    init(_ result: OpaquePointer) throws {
        tag = PQcmdStatus(result).map { String(cString: $0) } ?? ""
        changed = PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
        let types = (0..<PQnfields(result)).map { PQftype(result, $0) }
        rows = try (0..<PQntuples(result)).map { row in
            SQLRow(
                try types.enumerated().map { column, type in
                    let column = Int32(column)
                    guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else {
                        return .null
                    }
                    let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
                    // The simple protocol answers in text.
                    return PQfformat(result, column) == 0
                        ? .text(String(decoding: bytes, as: UTF8.self)) : try Self.value(bytes, type: type)
                })
        }
    }

    /// Reads the binary form of a type, by its number in `pg_type`.
    private static func value(_ bytes: UnsafeRawBufferPointer, type: Oid) throws -> SQLValue {
        switch (type, bytes.count) {
        case (17, _): .bytes(Data(bytes))
        case (25, _), (1043, _), (19, _): .text(String(decoding: bytes, as: UTF8.self))
        case (20, 8): .integer(Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)))
        case (23, 4): .integer(Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self))))
        case (21, 2): .integer(Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self))))
        case (26, 4): .integer(Int64(UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))))
        case (16, 1): .integer(bytes[0] == 0 ? 0 : 1)
        // Of a function that answers nothing.
        case (2278, _): .null
        default: throw GalleryError.damagedRecord("a column is of PostgreSQL's type \(type), which none should be")
        }
    }
}

/// Arguments in the binary form, as libpq takes them.
struct PostgreSQLArguments {
    // The first byte is no argument's: an empty one has an address, too.
    private var bytes: [UInt8] = [0]
    private var ranges: [Range<Int>?] = []

    init(_ values: [SQLValue]) {
        for value in values {
            let start = bytes.count
            switch value {
            case .null:
                ranges.append(nil)
                continue
            case .integer(let value): withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
            case .text(let text): bytes.append(contentsOf: text.utf8)
            case .bytes(let data): bytes.append(contentsOf: data)
            }
            ranges.append(start..<bytes.count)
        }
    }

    func withPointers<Result>(
        _ body: (_ count: Int32, _ values: [UnsafePointer<CChar>?], _ lengths: [Int32], _ formats: [Int32]) -> Result
    ) -> Result {
        bytes.withUnsafeBytes { raw in
            let start = raw.bindMemory(to: CChar.self).baseAddress
            let values = ranges.map { offset in offset.flatMap { offset in start.map { $0 + offset.lowerBound } } }
            return body(
                Int32(ranges.count), values, ranges.map { Int32($0?.count ?? 0) },
                [Int32](repeating: 1, count: ranges.count))
        }
    }
}
