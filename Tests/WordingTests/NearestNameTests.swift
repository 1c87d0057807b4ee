// SPDX-License-Identifier: Apache-2.0

import Testing
import Wording

@Suite struct NearestNameTests {
    private let known = ["path", "mode", "maximum_connections", "operating_point"]

    @Test(arguments: [
        ("pth", "path"), ("Path", "path"), ("maximum_conections", "maximum_connections"),
        ("operating_pont", "operating_point"),
    ])
    func `a mistyped name finds the one that was meant`(_ typed: String, _ meant: String) {
        #expect(NearestName.of(typed, among: known) == meant)
    }

    @Test(arguments: ["", "colour", "xyz", String(repeating: "path", count: 1000)])
    func `a name that is like none finds none`(_ typed: String) {
        #expect(NearestName.of(typed, among: known) == nil)
    }

    @Test func `of names that are equally near the first by alphabet is found`() {
        #expect(NearestName.of("bat", among: ["hat", "cat"]) == "cat")
    }
}
