// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Testing

/// A gallery whose process may open no more files. The limit is a process's own, so that it has to be another one's.
@Suite(
    .enabled(
        if: Products.contains("gallery-without-descriptors"),
        "gallery-without-descriptors is not built beside the tests"))
struct DescriptorFaultTests {
    @Test func `without room for another open file a gallery says so, loses nothing, and goes on when there is room`()
        async throws
    {
        let folder = try TemporaryFolder()
        let result = try await Command.run(
            Products.program("gallery-without-descriptors"), [folder.path], timeout: .seconds(60))
        #expect(result.status == 0, "\(result.errors)")
        let attempts = result.output.split(separator: "\n").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
        try #require(attempts.allSatisfy { $0.count == 3 })
        var refusals = 0
        for attempt in attempts where !["copy", "count"].contains(attempt[1]) && attempt[2] != "done" {
            refusals += 1
            #expect(attempt[2].contains("too many files are open"), "\(attempt)")
            #expect(attempt[0] != "all", "\(attempt)")
        }
        for room in Set(attempts.map(\.[0])) {
            func result(_ what: String) -> String? { attempts.first { $0[0] == room && $0[1] == what }?[2] }
            // A backup that failed leaves no file.
            #expect((result("backup") == "done") == (result("copy") == "done"), "\(room)")
        }
        #expect(attempts.first { $0[1] == "open" }?[2] != "done")
        #expect(attempts.first { $0[1] == "backup" }?[2] != "done")
        let enrolled = attempts.count { $0[1] == "enrol" && $0[2] == "done" }
        #expect(attempts.last?[2] == "\(enrolled)")
        print("EMFILE: \(attempts.count - 14) calls, \(refusals) refused")
    }
}
