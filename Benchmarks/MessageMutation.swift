// SPDX-License-Identifier: Apache-2.0

import ProgramHarness

/// A way of damaging a call, or of making it want what it should not.
enum MessageMutation: String, CaseIterable {
    case flippedBits = "flipped bits"
    case truncated = "truncated"
    case unended = "without its end"
    case overwrittenBlock = "overwritten block"
    case duplicatedBlock = "duplicated block"
    case nulWithin = "NUL within"
    case notUTF8 = "bytes that are not UTF-8"
    case nested = "nested deeply"
    case manyValues = "very many values"
    case longKey = "a very long key"
    case otherTypes = "values of other types"
    case flags = "flags"
    case hugeNumbers = "numbers beyond all limits"

    /// - Parameter original: a JSON object, without the NUL at its end.
    func applied(to original: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        let offset = Int.random(in: bytes.indices, using: &generator)
        switch self {
        case .flippedBits:
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] ^=
                    1 << UInt8.random(in: 0..<8, using: &generator)
            }
        case .truncated: bytes.removeSubrange(offset...)
        case .unended: return bytes
        case .overwrittenBlock:
            for index in offset..<min(offset + 32, bytes.count) {
                bytes[index] = UInt8.random(in: 0...255, using: &generator)
            }
        case .duplicatedBlock: bytes.insert(contentsOf: bytes[offset..<min(offset + 64, bytes.count)], at: offset)
        case .nulWithin: bytes.insert(0, at: offset)
        case .notUTF8: bytes.insert(contentsOf: [0xC3, 0x28, 0xF8, 0xFF], at: offset)
        case .nested:
            let depth = Int.random(in: 1...100_000, using: &generator)
            insert(
                "\"extra\":" + String(repeating: Bool.random(using: &generator) ? "[" : "{\"a\":", count: depth) + ",",
                into: &bytes)
        case .manyValues:
            let count = Int.random(in: 1...200_000, using: &generator)
            insert("\"extra\":[" + String(repeating: "0,", count: count) + "0],", into: &bytes)
        case .longKey:
            let count = Int.random(in: 1...1_000_000, using: &generator)
            insert("\"" + String(repeating: "k", count: count) + "\":1,", into: &bytes)
        case .otherTypes:
            let value =
                ["null", "true", "7", "[]", "{}", "-1.5e300", "\"\""].randomElement(using: &generator) ?? "null"
            let key =
                ["parameters", "method", "more", "identity", "image", "extra"].randomElement(using: &generator)
                ?? "extra"
            insert("\"\(key)\":\(value),", into: &bytes)
        case .flags:
            let flag = ["oneway", "more", "upgrade", "continues"].randomElement(using: &generator) ?? "more"
            insert("\"\(flag)\":true,", into: &bytes)
        case .hugeNumbers:
            let digits = String(repeating: "9", count: Int.random(in: 1...100_000, using: &generator))
            let key =
                ["limit", "operating_point", "parameters", "more", "extra"].randomElement(using: &generator) ?? "extra"
            insert("\"\(key)\":\(digits),", into: &bytes)
        }
        return bytes + [0]
    }

    /// After the first brace.
    private func insert(_ text: String, into bytes: inout [UInt8]) {
        bytes.insert(contentsOf: text.utf8, at: 1)
    }
}
