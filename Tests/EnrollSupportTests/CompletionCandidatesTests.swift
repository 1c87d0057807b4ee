// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Testing

@Suite struct CompletionCandidatesTests {
    @Test(arguments: [
        "alice", "jürgen", "ßÄÖ", "Ωμέγα", "王", "007", "x9", "a.b", "a_b", "a-b", "a+b", "alice@example.org", ".hidden",
        "_", "½",
    ])
    func `a name of letters, numbers and a few signs is offered`(_ name: String) {
        #expect(CompletionCandidates.safe([name], prefix: "") == [name])
    }

    @Test(arguments: [
        "", "$(touch${IFS}x)", "$HOME", "${IFS}", "$", "`id`", "a`", "a;id", "a'b", "a\"b", "a b", "a\nb", "a\tb",
        "a\u{0}b", "a\u{1B}b",
        "a\\b", "a&b", "a|b", "a>b", "a<b", "a(b)", "{a,b}", "a*", "a?", "[a]", "~root", "a!b", "a#b", "a:b", "a/b",
        "a=b", "a,b", "a%b",
        "a\u{A0}b", "a\u{2028}b", "a\u{202E}b", "u\u{308}", "-x", "--help", "-",
    ])
    func `a name that a shell could take for more than a word is not offered`(_ name: String) {
        #expect(CompletionCandidates.safe([name, "alice"], prefix: "") == ["alice"])
    }

    @Test func `what begins as the word does is offered, in order`() {
        #expect(CompletionCandidates.safe(["bob", "alice", "al", "$(al)"], prefix: "al") == ["alice", "al"])
        #expect(CompletionCandidates.safe(["-a", "a"], prefix: "-").isEmpty)
    }
}
