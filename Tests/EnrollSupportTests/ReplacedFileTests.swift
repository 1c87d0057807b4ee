// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import ProgramHarness
import Testing

/// A file that is put in the place of another.
@Suite struct ReplacedFileTests {
    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode : 0
    }

    @Test func `a new one may be read by everybody, and one that is there keeps its permissions`() throws {
        let folder = try TemporaryFolder(), path = folder.appending("metrics.prom")
        try ReplacedFile.write("a 1\n", to: path)
        #expect(mode(path) & 0o777 == 0o644)
        #expect(chmod(path, 0o600) == 0)
        try ReplacedFile.write("a 2\n", to: path)
        #expect(mode(path) & 0o777 == 0o600)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "a 2\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["metrics.prom"])
    }

    @Test func `what is no file stays what it is, and nothing is left beside it`() throws {
        let folder = try TemporaryFolder(), pipe = folder.appending("pipe"), link = folder.appending("link")
        #expect(mkfifo(pipe, 0o600) == 0 && symlink("nowhere", link) == 0)
        for path in [pipe, link, folder.path] {
            let before = mode(path)
            #expect(throws: CommandFailure.self) { try ReplacedFile.write("a 1\n", to: path) }
            #expect(mode(path) == before)
        }
        #expect(throws: CommandFailure.self) { try ReplacedFile.write("", to: folder.appending("none/x")) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["link", "pipe"])
    }
}
