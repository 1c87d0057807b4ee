// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Writes a record as bytes: whole numbers as 8 bytes, big endian; texts and bytes after their length.
struct RecordWriter {
    /// An array, because `Data` takes many times as long for what is written piece by piece.
    private(set) var content: [UInt8] = []

    var data: Data { Data(content) }

    init() {
        content.reserveCapacity(192)
    }

    mutating func integer(_ value: Int64) {
        withUnsafeBytes(of: value.bigEndian) { content.append(contentsOf: $0) }
    }

    mutating func bytes(_ bytes: some Collection<UInt8>) {
        integer(Int64(bytes.count))
        content.append(contentsOf: bytes)
    }

    mutating func text(_ text: String) {
        bytes(text.utf8)
    }

    mutating func optional<Value>(_ value: Value?, _ write: (inout RecordWriter, Value) -> Void) {
        integer(value == nil ? 0 : 1)
        if let value { write(&self, value) }
    }
}

/// Reads what ``RecordWriter`` wrote.
struct RecordReader {
    private let content: [UInt8]
    private var place = 0

    init(_ data: Data) {
        content = Array(data)
    }

    var isAtEnd: Bool { place == content.count }

    mutating func integer() throws(GalleryError) -> Int64 {
        guard content.count - place >= 8 else { throw .damagedRecord("a record ends too early") }
        defer { place += 8 }
        return content.withUnsafeBytes {
            Int64(bigEndian: $0.loadUnaligned(fromByteOffset: place, as: Int64.self))
        }
    }

    mutating func bytes() throws(GalleryError) -> Data { Data(try slice()) }

    mutating func text() throws(GalleryError) -> String {
        guard let text = String(validating: try slice(), as: UTF8.self) else {
            throw .damagedRecord("a record's text is no UTF-8")
        }
        return text
    }

    /// - Throws: ``GalleryError/damagedRecord(_:)`` when something is left.
    func end() throws(GalleryError) {
        guard isAtEnd else { throw .damagedRecord("a record is longer than it should be") }
    }

    private mutating func slice() throws(GalleryError) -> ArraySlice<UInt8> {
        let count = try integer()
        guard count >= 0, count <= content.count - place else { throw .damagedRecord("a record ends too early") }
        defer { place += Int(count) }
        return content[place..<place + Int(count)]
    }
}
