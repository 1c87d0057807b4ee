// SPDX-License-Identifier: Apache-2.0

/// The rows of a CSV file by RFC 4180: fields between commas, quoted where they hold commas, quotes or line breaks,
/// lines ended by LF, CR LF or CR. A byte-order mark and empty lines are passed over.
package struct CSVRows: Sequence, IteratorProtocol {
    package struct Row: Equatable {
        /// The line on which the row begins, from 1.
        package let line: Int
        package let content: Content

        package init(line: Int, content: Content) {
            self.line = line
            self.content = content
        }
    }

    package enum Content: Equatable {
        case fields([String])
        /// The row breaks the format's rules; the reason is a clause. Reading goes on with the next line.
        case malformed(String)
    }

    private let bytes: [UInt8]
    private let maximumRowBytes: Int
    private var position = 0
    private var line = 1

    private static let quote = UInt8(ascii: "\""), comma = UInt8(ascii: ",")
    private static let lineFeed = UInt8(ascii: "\n"), carriageReturn = UInt8(ascii: "\r")

    package init(_ bytes: [UInt8], maximumRowBytes: Int) {
        self.bytes = bytes
        self.maximumRowBytes = maximumRowBytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    package mutating func next() -> Row? {
        while position < bytes.count, isLineEnd(bytes[position]) { passLineEnd() }
        guard position < bytes.count else { return nil }
        let start = (position: position, line: line)
        do {
            let fields = try readRow()
            passLineEnd()
            return Row(line: start.line, content: .fields(fields))
        } catch {
            // A stray quote may have swallowed good rows: they are read again from the next line on.
            (position, line) = start
            while position < bytes.count, !isLineEnd(bytes[position]) { position += 1 }
            passLineEnd()
            return Row(line: start.line, content: .malformed(error.reason))
        }
    }

    private struct Malformed: Error {
        let reason: String
    }

    private mutating func readRow() throws(Malformed) -> [String] {
        let start = position
        var fields: [String] = []
        while true {
            fields.append(try readField(rowStart: start))
            guard position < bytes.count, bytes[position] == Self.comma else { return fields }
            position += 1
        }
    }

    private mutating func readField(rowStart: Int) throws(Malformed) -> String {
        var content: [UInt8] = []
        let isQuoted = position < bytes.count && bytes[position] == Self.quote
        if isQuoted { position += 1 }
        while position < bytes.count {
            guard position - rowStart < maximumRowBytes else {
                throw Malformed(
                    reason: "the row has more than \(maximumRowBytes) bytes"
                        + (isQuoted ? "; a closing quote may be missing" : ""))
            }
            let byte = bytes[position]
            if isQuoted {
                if byte == Self.quote {
                    position += 1
                    guard position < bytes.count, bytes[position] == Self.quote else { return try closed(content) }
                } else if isLineEnd(byte) {
                    content += byte == Self.carriageReturn && follows(Self.lineFeed) ? [byte, Self.lineFeed] : [byte]
                    passLineEnd()
                    continue
                }
            } else if byte == Self.comma || isLineEnd(byte) {
                return try text(content)
            } else if byte == Self.quote {
                throw Malformed(reason: "a quote stands inside a field that does not begin with one")
            }
            content.append(byte)
            position += 1
        }
        if isQuoted { throw Malformed(reason: "a quoted field has no closing quote") }
        return try text(content)
    }

    /// A quoted field whose closing quote was passed.
    private func closed(_ content: [UInt8]) throws(Malformed) -> String {
        guard position == bytes.count || bytes[position] == Self.comma || isLineEnd(bytes[position]) else {
            throw Malformed(reason: "characters follow the closing quote of a field")
        }
        return try text(content)
    }

    private func text(_ content: [UInt8]) throws(Malformed) -> String {
        guard let text = String(validating: content, as: UTF8.self) else {
            throw Malformed(reason: "it is not UTF-8 text")
        }
        return text
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == Self.lineFeed || byte == Self.carriageReturn }

    private func follows(_ byte: UInt8) -> Bool { position + 1 < bytes.count && bytes[position + 1] == byte }

    private mutating func passLineEnd() {
        guard position < bytes.count, isLineEnd(bytes[position]) else { return }
        position += bytes[position] == Self.carriageReturn && follows(Self.lineFeed) ? 2 : 1
        line += 1
    }
}
