// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import ProgramHarness
import Testing

/// What a message says to type, typed.
@Suite struct ShellWordTests {
    @Test(arguments: [
        "plain", "with a blank", "quo'te", "quo\"te", "$HOME", "`id`", "a;b&c|d>e", "*?[a]", "back\\slash", "ümläut",
        "tab\there",
        "line\nfeed", "#hash", "~", "{a,b}", "!x", "-n",
    ]) func `a path that is pasted into a shell is that path`(_ name: String) throws {
        let folder = try TemporaryFolder(), path = folder.appending(name)
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/bash")
        let problem = TrustProblem.openToOthers(path: path, mode: 0o666)
        let command = try #require("\(problem)".split(separator: "; ").map(String.init).last { $0.hasPrefix("chmod ") })
        shell.arguments = ["-c", command]
        #expect(chmod(path, 0o666) == 0)
        try shell.run()
        shell.waitUntilExit()
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(shell.terminationStatus == 0 && mode == 0o664, "\(command)")
    }

    @Test func `a plain path stands as it is`() {
        #expect(ShellWord.quoted("/etc/likeness/a-b_c.toml") == "/etc/likeness/a-b_c.toml")
        #expect(ShellWord.quoted("") == "''")
    }
}
