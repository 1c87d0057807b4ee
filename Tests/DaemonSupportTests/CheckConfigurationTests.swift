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
        try FileManager.default.createDirectory(atPath: folder.appending("config/likeness"), withIntermediateDirectories: true)
        try "[work]\nworkers = -1".write(
            toFile: folder.appending("config/likeness/likenessd.toml"), atomically: true, encoding: .utf8)
        #expect(try run(["--check-config", "--user"]).status == 78)
    }

    @Test func `a wrong configuration does not start`() throws {
        let result = try run(["--user"], configuration: "[work]\nworkers = -1")
        #expect(result.status == 78)
        #expect(result.errors.contains("line 2: work.workers is -1, and should be a whole number from 0 to 1024"))
    }

    @Test func `it states its version, and what its exit statuses mean`() throws {
        #expect(try run(["--version"]).output == LikenessVersion.current + "\n")
        let help = try run(["--help"]).output
        #expect(help.contains("78") && help.contains("the configuration is wrong"))
        #expect(try run(["--nonsense"]).status == 64)
    }
}
