// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Writes a record as bytes: whole numbers as 8 bytes, big endian; texts and bytes after their length.
struct RecordWriter {
    private(set) var data = Data()

    mutating func integer(_ value: Int64) {
        withUnsafeBytes(of: value.bigEndian) { data.append(contentsOf: $0) }
    }

    mutating func bytes(_ bytes: Data) {
        integer(Int64(bytes.count))
        data.append(bytes)
    }

    mutating func text(_ text: String) {
        bytes(Data(text.utf8))
    }

    mutating func optional<Value>(_ value: Value?, _ write: (inout RecordWriter, Value) -> Void) {
        integer(value == nil ? 0 : 1)
        if let value { write(&self, value) }
    }
}

/// Reads what ``RecordWriter`` wrote.
struct RecordReader {
    private var rest: Data

    init(_ data: Data) {
        rest = data
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func integer() throws(GalleryError) -> Int64 {
        guard rest.count >= 8 else { throw .damagedRecord("a record ends too early") }
        defer { rest = rest.dropFirst(8) }
        return rest.withUnsafeBytes { Int64(bigEndian: $0.loadUnaligned(as: Int64.self)) }
    }

    mutating func bytes() throws(GalleryError) -> Data {
        let count = try integer()
        guard count >= 0, count <= rest.count else { throw .damagedRecord("a record ends too early") }
        defer { rest = rest.dropFirst(Int(count)) }
        return Data(rest.prefix(Int(count)))
    }

    mutating func text() throws(GalleryError) -> String {
        guard let text = String(data: try bytes(), encoding: .utf8) else {
            throw .damagedRecord("a record's text is no UTF-8")
        }
        return text
    }

    /// - Throws: ``GalleryError/damagedRecord(_:)`` when something is left.
    func end() throws(GalleryError) {
        guard rest.isEmpty else { throw .damagedRecord("a record is longer than it should be") }
    }
}
