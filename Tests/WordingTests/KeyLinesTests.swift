import Testing
import Wording

@Suite struct KeyLinesTests {
    private let lines = KeyLines("""
        top = 1

        [one]
        key = "a" # [not] = a section
        [[list]]
        key = 2
        [list.inner]
        key = 3
        [[list]]
        key = 4
        [list.inner]
        "quoted" = 5
        [[list.deep]]
        key = 6
        """)

    @Test func `keys and sections have the lines that they stand in`() {
        #expect(lines.line(of: "top", in: "") == 1)
        #expect(lines.line(ofSection: "one") == 3)
        #expect(lines.line(of: "key", in: "one") == 4)
        #expect(lines.line(of: "other", in: "one") == nil)
    }

    @Test func `the tables of an array are told apart by their numbers, and so is what stands in them`() {
        #expect(lines.line(of: "key", in: "list[0]") == 6)
        #expect(lines.line(of: "key", in: "list[0].inner") == 8)
        #expect(lines.line(ofSection: "list[1]") == 9)
        #expect(lines.line(of: "key", in: "list[1]") == 10)
        #expect(lines.line(of: "quoted", in: "list[1].inner") == 12)
        #expect(lines.line(of: "key", in: "list[1].deep[0]") == 14)
    }
}
