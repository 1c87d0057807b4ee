// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness

/// A PostgreSQL server of its own in a temporary folder, reached by a Unix socket, and by a network where a test asks
/// for that. It is stopped, and the folder removed, when the value goes and when the process ends, however that ends.
public final class PostgreSQLServer: Sendable {
    public static let missing = "no PostgreSQL server is installed (apt-get install postgresql)"
    /// Whether tests on a server are to fail rather than be skipped where none is installed.
    public static let isRequired = ProcessInfo.processInfo.environment["LIKENESS_REQUIRE_POSTGRESQL"] == "1"
    /// Whether tests on a server are run.
    public static let isPresent = isRequired || PostgreSQLPrograms.folder != nil

    /// The superuser.
    public static let user = "likeness"

    /// The one that tests share which leave it as it is.
    public static func shared() throws -> PostgreSQLServer { try sharing.get() }
    private static let sharing = Result { try PostgreSQLServer() }
    /// A cluster that was never started.
    private static let template = Result { try PostgreSQLTemplate() }

    /// Where the socket is.
    public let folder: String
    private let data: String
    private let programs: PostgreSQLPrograms
    private let watcher: RunningProgram

    /// - Parameter settings: lines of `postgresql.conf`.
    public init(settings: [String] = []) throws {
        let template = try Self.template.get()
        programs = template.programs
        folder = try programs.makeFolder()
        data = folder + "/data"
        // Reads until this process ends or lets go of it.
        let stop = programs.command("pg_ctl", ["-D", data, "-m", "immediate", "-s", "stop"])
        watcher = try RunningProgram(
            "/bin/sh", ["-c", "cat; folder=$1; shift; \"$@\"; rm -rf \"$folder\"", "sh", folder] + stop, input: .pipe,
            output: .nothing, errors: .nothing)
        try programs.check("/bin/cp", ["-a", template.data, data])
        let lines =
            ["listen_addresses = ''", "unix_socket_directories = '\(folder)'", "max_connections = 200"] + settings
        let configuration = try FileHandle(forUpdating: URL(fileURLWithPath: data + "/postgresql.conf"))
        try configuration.seekToEnd()
        try configuration.write(contentsOf: Data(("\n" + lines.joined(separator: "\n") + "\n").utf8))
        try configuration.close()
        try start()
    }

    deinit {
        try? watcher.input?.close()
        _ = watcher.status(within: .seconds(30))
    }

    // MARK: Databases

    /// How libpq reaches a database, and within it a schema.
    public func connection(_ database: String = "postgres", schema: String? = nil, user: String = user) -> String {
        "host=\(folder) dbname=\(database) user=\(user)" + (schema.map { " options='-c search_path=\($0)'" } ?? "")
    }

    /// Runs statements, and returns the rows that they answer, columns separated by `|`.
    @discardableResult
    public func run(_ statements: String, on connection: String? = nil) throws -> [String] {
        let result = try Command.run(
            programs.path("psql"),
            ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", connection ?? self.connection(), "-c", statements],
            timeout: .seconds(60))
        guard result.status == 0 else { throw HarnessError("“\(statements)”: \(result.errors)") }
        return result.output.split(separator: "\n").map(String.init)
    }

    /// A dump of everything in a schema, in text.
    public func dump(_ database: String = "postgres", schema: String = "public") throws -> String {
        let result = try Command.run(
            programs.path("pg_dump"), ["--inserts", "--schema", schema, "-d", connection(database)])
        guard result.status == 0 else { throw HarnessError(result.errors) }
        // A word that is another each time keeps what is restored from meddling with psql.
        return result.output.split(separator: "\n").filter { !$0.contains("restrict ") }.joined(separator: "\n")
    }

    /// Makes again what was dumped.
    public func restore(_ dump: String, on connection: String? = nil) throws {
        let result = try Command.run(
            programs.path("psql"), ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", connection ?? self.connection()],
            input: Data(dump.utf8), timeout: .seconds(60))
        guard result.status == 0 else { throw HarnessError(result.errors) }
    }

    /// Returns when nobody else is connected to a database: what a process that was killed had begun is then over.
    public func settle(_ connection: String) throws {
        for _ in 0..<400 {
            // A vacuum of the server's own is nobody's change.
            let others = try run(
                """
                SELECT count(*) FROM pg_stat_activity a WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
                AND datname = current_database()
                AND EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'virtualxid')
                """, on: connection)
            if others == ["0"] { return }
            usleep(25000)
        }
        throw HarnessError("a transaction on \(connection) does not end")
    }

    // MARK: The server

    public func start() throws {
        do {
            try programs.check(programs.command("pg_ctl", ["-D", data, "-w", "-s", "-l", folder + "/log", "start"]))
        } catch {
            throw HarnessError("\(error)\n" + ((try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""))
        }
    }

    /// - Parameter mode: `fast` or `immediate`, which is as good as a crash.
    public func stop(_ mode: String) throws {
        try programs.check(programs.command("pg_ctl", ["-D", data, "-m", mode, "-w", "-s", "stop"]))
    }

    /// SIGKILL to the server's first process; the others find that out by themselves.
    public func kill() throws {
        guard
            let line = try String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8).split(separator: "\n")
                .first,
            let server = pid_t(line), server > 1
        else { throw HarnessError("the server does not say what its process is") }
        let children = try Command.run("/bin/sh", ["-c", "cat /proc/\(server)/task/\(server)/children"]).output.split(
            separator: " "
        ).compactMap { pid_t($0) }
        Foundation.kill(server, SIGKILL)
        // The next one starts when the memory that they share is let go of.
        for _ in 0..<2000
        where ([server] + children).contains(where: { Foundation.kill($0, 0) == 0 && !Self.isZombie($0) }) {
            usleep(5000)
        }
        // Nobody may reap it here, and a server does not start where one of that number seems to be.
        for name in [data + "/postmaster.pid", folder + "/.s.PGSQL.5432.lock"] { unlink(name) }
    }

    private static func isZombie(_ process: pid_t) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = status.lastIndex(of: ")")
        else { return true }
        return status[end...].dropFirst(2).first == "Z"
    }

    /// Gives a setting of the whole server a value, or with nil its usual one, without a restart.
    public func set(_ setting: String, to value: String?) throws {
        try run(value.map { "ALTER SYSTEM SET \(setting) = '\($0)'" } ?? "ALTER SYSTEM RESET \(setting)")
        try run("SELECT pg_reload_conf()")
        // Every process takes it up at its next command, and not before it was told.
        for _ in 0..<200 {
            let now = try run(
                "SELECT current_setting('\(setting)') = coalesce(\(value.map { "'\($0)'" } ?? "NULL"), boot_val) FROM pg_settings WHERE name = '\(setting)'"
            )
            if now == ["t"] { return }
            usleep(10000)
        }
        throw HarnessError("the server does not take up \(setting)")
    }

    /// Listens on an address of the loopback network from now on, with a certificate for `localhost` that it signed
    /// itself, and lets nobody in there without TLS and a password.
    ///
    /// - Returns: the address, and the certificate's path.
    public func listenOnNetwork() throws -> (address: String, certificate: String) {
        // All of 127/8 is this host, so that no other server has the port.
        let address = "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254)).\(Int.random(in: 1...254))"
        let certificate = data + "/server.crt"
        try programs.check(
            programs.asServer + [
                "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "2", "-subj",
                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", data + "/server.key", "-out",
                certificate,
            ])
        let lines = "local all \(Self.user) trust\nhostssl all all 127.0.0.0/8 scram-sha-256\n"
        try Data(lines.utf8).write(to: URL(fileURLWithPath: data + "/pg_hba.conf"))
        try run("ALTER SYSTEM SET listen_addresses = '\(address)'")
        try run("ALTER SYSTEM SET ssl = on")
        try stop("fast")
        try start()
        return (address, certificate)
    }

    /// Asks everybody but the superuser for a password from now on.
    public func requirePasswords() throws {
        let lines = "local all \(Self.user) trust\nlocal all all scram-sha-256\n"
        try Data(lines.utf8).write(to: URL(fileURLWithPath: data + "/pg_hba.conf"))
        try run("SELECT pg_reload_conf()")
        for _ in 0..<200 {
            if try run("SELECT count(*) FROM pg_hba_file_rules") == ["2"] { break }
            usleep(10000)
        }
        usleep(100_000)
    }

    /// Changes the files of a table while the server is stopped.
    public func damage(_ path: String, at offset: UInt64, _ bytes: [UInt8]) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: data + "/" + path))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }
}

/// A cluster as `initdb` leaves it, to copy.
private final class PostgreSQLTemplate: Sendable {
    let programs: PostgreSQLPrograms
    let data: String
    private let folder: String
    private let watcher: RunningProgram

    init() throws {
        guard let bin = PostgreSQLPrograms.folder else { throw HarnessError(PostgreSQLServer.missing) }
        programs = PostgreSQLPrograms(bin: bin)
        folder = try programs.makeFolder()
        data = folder + "/data"
        watcher = try RunningProgram(
            "/bin/sh", ["-c", "cat; rm -rf \"$1\"", "sh", folder], input: .pipe, output: .nothing, errors: .nothing)
        try programs.check(
            programs.command(
                "initdb",
                [
                    "-D", data, "-A", "trust", "-U", PostgreSQLServer.user, "-E", "UTF8", "--locale=C", "-k",
                    "--no-sync", "--no-instructions",
                ]))
    }
}

/// The server's programs, and whom they run as: they refuse root.
struct PostgreSQLPrograms: Sendable {
    /// Those of the newest version, or those that `LIKENESS_POSTGRESQL_BIN` names.
    static let folder: String? = {
        if let named = ProcessInfo.processInfo.environment["LIKENESS_POSTGRESQL_BIN"] { return named }
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        return versions.compactMap(Int.init).sorted().reversed().map { "/usr/lib/postgresql/\($0)/bin" }
            .first { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
    }()

    let bin: String

    func path(_ program: String) -> String { bin + "/" + program }

    /// What makes a command one of the server's user.
    var asServer: [String] {
        geteuid() == 0 ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
    }

    func command(_ program: String, _ arguments: [String]) -> [String] {
        asServer + [path(program)] + arguments
    }

    func check(_ command: [String]) throws {
        try check(command[0], Array(command.dropFirst()))
    }

    func check(_ program: String, _ arguments: [String]) throws {
        let result = try Command.run(program, arguments, timeout: .seconds(60))
        guard result.status == 0 else {
            throw HarnessError("\(program) \(arguments): \(result.output)\(result.errors)")
        }
    }

    /// A folder that is the server's user's, with a path that is short enough for a socket in it.
    func makeFolder() throws -> String {
        var template = Array("/tmp/likeness-pg-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw HarnessError("cannot make a temporary folder: \(String(cString: strerror(errno)))")
        }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if geteuid() == 0 {
            guard let user = getpwnam("postgres"), chown(path, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else {
                throw HarnessError("there is no user postgres, and a server does not run as root")
            }
        }
        return path
    }
}
