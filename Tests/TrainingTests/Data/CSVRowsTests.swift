// SPDX-License-Identifier: Apache-2.0

import Testing
import Training

@Suite struct CSVRowsTests {
    private func rows(_ text: String, maximum: Int = 1000) -> [CSVRows.Row] {
        Array(CSVRows(Array(text.utf8), maximumRowBytes: maximum))
    }

    private func fields(_ text: String) -> [[String]] {
        rows(text).map { if case .fields(let fields) = $0.content { fields } else { ["MALFORMED"] } }
    }

    @Test(arguments: ["a,b\nc,d\n", "a,b\r\nc,d", "a,b\rc,d\r", "\u{FEFF}a,b\n\n\r\nc,d\n\n"])
    func linesEndInThreeWaysAndEmptyOnesAndByteOrderMarksArePassedOver(_ text: String) {
        #expect(fields(text) == [["a", "b"], ["c", "d"]])
    }

    @Test func quotedFieldsHoldCommasQuotesAndLineBreaks() {
        #expect(
            fields("\"a,\"\"1\"\"\",\"two\r\nlines\",\"\"\nc,,") == [["a,\"1\"", "two\r\nlines", ""], ["c", "", ""]])
    }

    @Test func rowsKnowTheLinesTheyBeginOn() {
        #expect(rows("a\n\n\"b\nb\"\nc").map(\.line) == [1, 3, 5])
    }

    @Test(arguments: ["a,\"b\nc,d\ne,f\n", "a,b\"\nc,d\ne,f\n", "\"a\"b\nc,d\ne,f\n"])
    func aBrokenRowCostsNoOther(_ text: String) {
        #expect(fields(text) == [["MALFORMED"], ["c", "d"], ["e", "f"]])
    }

    @Test func whatIsNotUTF8IsMalformed() {
        let rows = Array(CSVRows([0x61, 0xFF, 0x0A, 0x62], maximumRowBytes: 100))
        #expect(
            rows == [
                .init(line: 1, content: .malformed("it is not UTF-8 text")), .init(line: 2, content: .fields(["b"])),
            ])
    }

    @Test func rowsAreBounded() {
        let rows = rows(String(repeating: "x", count: 200) + "\ny\n", maximum: 100)
        #expect(
            rows == [
                .init(line: 1, content: .malformed("the row has more than 100 bytes")),
                .init(line: 2, content: .fields(["y"])),
            ])
    }
}
