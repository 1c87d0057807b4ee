// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import Foundation
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

/// Whom the command talks to. What the folders are checked for is tried by making them wrong.
@Suite struct SocketTrustTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Asks whoever is at a path: nil for an answer.
    private func failure(_ path: String, trusted: TrustedUsers = Sample.users) async -> CommandFailure? {
        let client = DaemonClient(socket: SocketChoice(path: path, trusted: trusted), timeout: .seconds(20))
        do throws(CommandFailure) {
            _ = try await client.call(Audit())
            return nil
        } catch {
            return error
        }
    }

    private func distrusts(_ path: String, because words: String) async {
        let failure = await failure(path)
        #expect(
            failure?.name == "DaemonNotTrusted" && failure?.status == .noPermission, "\(String(describing: failure))")
        #expect(failure?.message.contains(words) == true, "\(String(describing: failure))")
    }

    /// A folder of a mode in the test's, with the socket in it.
    private func place(
        _ socket: String, _ name: String, mode: mode_t = 0o700, in parent: String? = nil
    ) throws -> String {
        let path = (parent ?? folder.path) + "/" + name
        try #require(mkdir(path, 0o700) == 0 && link(socket, path + "/s") == 0 && chmod(path, mode) == 0)
        return path + "/s"
    }

    private static func answering(_ call: VarlinkCall) async throws {
        try await call.reply(Audit.Reply(entries: []))
    }

    @Test func `a socket in a folder of one's own is asked, by a relative path and over links of one's own too`()
        async throws
    {
        try await ScriptedDaemon.run(Self.answering) { socket in
            #expect(await failure(socket) == nil)
            let path = try place(socket, "own")
            #expect(await failure(path) == nil)
            #expect(await failure(folder.path + "//own/../own/./s") == nil)
            try #require(
                symlink(folder.path, folder.appending("way")) == 0 && symlink(".", folder.appending("here")) == 0)
            #expect(await failure(folder.path + "/way/here/own/s") == nil)
            #expect(SocketChoice.isOwn(path, trusted: Sample.users))
        }
    }

    @Test(arguments: [0o722, 0o702, 0o720, 0o777, 0o1777] as [mode_t])
    func `a socket where others can put one is not asked`(_ mode: mode_t) async throws {
        try await ScriptedDaemon.run(Self.answering) { socket in
            await distrusts(try place(socket, "open", mode: mode), because: "other users can write to")
        }
    }

    @Test func `nor one below a folder that others can write to, unless nobody can move what is another's there`()
        async throws
    {
        try await ScriptedDaemon.run(Self.answering) { socket in
            let parent = folder.appending("parent")
            try #require(mkdir(parent, 0o700) == 0)
            let path = try place(socket, "own", in: parent)
            try #require(chmod(parent, 0o777) == 0)
            await distrusts(path, because: "other users can write to \(parent)")
            try #require(chmod(parent, 0o1777) == 0)
            #expect(await failure(path) == nil)
        }
    }

    @Test func `the socket and its folder are no links`() async throws {
        try await ScriptedDaemon.run(Self.answering) { socket in
            let path = try place(socket, "own")
            try #require(
                symlink(path, folder.appending("own/link")) == 0
                    && symlink(folder.appending("own"), folder.appending("way")) == 0)
            await distrusts(folder.appending("own/link"), because: "own/link is a symbolic link")
            await distrusts(folder.appending("way/s"), because: "way is a symbolic link")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
    func `a folder, a link or a socket of another user is not trusted, unless he is named`() async throws {
        try await ScriptedDaemon.run(Self.answering) { socket in
            let path = try place(socket, "theirs")
            try #require(chown(folder.appending("theirs"), 4242, 4242) == 0)
            await distrusts(path, because: "theirs belongs to user 4242")
            #expect(!SocketChoice.isOwn(path, trusted: Sample.users))
            #expect(await failure(path, trusted: TrustedUsers(caller: 0, others: [4242])) == nil)

            try #require(chown(folder.appending("theirs"), 0, 0) == 0)
            try #require(
                symlink(folder.path, folder.appending("way")) == 0 && lchown(folder.appending("way"), 4242, 4242) == 0)
            await distrusts(folder.appending("way/theirs/s"), because: "way belongs to user 4242")

            try #require(chown(path, 4242, 4242) == 0)
            await distrusts(path, because: "theirs/s belongs to user 4242")
        }
    }

    @Test(
        .enabled(
            if: geteuid() == 0 && TestEnvironment.python != nil, "only root can be another user; needs LIKENESS_PYTHON")
    )
    func `the kernel's word on who listens counts, and nothing is sent before it`() async throws {
        let path = folder.appending("s"), received = folder.appending("received")
        let script = """
            import os, socket, sys
            path, received = sys.argv[1:]
            out = open(received, "wb", 0)
            s = socket.socket(socket.AF_UNIX)
            s.bind(path)
            os.setuid(4242)
            s.listen()
            out.write(b"listening ")
            while True:
                c, _ = s.accept()
                while data := c.recv(4096): out.write(data)
                out.write(b"end ")
            """
        let python = try #require(TestEnvironment.python)
        let program = try RunningProgram(python, ["-c", script, path, received], output: .nothing, limit: .seconds(60))
        func content() -> String {
            String(decoding: FileManager.default.contents(atPath: received) ?? Data(), as: UTF8.self)
        }
        while program.isRunning, content().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        await distrusts(path, because: "the program that answers there is user 4242's")
        while program.isRunning, !content().contains("end") { try await Task.sleep(for: .milliseconds(20)) }
        #expect(content() == "listening end ")
        try program.kill()
    }

    @Test(arguments: ["", "-1", "4294967295", "4294967296", "no such user"])
    func `who is no user is not believed`(_ named: String) {
        #expect(throws: CommandFailure.self) { try TrustedUsers.ofProcess(named: named) }
    }

    @Test func `what is there and is no socket, nobody's or too long to be one is told`() async throws {
        try Data().write(to: URL(fileURLWithPath: folder.appending("file")))
        #expect(await failure(folder.appending("file"))?.message.hasSuffix("that is no socket") == true)
        try #require(mkdir(folder.appending("folder"), 0o700) == 0)
        #expect(await failure(folder.appending("folder"))?.message.hasSuffix("that is no socket") == true)
        #expect(await failure(folder.appending("file/s"))?.message.contains("there is no such socket") == true)
        let long = folder.appending(String(repeating: "a", count: 120))
        let failure = await failure(long)
        #expect(
            failure?.status == .unavailable && failure?.message.contains("bytes, and a socket's may have 107") == true,
            "\(String(describing: failure))")
    }
}

/// The built command in homes of others.
@Suite(.enabled(if: Products.contains("enroll"), "needs the built programs; scripts/test sets LIKENESS_BIN"))
struct SocketPlaceTests {
    private static func status(_ environment: [String: String]) async throws -> CommandResult {
        let none = [
            "LIKENESS_SOCKET": "", "XDG_RUNTIME_DIR": "", "XDG_STATE_HOME": "", "XDG_DATA_HOME": "",
            "LIKENESS_DAEMON_USER": "",
        ]
        return try await Command.run(
            Products.program("enroll"), ["audit"], environment: none.merging(environment) { $1 })
    }

    @Test func `without XDG_RUNTIME_DIR the socket in the state folder is asked`() async throws {
        try await ScriptedDaemon.run {
            try await $0.reply(Audit.Reply(entries: []))
        } _: { socket in
            let home = try TemporaryFolder(), state = home.appending(".local/state/likeness")
            try FileManager.default.createDirectory(
                atPath: state, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try #require(link(socket, state + "/likeness.sock") == 0)
            #expect(try await Self.status(["HOME": home.path]).status == 0)
            // A login's session, in which a daemon of cron's is looked for.
            #expect(try await Self.status(["HOME": home.path, "XDG_RUNTIME_DIR": home.appending("run")]).status == 0)
            // What is one's own and open is not passed over for another daemon.
            try #require(chmod(state, 0o777) == 0)
            let open = try await Self.status(["HOME": home.path])
            #expect(open.status == 77 && open.errors.contains("other users can write to \(state)"), "\(open)")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
    func `another user's daemon in a home that sudo kept is not asked, and neither is one in his XDG_RUNTIME_DIR`()
        async throws
    {
        try await ScriptedDaemon.run {
            try await $0.reply(Audit.Reply(entries: []))
        } _: { socket in
            let home = try TemporaryFolder()
            for (folder, variable) in [(".local/state", "X"), ("run", "XDG_RUNTIME_DIR")] {
                let place = home.appending("\(folder)/likeness")
                try FileManager.default.createDirectory(
                    atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try #require(link(socket, place + "/likeness.sock") == 0 && chown(place, 4242, 4242) == 0)
                try #require(
                    chown(home.appending(folder), 4242, 4242) == 0 && chmod(home.appending(folder), 0o700) == 0)
                let result = try await Self.status(["HOME": home.path, variable: home.appending(folder)])
                #expect(result.status == 69 || result.errors.contains("/run/likeness/likeness.sock"), "\(result)")
                #expect(result.status != 0)
            }
        }
    }
}
