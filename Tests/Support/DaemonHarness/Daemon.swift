// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Varlink

/// A real `likenessd` with its own home: gallery, models and socket in one folder.
public final class Daemon {
    public let home: TemporaryFolder
    private let environment: [String: String]
    private let arguments: [String]
    private var process: RunningProgram?

    /// - Parameters:
    ///   - models: A folder of model packages, which the daemon finds as its own.
    ///   - configuration: The text of a configuration file; nil for the defaults.
    public init(models: String?, configuration: String? = nil) throws {
        home = try TemporaryFolder()
        for folder in ["run", "data", "data/likeness"] {
            try FileManager.default.createDirectory(
                atPath: home.appending(folder), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        if let models {
            try FileManager.default.createSymbolicLink(
                atPath: home.appending("data/likeness/models"), withDestinationPath: models)
        }
        environment = [
            "HOME": home.path, "XDG_RUNTIME_DIR": home.appending("run"), "XDG_DATA_HOME": home.appending("data"),
            "XDG_CONFIG_HOME": home.appending("config"),
            "LIKENESS_SOCKET": home.appending("run/likeness/likeness.sock"),
        ]
        if let configuration {
            try configuration.write(toFile: home.appending("likenessd.toml"), atomically: true, encoding: .utf8)
            arguments = ["--user", "--config", home.appending("likenessd.toml")]
        } else {
            arguments = ["--user"]
        }
    }

    deinit {
        try? process?.kill()
    }

    public var socket: String { home.appending("run/likeness/likeness.sock") }
    public var gallery: String { home.appending("data/likeness/gallery.sqlite") }
    /// What the daemon printed, of all its runs.
    public var log: String {
        String(decoding: FileManager.default.contents(atPath: home.appending("log")) ?? Data(), as: UTF8.self)
    }

    public var processIdentifier: Int32? { process?.identifier }
    public var isRunning: Bool { process?.isRunning ?? false }

    /// Starts it and waits until it answers, for 30 seconds at most.
    public func start(within limit: Duration = .seconds(30)) async throws {
        let process = try RunningProgram(
            Products.program("likenessd"), arguments, environment: environment,
            output: .appended(home.appending("log")), errors: nil)
        self.process = process
        let deadline = ContinuousClock.now.advanced(by: limit)
        while ContinuousClock.now < deadline {
            if let status = try await process.status(within: .zero) {
                throw HarnessError("likenessd ended with status \(status):\n\(log)")
            }
            if let client = try? await VarlinkClient.connect(unixPath: socket) {
                await client.close()
                return
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw HarnessError("likenessd did not answer within \(limit):\n\(log)")
    }

    /// SIGKILL: what a crash or the kernel's out-of-memory killer does.
    public func kill() throws {
        try process?.kill()
    }

    /// SIGTERM, as systemd stops it; returns the exit status.
    public func stop() async throws -> Int32 {
        guard let process else { return 0 }
        process.send(SIGTERM)
        guard let status = try await process.status(within: .seconds(90)) else {
            throw HarnessError("likenessd did not stop within 90 seconds:\n\(log)")
        }
        return status
    }

    public func connect() async throws -> VarlinkClient {
        try await VarlinkClient.connect(unixPath: socket)
    }

    /// Runs `enroll` as a user of this daemon.
    public func enroll(_ arguments: String..., input: Data? = nil) async throws -> CommandResult {
        try await enroll(arguments, input: input)
    }

    public func enroll(_ arguments: [String], input: Data? = nil) async throws -> CommandResult {
        try await Command.run(try Products.program("enroll"), arguments, environment: environment, input: input)
    }

    /// Resident and peak resident memory in bytes, as the kernel counts them.
    public func memory() throws -> (resident: Int, peak: Int) {
        guard let process else { throw HarnessError("the daemon was not started") }
        let status = try String(contentsOfFile: "/proc/\(process.identifier)/status", encoding: .utf8)
        func kibibytes(_ key: String) -> Int {
            status.split(separator: "\n").first { $0.hasPrefix(key) }
                .flatMap { line in Int(line.filter(\.isNumber)) } ?? 0
        }
        return (kibibytes("VmRSS:") << 10, kibibytes("VmHWM:") << 10)
    }
}
