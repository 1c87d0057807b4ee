// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import ProgramHarness
import Testing

/// `likenessd --check-config`, and what it says of itself.
@Suite(.enabled(if: Products.contains("likenessd"), "likenessd is not built, or LIKENESS_BIN does not name its folder"))
struct CheckConfigurationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func run(_ arguments: [String], configuration: String? = nil) throws -> CommandResult {
        var arguments = arguments
        if let configuration {
            try configuration.write(toFile: folder.appending("likenessd.toml"), atomically: true, encoding: .utf8)
            arguments += ["--config", folder.appending("likenessd.toml")]
        }
        return try Command.run(
            try Products.program("likenessd"), arguments,
            environment: ["HOME": folder.path, "XDG_CONFIG_HOME": folder.appending("config")])
    }

    @Test func `every problem is told at once, and the status is that of a configuration`() throws {
        let result = try run(["--check-config"], configuration: "[work]\nworkerz = 2\nqueue_length = 0\n[galery]\n")
        #expect(result.status == 78)
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count == 3, "\(result.errors)")
        #expect(lines.allSatisfy { $0.hasPrefix(folder.appending("likenessd.toml") + ": line ") })
        #expect(result.errors.contains("did you mean work.workers?"))
    }

    @Test func `a name that this host does not know is a problem`() throws {
        let result = try run(["--check-config"], configuration: "[access]\nadmin = [\"@likeness-no-such-group\"]")
        #expect(result.status == 78)
        #expect(result.errors.contains("likeness-no-such-group"))
    }

    @Test func `a right one is said to be right`() throws {
        let result = try run(["--check-config"], configuration: "[work]\nworkers = 2\n[access]\nadmin = [\"root\"]")
        #expect(result.status == 0)
        #expect(result.output.contains("no problem"))
        #expect(result.errors.isEmpty)
    }

    @Test func `a file that is named has to be there, the usual one need not`() throws {
        #expect(try run(["--check-config", "--config", folder.appending("absent.toml")]).status == 78)
        let result = try run(["--check-config", "--user"])
        #expect(result.status == 0)
        #expect(result.output.contains("defaults"))
    }

    @Test func `the user's own file is read for the user's own daemon`() throws {
        try FileManager.default.createDirectory(
            atPath: folder.appending("config/likeness"), withIntermediateDirectories: true)
        try "[work]\nworkers = -1".write(
            toFile: folder.appending("config/likeness/likenessd.toml"), atomically: true, encoding: .utf8)
        #expect(try run(["--check-config", "--user"]).status == 78)
    }

    @Test func `a wrong configuration does not start`() throws {
        let result = try run(["--user"], configuration: "[work]\nworkers = -1")
        #expect(result.status == 78)
        #expect(result.errors.contains("line 2: work.workers is -1, and should be a whole number from 0 to 1024"))
    }

    // MARK: What the configuration names

    /// A folder of models with the plain one in it, whose only rate is 0.001, and the section that names it.
    private func models() throws -> String {
        let path = folder.appending("models")
        try PlainModel.install(in: path)
        return "[models]\nfolder = \"\(path)\"\n"
    }

    @Test func `a model that is not there is a problem`() throws {
        let result = try run(["--check-config"], configuration: try models() + "active = \"plane\"\n")
        #expect(result.status == 78)
        #expect(result.errors.contains("no model “plane”") && result.errors.contains("“plain”"), "\(result.errors)")
        let right = try run(["--check-config"], configuration: try models() + "active = \"plain\"\n")
        #expect(right.status == 0 && right.errors.isEmpty, "\(right.errors)")
    }

    @Test(arguments: ["", "active = \"plain\"\n"]) func `a rate without a threshold is a problem`(active: String) throws
    {
        let result = try run(
            ["--check-config"], configuration: try models() + active + "[verification]\noperating_point = 1e-4\n")
        #expect(result.status == 78)
        #expect(
            result.errors.contains("no threshold for the configured false-match rate of 1e-4"), "\(result.errors)")
    }

    @Test func `a rate of a modality without a model is none`() throws {
        let result = try run(
            ["--check-config"], configuration: try models() + "[verification]\nsignature_operating_point = 1e-4\n")
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    }

    @Test func `a package that cannot be used is told, and is no problem while it is not chosen`() throws {
        let configuration = try models()
        try FileManager.default.createDirectory(
            atPath: folder.appending("models/aaa"), withIntermediateDirectories: true)
        try "x".write(toFile: folder.appending("models/aaa/model.toml"), atomically: true, encoding: .utf8)
        let result = try run(["--check-config"], configuration: configuration)
        #expect(result.status == 0)
        #expect(
            result.errors.contains("warning: the model package") && result.errors.contains("models/aaa"),
            "\(result.errors)")
        #expect(try run(["--check-config"], configuration: configuration + "active = \"aaa\"\n").status == 78)
    }

    @Test(arguments: ["postgresql://likeness:secret@host/likeness", "host=h user=u password=secret"])
    func `a password in the configuration is told, and not repeated`(database: String) throws {
        let result = try run(["--check-config"], configuration: "[gallery]\ndatabase = \"\(database)\"\n")
        #expect(result.status == 0)
        #expect(result.errors.contains("warning: gallery.database holds a password"), "\(result.errors)")
        #expect(!result.errors.contains("secret") && !result.output.contains("secret"))
    }

    @Test func `a socket for everybody is told`() throws {
        let result = try run(["--check-config"], configuration: "[socket]\nmode = \"0666\"\n")
        #expect(result.status == 0)
        #expect(result.errors.contains("warning: socket.mode lets every user"), "\(result.errors)")
    }

    @Test func `users who may enrol themselves without anything that could let them are told`() throws {
        let policy = "/usr/share/polkit-1/actions/io.likeness.policy"
        let result = try run(["--check-config"], configuration: "[access]\nenrol_self = [\"root\"]\n")
        #expect(result.status == 0)
        let isTold = result.errors.contains(
            "warning: access.enrol_self opens nothing without polkit and its policy: there is no \(policy)")
        #expect(isTold != FileManager.default.fileExists(atPath: policy), "\(result.errors)")
        let plain = try run(["--check-config"], configuration: "")
        #expect(!plain.errors.contains("polkit"))
    }

    @Test func `what others can change is a problem, of the configuration, its models and its keys`() throws {
        let configuration = try models()
        #expect(chmod(folder.appending("models"), 0o777) == 0)
        let open = try run(["--check-config"], configuration: configuration)
        #expect(open.status == 77)
        #expect(open.errors.contains("chmod o-w \(folder.appending("models"))"), "\(open.errors)")
        #expect(chmod(folder.appending("models"), 0o755) == 0)

        let key = folder.appending("key")
        try String(repeating: "ab", count: 32).write(toFile: key, atomically: true, encoding: .utf8)
        #expect(chmod(key, 0o644) == 0)
        let readable = try run(["--check-config"], configuration: "[gallery]\nkey_file = \"\(key)\"\n")
        #expect(readable.status == 77)
        #expect(readable.errors.contains("chmod 600 \(key)"), "\(readable.errors)")

        #expect(chmod(folder.appending("likenessd.toml"), 0o666) == 0)
        let own = try run(["--check-config", "--config", folder.appending("likenessd.toml")])
        #expect(own.status == 77)
        #expect(own.errors.contains("chmod o-w \(folder.appending("likenessd.toml"))"), "\(own.errors)")
    }

    @Test func `a key that is not there is a problem`() throws {
        let result = try run(
            ["--check-config"], configuration: "[gallery]\nkey_file = \"\(folder.appending("absent"))\"\n")
        #expect(result.status == 78)
        #expect(result.errors.contains("absent"), "\(result.errors)")
    }

    @Test func `it states its version, and what its exit statuses mean`() throws {
        #expect(try run(["--version"]).output == LikenessVersion.current + "\n")
        let help = try run(["--help"]).output
        #expect(help.contains("78") && help.contains("the configuration is wrong"))
        #expect(try run(["--nonsense"]).status == 64)
    }
}
