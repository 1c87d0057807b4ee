// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Testing

/// `scripts/download-archive`, by which the other scripts obtain archives from the Python package index.
@Suite(.enabled(if: TestEnvironment.python != nil, "LIKENESS_PYTHON names no Python"))
struct ArchiveDownloadTests {
    private let folder: TemporaryFolder
    private let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("scripts/download-archive").path
    private static let name = "a_package-1.0.tar.gz"

    /// An index of one package, whose build would leave a mark.
    init() throws {
        folder = try TemporaryFolder()
        for part in ["a_package-1.0", "simple/a-package", "taken"] {
            try FileManager.default.createDirectory(atPath: folder.appending(part), withIntermediateDirectories: true)
        }
        try
            "open('\(folder.appending("mark"))', 'w').close()\nfrom setuptools import setup\nsetup(name='a-package', version='1.0')\n"
            .write(toFile: folder.appending("a_package-1.0/setup.py"), atomically: true, encoding: .utf8)
        let packed = try Command.run(
            "/usr/bin/tar",
            ["-C", folder.path, "-czf", folder.appending("simple/a-package/\(Self.name)"), "a_package-1.0"])
        guard packed.status == 0 else { throw HarnessError(packed.errors) }
        try "<a href=\"a_package-0.9.tar.gz\">a</a> <a href=\"\(Self.name)#sha256=00\">b</a>"
            .write(toFile: folder.appending("simple/a-package/index.html"), atomically: true, encoding: .utf8)
    }

    private var digest: String {
        get throws {
            let result = try Command.run("/usr/bin/sha256sum", [folder.appending("simple/a-package/\(Self.name)")])
            return String(result.output.prefix(64))
        }
    }

    private func download(_ digest: String, _ settings: [String: String]) throws -> CommandResult {
        try Command.run(
            try #require(TestEnvironment.python), [script, "A_package", Self.name, digest, folder.appending("taken")],
            environment: settings.merging([
                "HOME": folder.path, "PIP_CONFIG_FILE": "/dev/null", "PATH": "/usr/bin:/bin",
            ]) { $1 })
    }

    private var taken: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.appending("taken")) }
    }

    @Test func `an archive of the expected sha256 is taken as it is, and nothing of it runs`() throws {
        let result = try download(digest, ["PIP_INDEX_URL": "file://" + folder.appending("simple")])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try taken == [Self.name])
        #expect(
            FileManager.default.contentsEqual(
                atPath: folder.appending("taken/\(Self.name)"),
                andPath: folder.appending("simple/a-package/\(Self.name)")))
        #expect(!FileManager.default.fileExists(atPath: folder.appending("mark")))
    }

    @Test func `another one is thrown away, and nothing of it runs`() throws {
        let result = try download(
            String(repeating: "0", count: 64), ["PIP_INDEX_URL": "file://" + folder.appending("simple")])
        #expect(result.status == 1)
        #expect(try result.errors.contains(digest))
        #expect(try taken.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: folder.appending("mark")))
    }

    @Test(arguments: [
        ["PIP_INDEX_URL": "file:///nowhere", "PIP_EXTRA_INDEX_URL": "file:///elsewhere file://FOLDER/simple"],
        ["PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/nowhere FOLDER/simple/a-package"],
        ["PIP_CONFIG_FILE": "FOLDER/pip.conf"],
    ])
    func `pip's own settings say where to look`(settings: [String: String]) throws {
        try "[download]\nindex-url = file://\(folder.appending("simple"))\n[global]\nindex-url = file:///nowhere\n"
            .write(toFile: folder.appending("pip.conf"), atomically: true, encoding: .utf8)
        let own = settings.mapValues { $0.replacingOccurrences(of: "FOLDER", with: folder.path) }
        let result = try Command.run(
            try #require(TestEnvironment.python), [script, "a.package", Self.name, digest, folder.appending("taken")],
            environment: ["HOME": folder.path, "PIP_CONFIG_FILE": "/dev/null"].merging(own) { $1 })
        #expect(result.status == 0, "\(result.errors)")
        #expect(try taken == [Self.name])
    }

    @Test func `no password of an address is repeated`() throws {
        let result = try download(digest, ["PIP_INDEX_URL": "http://name:secret@127.0.0.1:9/simple"])
        #expect(result.status == 1)
        #expect(result.errors.contains("127.0.0.1:9") && !result.errors.contains("secret"), "\(result.errors)")
    }
}
