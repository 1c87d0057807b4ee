// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Testing

@Suite struct IdentityNameTests {
    @Test(arguments: ["alice", "Zoë", "山田 太郎", "O'Brien-Smith", "👩‍👩‍👧", "a"])
    func `printable names are kept as they are`(_ text: String) throws {
        #expect(try IdentityName(text).text == text)
    }

    @Test func `the same letters typed as one or as two code points are one name`() throws {
        let composed = try IdentityName("Jos\u{E9}")
        let decomposed = try IdentityName("Jose\u{301}")
        #expect(composed == decomposed)
        #expect(Array(decomposed.text.unicodeScalars) == Array("Jos\u{E9}".unicodeScalars))
    }

    @Test func `a name has up to 128 characters and not one more`() throws {
        #expect(try IdentityName(String(repeating: "é", count: 128)).text.count == 128)
        #expect(throws: InvalidIdentityName.self) { try IdentityName(String(repeating: "é", count: 129)) }
    }

    @Test func `one character of endless combining marks is refused`() {
        let text = "a" + String(repeating: "\u{0301}", count: 2_000)
        #expect(throws: InvalidIdentityName.self) { try IdentityName(text) }
    }

    @Test(arguments: [
        "", " alice", "alice\n", "a\u{0}b", "a\u{1B}[31mb", "a\u{7F}", "a\u{85}b", "a\u{2028}b", "evil\u{202E}ecila",
        "a\u{200B}b",
    ])
    func `empty, padded, control and invisible characters are refused`(_ text: String) {
        #expect(throws: InvalidIdentityName.self) { try IdentityName(text) }
    }

    @Test func `the refusal says what is wrong`() {
        let error = #expect(throws: InvalidIdentityName.self) { try IdentityName("a\u{7}b") }
        #expect(error?.description.contains("U+7") == true)
    }
}
