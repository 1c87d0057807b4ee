// SPDX-License-Identifier: Apache-2.0

import Testing
import Varlink

@Suite("Interface descriptions")
struct DescriptionTests {
    @Test("Names are read, whatever the layout")
    func reading() throws {
        let description = try InterfaceDescription(
            parsing: """
                # comment
                interface a.b-c.d1 # more
                type T(a:int,b:?[]string,c:[string](x:bool,y:?T))
                type E (one, two)
                method M()->()
                method N(t: T, e: ?E, o: object) -> (f: float)
                error Oops ()
                """)
        #expect(description.name == "a.b-c.d1")
        #expect(
            description.types == ["T", "E"] && description.methods == ["M", "N"] && description.errors == ["Oops"])
    }

    @Test(
        "Mistakes are named with their line",
        arguments: [
            ("", 1), ("interface x", 1), ("interface a.b\nmethod m() -> ()", 2), ("interface a.b\nmethod M()", 2),
            ("interface a.b\n\ntype T (a: Missing)", 3), ("interface a.b\ntype T (a: int, a: int)", 2),
            ("interface a.b\ntype T (a: int, b)", 2), ("interface a.b\nerror E ()\nerror E ()", 3),
            ("interface a.b\ntype T (a: ??int)", 2), ("interface a.b\nmethod M(a, b) -> ()", 2),
            ("interface a.b\nfoo", 2),
            ("interface a.b\ntype T (a: [int]string)", 2),
            ("interface a.b\ntype T (" + String(repeating: "a: (", count: 100), 2),
        ])
    func mistakes(_ text: String, _ line: Int) {
        let error = #expect(throws: InterfaceDescriptionError.self) { try InterfaceDescription(parsing: text) }
        #expect(error?.line == line, "\(error?.description ?? "")")
    }
}
