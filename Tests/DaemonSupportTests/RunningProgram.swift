import DaemonHarness
import Foundation
import Varlink

/// A `likenessd` of a test, started as the test likes, with a home of its own. It is gone when the value is.
final class RunningProgram {
    let home: TemporaryFolder
    private let process = Process()

    var runtime: String { home.appending("run") }
    var models: String { home.appending("data/likeness/models") }
    var socket: String { home.appending("run/likeness/likeness.sock") }
    var identifier: Int32 { process.processIdentifier }
    /// What it wrote to standard output and standard error.
    var log: String { (try? String(contentsOfFile: home.appending("log"), encoding: .utf8)) ?? "" }

    /// - Parameter home: One that a test has made; else a new one, with a model in it if `withModel`.
    init(home: TemporaryFolder? = nil, withModel: Bool = true) throws {
        self.home = try home ?? TemporaryFolder()
        guard home == nil else { return }
        for folder in ["run", "data", "data/likeness"] {
            guard mkdir(self.home.appending(folder), 0o700) == 0 else { throw HarnessError("cannot make \(folder)") }
        }
        if withModel { try PlainModel.install(in: models) }
    }

    deinit {
        if process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    /// - Parameter launcher: A program with its arguments that starts the daemon, such as `systemd-socket-activate`.
    func start(
        _ arguments: [String] = ["--user"], launcher: [String] = [], environment: [String: String] = [:]
    ) throws {
        let command = launcher + [try Products.program("likenessd")] + arguments
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        var own = [
            "HOME": home.path, "XDG_RUNTIME_DIR": runtime, "XDG_DATA_HOME": home.appending("data"),
            "XDG_CONFIG_HOME": home.appending("config"),
        ]
        own.merge(environment) { $1 }
        process.environment = ProcessInfo.processInfo.environment.merging(own) { $1 }
        guard FileManager.default.createFile(atPath: home.appending("log"), contents: nil),
              let log = FileHandle(forWritingAtPath: home.appending("log")) else {
            throw HarnessError("cannot write the log")
        }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = log
        process.standardError = log
        try process.run()
    }

    /// The exit status, negative for a signal; it has to end within 30 seconds.
    func status() async throws -> Int32 {
        for _ in 0..<1500 where process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
        guard !process.isRunning else { throw HarnessError("it has not ended:\n\(log)") }
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    func stop() async throws -> Int32 {
        process.terminate()
        return try await status()
    }

    /// A client, as soon as the socket is there.
    func connect(to path: String? = nil) async throws -> VarlinkClient {
        for _ in 0..<1500 {
            if let client = try? await VarlinkClient.connect(unixPath: path ?? socket) { return client }
            guard process.isRunning else { throw HarnessError("it has ended:\n\(log)") }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw HarnessError("it does not listen:\n\(log)")
    }
}
