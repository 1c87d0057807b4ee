// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Testing

/// What `scripts/man-pages` makes of texts that the repository does not hold.
struct ManualSourceTests {
    @Test func `no text is taken for a request of roff`() throws {
        let result = try CheckoutScript.python(
            """
            from manual.markup import Markup
            text = ".so a::\\n.so b\\n\\n'x::\\n'y\\n\\n.further\\n\\n    .typed\\n    'typed"
            print("\\n".join(Markup({}, {}).blocks(text) + Markup({}, {}).blocks(".so c")))
            """)
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        let lines = result.output.split(separator: "\n")
        let requests = lines.filter { $0.hasPrefix(".") || $0.hasPrefix("'") }
        #expect(Set(requests).isSubset(of: [".TP", ".IP", ".PP", ".RS", ".RE", ".RS 4", ".EX", ".EE"]), "\(requests)")
        for line in [#"\&.so a"#, #"\&.so b"#, #"\&'x"#, #"\&'y"#, #"\&.further"#, #"\&.typed"#, #"\&.so c"#] {
            #expect(lines.contains { $0 == line }, "\(line) in \(lines)")
        }
    }

    @Test(arguments: [
        ("interface a.b\nmethod Get(a: int\n", "describes no interface: line "),
        ("interface a.b\ntype A (\n", "describes no interface: line "),
        ("interface a.b\nmethod Get(a: int)\n", "describes no interface: line "),
        ("", "describes no interface: line "),
        ("interface a.b\n# Lost.\n\ntype A ()\n", "has a comment that nothing follows: # Lost."),
    ])
    func `a description that is none is named`(_ text: String, _ words: String) throws {
        let folder = try TemporaryFolder(), path = folder.appending("a.varlink")
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let result = try CheckoutScript.python(
            """
            from manual.interface import Interface
            from manual.markup import PageError
            try:
                Interface(sys.argv[1])
            except PageError as error:
                sys.exit(str(error))
            """, [path])
        #expect(result.status == 1 && result.errors.hasPrefix("\(path) \(words)"), "\(result.errors)")
    }
}
