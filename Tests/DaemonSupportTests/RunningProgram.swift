import DaemonHarness
import Foundation
import Varlink

/// A `likenessd` of a test, started as the test likes, with a home of its own. It is gone when the value is.
final class RunningProgram {
    let home: TemporaryFolder
    private(set) var identifier: pid_t = 0
    private var ended: Int32?

    var runtime: String { home.appending("run") }
    var models: String { home.appending("data/likeness/models") }
    var socket: String { home.appending("run/likeness/likeness.sock") }
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
        guard identifier != 0, ended == nil else { return }
        kill(identifier, SIGKILL)
        waitpid(identifier, nil, 0)
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
        let variables = ProcessInfo.processInfo.environment.merging(own) { $1 }.map { "\($0.key)=\($0.value)" }
        // No descriptor of this process goes to the daemon: Foundation's Process takes it for a sign of its own
        // child's life when it lives on elsewhere.
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, home.appending("log"), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        for descriptor: Int32 in 3..<1024 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var settings: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { for text in arguments + settings { free(text) } }
        let code = posix_spawn(&identifier, command[0], &actions, nil, &arguments, &settings)
        guard code == 0 else { throw HarnessError("cannot start \(command[0]): \(String(cString: strerror(code)))") }
    }

    private var isRunning: Bool {
        guard ended == nil else { return false }
        var state: Int32 = 0
        guard waitpid(identifier, &state, WNOHANG) == identifier else { return true }
        ended = state & 0x7F == 0 ? (state >> 8) & 0xFF : -(state & 0x7F)
        return false
    }

    /// The exit status, negative for a signal; it has to end within 60 seconds.
    func status() async throws -> Int32 {
        for _ in 0..<3000 where isRunning { try await Task.sleep(for: .milliseconds(20)) }
        guard let ended else { throw HarnessError("it has not ended:\n\(log)") }
        return ended
    }

    func stop() async throws -> Int32 {
        kill(identifier, SIGTERM)
        return try await status()
    }

    /// A client, as soon as the socket is there.
    func connect(to path: String? = nil) async throws -> VarlinkClient {
        for _ in 0..<1500 {
            if let client = try? await VarlinkClient.connect(unixPath: path ?? socket) { return client }
            guard isRunning else { throw HarnessError("it has ended:\n\(log)") }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw HarnessError("it does not listen:\n\(log)")
    }
}
