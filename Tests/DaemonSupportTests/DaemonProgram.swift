// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Varlink

/// A `likenessd` of a test, started as the test likes, with a home of its own. It is gone when the value is.
final class DaemonProgram {
    let home: TemporaryFolder
    private(set) var program: RunningProgram?

    var runtime: String { home.appending("run") }
    var models: String { home.appending("data/likeness/models") }
    var socket: String { home.appending("run/likeness/likeness.sock") }
    /// What it wrote to standard output and standard error.
    var log: String { (try? String(contentsOfFile: home.appending("log"), encoding: .utf8)) ?? "" }

    /// - Parameter home: One that a test has made; else a new one, with a model in it if `withModel`.
    init(home: TemporaryFolder? = nil, withModel: Bool = true, isInMemory: Bool = false) throws {
        self.home = try home ?? TemporaryFolder(isInMemory: isInMemory)
        guard home == nil else { return }
        for folder in ["run", "data", "data/likeness"] {
            guard mkdir(self.home.appending(folder), 0o700) == 0 else { throw HarnessError("cannot make \(folder)") }
        }
        if withModel { try PlainModel.install(in: models) }
    }

    /// - Parameter launcher: A program with its arguments that starts the daemon, such as `systemd-socket-activate`.
    func start(
        _ arguments: [String] = ["--user"], launcher: [String] = [], environment: [String: String] = [:]
    ) throws {
        let command = launcher + [try Products.program("likenessd")] + arguments
        var own = [
            "HOME": home.path, "XDG_RUNTIME_DIR": runtime, "XDG_DATA_HOME": home.appending("data"),
            "XDG_CONFIG_HOME": home.appending("config"),
        ]
        own.merge(environment) { $1 }
        program = try RunningProgram(
            command[0], Array(command.dropFirst()), environment: own, output: .file(home.appending("log")), errors: nil)
    }

    func send(_ signal: Int32) {
        program?.send(signal)
    }

    /// The exit status, negative for a signal; it has to end within 60 seconds.
    func status() async throws -> Int32 {
        guard let program else { throw HarnessError("it was not started") }
        guard let status = try await program.status(within: .seconds(60)) else {
            throw HarnessError("it has not ended:\n\(log)")
        }
        return status
    }

    func stop() async throws -> Int32 {
        send(SIGTERM)
        return try await status()
    }

    /// Returns when something holds of it, which has to be within 30 seconds.
    func waitUntil(_ holds: (DaemonProgram) throws -> Bool) async throws {
        for _ in 0..<1500 {
            if try holds(self) { return }
            guard program?.isRunning == true else { throw HarnessError("it has ended:\n\(log)") }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw HarnessError("it does not come to that:\n\(log)")
    }

    /// Puts another configuration in the place of that there is.
    func configure(_ text: String) throws {
        let folder = home.appending("config/likeness")
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try text.write(toFile: folder + "/likenessd.toml", atomically: true, encoding: .utf8)
    }

    /// A client, as soon as the socket is there.
    func connect(to path: String? = nil) async throws -> VarlinkClient {
        for _ in 0..<1500 {
            if let client = try? await VarlinkClient.connect(unixPath: path ?? socket) { return client }
            guard program?.isRunning == true else { throw HarnessError("it has ended:\n\(log)") }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw HarnessError("it does not listen:\n\(log)")
    }
}
