// SPDX-License-Identifier: Apache-2.0

import ProgramHarness
import StrictTOML
import Testing

/// Texts within the bounds, and where their keys stand.
@Suite struct TOMLReadingTests {
    private func document(_ text: String) throws -> TOMLDocument { try TOMLDocument(parsing: text, atMost: 1 << 20) }

    @Test(arguments: [
        ("a = 1", TOMLItem.integer(1)), ("a = +1_000", .integer(1000)), ("a = 0xDEAD", .integer(0xDEAD)),
        ("a = -0.5e-3", .number(-0.5e-3)),
        ("a = true # yes", .boolean(true)), ("a = 'c:\\d'", .string("c:\\d")), ("a = \"\\u00e9\\t\"", .string("é\t")),
        ("a = \"\"", .string("")), ("a = ''", .string("")), ("a = \"\"\"\"\"\"", .string("")),
        ("a = '''it''s'''", .string("it''s")),
        ("a = \"\"\"\nx\\\n   y\"\"\"\"", .string("xy\"")),
        ("a = [ 1, [ 2, ], # one\n 3\n]", .array([.integer(1), .array([.integer(2)]), .integer(3)])),
        ("a = {}", .table([:])),
        ("a = { b.c = 1, 'd e' = [] }", .table(["b": .table(["c": .integer(1)]), "d e": .array([])])),
        ("[a]\n\"b.c\" = 1", .table(["b.c": .integer(1)])),
        ("[[a]]\nb = 1\n[[a]]", .array([.table(["b": .integer(1)]), .table([:])])),
        ("a = 1979-05-27T07:32:00Z", .other("a date or time")),
        ("a = 1979-05-27 07:32:00.5 # at night", .other("a date or time")),
        ("a = 07:32:00", .other("a date or time")), ("a=1\r\n", .integer(1)), ("\u{FEFF}a = 1", .integer(1)),
        ("'a' = 1", .integer(1)),
        ("\"\\u0061\" = 1", .integer(1)), ("[ a ]", .table([:])), ("a = [\r\n]", .array([])),
    ])
    func `what TOML 1.0 allows is read`(text: String, value: TOMLItem) throws {
        #expect(try document(text).values["a"] == value)
    }

    @Test(arguments: [
        ("a = ", 1), ("\na", 2), ("a = 1 b = 2", 1), ("a = 1\na = 2", 2), ("[a\n]", 1), ("[a]]", 1), ("[[a]", 1),
        ("a = [1 2]", 1), ("a = { b = 1,\n c = 2 }", 1),
        ("a = { b = 1, }", 1), ("\n\na = \"x\n", 3), ("\na = '''x\n\n", 2), ("\"\"\"a\"\"\" = 1", 1), ("a. = 1", 1),
        ("= 1", 1), ("a = \"\\q\"", 1), ("a = 1 = 2", 1),
    ])
    func `what it does not allow is refused with its line`(text: String, line: Int) {
        guard
            case .syntax(let found, let reason)? = #expect(throws: TOMLProblem.self, performing: { try document(text) })
        else {
            Issue.record("not refused as syntax: \(text)")
            return
        }
        #expect(found == line, "\(text.debugDescription): \(reason)")
        #expect(reason.contains("not TOML"))
    }

    /// The parser ended the process over the first of them.
    @Test(arguments: [
        "1979-05-27 1", "1979-05-27 07", "1979-05-27 07:32", "1979-05-27T", "1979-05-27T07", "1979-5-27", "1979-05-27Z",
        "1979-05-27T07:32:00+1", "1979-05-27T07:32:00Zx", "19790-05-27", "07:32", "07:32:00.", "07:32:00Z", "7:32:00",
        "0123", "1__0", "_1", "1_", "1.", ".5", "1.e3", "1e", "1e+", "1.5.5", "0x", "0xG", "0o8", "0b2", "+0x1", "-0b1",
        "--1",
        "+", "True", "yes", "truefalse", "infinity", "+nan0", "1979-05-27-07", "12:34:56:78", "1:2",
    ])
    func `what is no number, truth value, date or time does not reach the parser`(value: String) {
        for text in [
            "a = \(value)", "a = [\(value)]", "a = [ 1, \(value) ]", "a = { b = \(value) }", "a = \(value) # b",
        ] {
            guard
                case .syntax(1, let reason)? = #expect(
                    throws: TOMLProblem.self, performing: { try document(text + "\n") })
            else {
                Issue.record("not refused as syntax in line 1: \(text)")
                continue
            }
            #expect(reason.contains("is no number, truth value, date or time"), "\(text): \(reason)")
        }
    }

    @Test(arguments: [
        "0", "-0", "+1", "1_000", "0xdead_BEEF", "0o755", "0b1101_0110", "0.0", "-0.01", "1e06", "5e+22", "-2E-2",
        "6.626e-34",
        "224_617.445_991_228", "0.5e0", "inf", "-inf", "+nan", "true", "false", "1979-05-27",
        "1979-05-27T07:32:00Z", "1979-05-27t00:32:00.999999-07:00", "1979-05-27 07:32:00z", "1979-05-27T07:32:00+00:00",
        "1979-05-27T00:32:00.5", "07:32:00", "00:32:00.999999",
    ])
    func `every way to write a value without quotes is read`(value: String) throws {
        #expect(try document("a = \(value)").values["a"] != nil)
        #expect(try document("a = [ \(value), \(value) ] # b\n").values["a"] != nil)
    }

    @Test func `what is written is read back`() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let values = Self.table(levels: 4, &random)
            let text = values.sorted { $0.key < $1.key }.map { "\(TOMLItem.keyText($0.key)) = \($0.value.tomlText)\n" }
                .joined()
            #expect(try document(text).values == values, "\(text)")
        }
    }

    private static func table(levels: Int, _ random: inout SeededGenerator) -> [String: TOMLItem] {
        let names = ["a", "b c", "d.e", "[f]", "\"g\"", "#", "é", "h'", "\\", "-"]
        return (0..<Int.random(in: 0...3, using: &random)).reduce(into: [:]) { table, _ in
            table[names.randomElement(using: &random) ?? "a"] = item(levels: levels, &random)
        }
    }

    private static func item(levels: Int, _ random: inout SeededGenerator) -> TOMLItem {
        switch Int.random(in: levels > 0 ? 0...5 : 0...3, using: &random) {
        case 0: .integer(Int.random(in: Int.min...Int.max, using: &random))
        case 1: .number(Double.random(in: -1...1, using: &random))
        case 2: .boolean(Bool.random(using: &random))
        case 3: .string(["", "x", "\"\"\"", "'''", "a\nb\t\u{7F}", "# [[", "\\"].randomElement(using: &random) ?? "")
        case 4: .array((0..<Int.random(in: 0...3, using: &random)).map { _ in item(levels: levels - 1, &random) })
        default: .table(table(levels: levels - 1, &random))
        }
    }

    @Test func `keys, sections and the members of arrays have the lines that they stand in`() throws {
        let lines = try document(
            """
            top = 1

            [one]
            key = "a" # [not] = a section
            text = '''
            key2 = 1
            '''
            far.away = { near = 1 }
            [[list]]
            key = 2
            [list.inner]
            key = 3
            [[list]]
            key = [
              1,
              { deep = 2 },
            ]
            [list.inner]
            "quoted.dot" = 5
            [[list.deep]]
            key = 6
            [[list]]
            [[list.deep]]
            key = 7
            """
        ).lines
        #expect(lines.line(of: "top", in: "") == 1)
        #expect(lines.line(of: "one") == 3)
        #expect(lines.line(of: "key", in: "one") == 4)
        #expect(lines.line(of: "key2", in: "one") == nil)
        #expect(lines.line(of: "near", in: "one.far.away") == 8)
        #expect(lines.line(of: "key", in: "list[0]") == 10)
        #expect(lines.line(of: "key", in: "list[0].inner") == 12)
        #expect(lines.line(of: "list[1]") == 13)
        #expect(lines.line(of: "deep", in: "list[1].key[1]") == 16)
        #expect(lines.line(of: "quoted.dot", in: "list[1].inner") == 19)
        #expect(lines.line(of: "key", in: "list[1].deep[0]") == 21)
        #expect(lines.line(of: "key", in: "list[2].deep[0]") == 24)
    }
}
