// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import ProgramHarness
import Testing

@Suite struct TextTableTests {
    @Test func `columns line up by what characters take on the screen`() {
        let table = TextTable(
            columns: [.init("NAME"), .init("N", .right), .init("LAST")],
            rows: [
                ["alice", "1", "a"], ["山田太郎", "12", "b"], ["Zoe\u{308}", "5", "c"], ["👩‍👧🇩🇪", "3", "d"], ["", "4", ""],
            ])
        #expect(
            table.text == """
                NAME       N  LAST
                alice      1  a
                山田太郎  12  b
                Zoe\u{308}        5  c
                👩‍👧🇩🇪       3  d
                           4

                """)
    }

    @Test func `a cell cannot control the terminal or add a line`() {
        let table = TextTable(columns: [.init("NAME")], rows: [["a\u{1B}[2Jb\nc\u{202E}d"]])
        #expect(table.text == "NAME\na\\u{1B}[2Jb\\nc\\u{202E}d\n")
    }

    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("字", 2), ("ｱ", 1), ("Ａ", 2), ("한", 2),
        ("\u{1112}\u{1161}\u{11AB}", 2), ("😀", 2), ("👍🏽", 2), ("👨‍👩‍👧", 2), ("🇩🇪", 2), ("☂\u{FE0F}", 2), ("a\u{200D}", 1),
    ])
    func `the width of a text is that of its characters`(_ text: String, _ width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test(.enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
    func `wide characters are those of Unicode's own table`() throws {
        let script = """
            import unicodedata as u
            print(",".join(str(c) for c in range(0x20, 0x30000) if u.category(chr(c)) not in ("Cn", "Cs", "Mn", "Me", "Cc", "Cf")
                and u.east_asian_width(chr(c)) in "WF"))
            """
        let printed = try Command.run(try #require(TestEnvironment.python), ["-c", script])
        try #require(printed.status == 0, "\(printed.errors)")
        let wide = Set(printed.output.split { $0 == "," || $0.isNewline }.compactMap { UInt32($0) })
        #expect(wide.count > 80_000)
        let unlike = (UInt32(0x20)..<0x30000).compactMap(Unicode.Scalar.init).filter { scalar in
            switch scalar.properties.generalCategory {
            // Unassigned characters, and those assigned since, are nobody's name.
            case .unassigned, .control, .format, .nonspacingMark, .enclosingMark, .privateUse: return false
            default: break
            }
            // Regional indicators are narrow one by one and a wide flag together; newer Unicode made these signs wide.
            if (0x1F1E6...0x1F1FF).contains(scalar.value) || (0x4DC0...0x4DFF).contains(scalar.value) { return false }
            if !wide.contains(scalar.value), (scalar.properties.age?.major ?? 0) > 14 { return false }
            return (DisplayWidth.of(Character(scalar)) == 2) != wide.contains(scalar.value)
        }
        #expect(unlike.isEmpty, "\(unlike.prefix(20).map { String($0.value, radix: 16) })")
    }

    @Test func `values of several lines stay in their column`() {
        #expect(FieldList.text([("a", "1\n2"), ("long", "x\u{7}")]) == "  a     1\n        2\n  long  x\\u{7}\n")
    }
}
