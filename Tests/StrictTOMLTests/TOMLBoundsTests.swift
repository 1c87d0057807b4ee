// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import StrictTOML
import Testing

/// What a text may take before the parser, whose stack it could overflow, sees it.
@Suite struct TOMLBoundsTests {
    private static let far = 20_000

    private func problem(_ text: String) -> TOMLProblem? {
        do {
            _ = try TOMLDocument(parsing: text, atMost: 1 << 20)
            return nil
        } catch {
            return error
        }
    }

    private static func repeated(_ text: String, _ count: Int = far) -> String { String(repeating: text, count: count) }

    @Test(arguments: [
        repeated("a.") + "a = 1", repeated("a . ") + "a = 1", repeated("\"a\".") + "a = 1", repeated("'a'.") + "a = 1",
        "[" + repeated("a.") + "a]", "[[" + repeated("a.") + "a]]", "[ " + repeated("'].['.") + "a]",
        "a = " + repeated("[") + repeated("]"), "a = " + repeated("[\n#]\n") + repeated("]"),
        "a = [1, '[', " + repeated("[") + repeated("]") + "]",
        "a = " + repeated("{ a = ") + "1" + repeated(" }"), "a = { " + repeated("a.") + "a = 1 }",
        "a = " + repeated("[{ a = ") + "1" + repeated(" }]"),
        // What looks like the inside of a text or of a comment, and is not.
        "x = \"\\\\\"\na = " + repeated("["), "x = '\\'\na = " + repeated("["),
        "x = \"\"\"\\\\\"\"\"\na = " + repeated("["),
        "x = \"\"\"a\"\"\"\"\"\na = " + repeated("["), "x = '''a''''\na = " + repeated("["),
        "x = \"\" # \"\"\"\na = " + repeated("["),
        "x = 1 # '''\r\na = " + repeated("["), "\u{FEFF}a = " + repeated("["),
        "x = \"\"\"\n\\   \n\"\"\"\na = " + repeated("["),
        "\"]\" = [\"]\", " + repeated("[") + "]",
    ])
    func `no spelling takes the parser deeper than a file of ours goes`(text: String) {
        guard case .syntax(_, let reason)? = problem(text) else {
            Issue.record("read: \(text.prefix(40))…")
            return
        }
        #expect(reason.contains("nested more than 16 deep"), "\(text.prefix(40))…: \(reason)")
    }

    @Test func `levels of headers, keys and brackets add up`() {
        #expect(problem("[a.b.c.d.e.f.g.h]\ni.j.k.l = { m = { n = { o = 1 } } }") == nil)
        #expect(problem("[a.b.c.d.e.f.g.h]\ni.j.k.l = { m = { n = { o = { p = { q = 1 } } } } }") != nil)
        #expect(problem("[a.b.c.d.e.f.g.h]\ni.j.k.l = [[[[1]]]]") == nil)
        #expect(problem("[a.b.c.d.e.f.g.h]\ni.j.k.l = [[[[[1]]]]]") != nil)
        // Each table of an array is a level below the array.
        #expect(
            problem((1...8).map { "[[" + (1...$0).map { "a\($0)" }.joined(separator: ".") + "]]\n" }.joined()) == nil)
        #expect(
            problem((1...9).map { "[[" + (1...$0).map { "a\($0)" }.joined(separator: ".") + "]]\n" }.joined()) != nil)
    }

    @Test func `brackets, dots and quotes within texts, keys and comments are no levels`() {
        let deep = Self.repeated("[{a.", 100)
        for text in [
            "a = \"\(deep)\"", "a = '\(deep)'", "a = \"\"\"\(deep)\n\"\(deep)\"\n\"\"\"", "a = '''\n\(deep)'\(deep)'''",
            "# \(deep)\na = 1 # \(deep)",
            "\"\(deep.prefix(100))\" = 1", "'\(deep.prefix(100))' = 1", "[\"\(deep.prefix(100))\"]\na = 1 # ]]",
            "a = \"\\\"\(deep)\\\\\"",
            "a = [ # \(deep)\n 1 ]", "a = { \"[[\" = '}}' }",
        ] {
            #expect(problem(text) == nil, "\(text.prefix(60))")
        }
    }

    @Test func `size, number of values and length of keys are bounded, with the line`() {
        #expect(throws: TOMLProblem.syntax(line: 1, reason: "the text is larger than 10 bytes")) {
            try TOMLDocument(parsing: "abc = 12345", atMost: 10)
        }
        let many = "a = [" + Self.repeated("1,", TOMLLimits.items) + "]"
        #expect(problem("\n" + many) == .syntax(line: 2, reason: "the text holds more than \(TOMLLimits.items) values"))
        #expect(problem((0...TOMLLimits.items).map { "[a\($0)]\n" }.joined()) != nil)
        #expect(
            problem("a = 1\n" + Self.repeated("k", 129) + " = 1")
                == .syntax(line: 2, reason: "a key is longer than 128 bytes"))
        #expect(problem(Self.repeated("k", 128) + " = 1") == nil)
    }

    @Test func `what the parser would take for the end of the text is refused`() {
        for text in [
            "a = 1\0\nb = 2", "# \0\n[x]", "a = \"\\u0000\"", "a = \"\\U00000000\"", "\"\\u0000\" = 1",
            "a = 1\u{B}b = 2", "a = 1 # \rb = 2",
        ] {
            #expect(problem(text) != nil, "\(text.debugDescription)")
        }
    }

    @Test(.enabled(if: TestEnvironment.shared != nil, "LIKENESS_SHARED does not name the shared material"))
    func `the manifest that overflowed the stack is refused with its line`() throws {
        let path = try #require(TestEnvironment.shared) + "/cases/toml/manifest-min.toml"
        #expect(
            problem(try String(contentsOfFile: path, encoding: .utf8))
                == .syntax(line: 1, reason: "tables and arrays are nested more than 16 deep"))
    }

    /// Texts made of the marks that change the structure, in any order: what gets through is as shallow as was counted.
    @Test func `no mixture of marks gets the parser deeper than the bound`() throws {
        let marks = [
            "[", "]", "[[", "]]", "{", "}", "a", "b.c", ".", "=", " = ", ",", "\n", "\r\n", "#", "\"", "'", "\"\"\"",
            "'''", "\\", "\\\"", " ", "1", "1.5",
            "true", "a = [", "a = {", "= [[[[", "[x.y]\n", "[[x.y]]\n", "\"a.b\"", "'['", "\"\\\\\"",
            "2000-01-01 00:00:00", "\t", "é",
        ]
        var random = SeededGenerator(seed: 14)
        var read = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...30, using: &random)).map { _ in marks.randomElement(using: &random) ?? ""
            }.joined()
            guard let document = try? TOMLDocument(parsing: text, atMost: 1 << 20) else { continue }
            read += 1
            #expect(Self.depth(.table(document.values)) <= 2 * TOMLLimits.depth, "\(text.debugDescription)")
        }
        #expect(read > 100)
    }

    private static func depth(_ item: TOMLItem) -> Int {
        switch item {
        case .array(let items): 1 + (items.map(depth).max() ?? 0)
        case .table(let items): 1 + (items.values.map(depth).max() ?? 0)
        default: 0
        }
    }
}
