// SPDX-License-Identifier: Apache-2.0

import DaemonHarness
import Foundation
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

/// The program `likenessd`, from its start to its end.
@Suite(.enabled(if: Products.contains("likenessd"), "likenessd is not built, or LIKENESS_BIN does not name its folder"))
struct DaemonLifeTests {
    private func status(_ client: VarlinkClient) async throws -> Status.Reply {
        try await client.call(Status())
    }

    @Test func `the service manager hears that it is ready, that it is well and that it stops`() async throws {
        let manager = try NotificationSocket()
        let program = try DaemonProgram()
        try program.start(environment: ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "1000000"])
        #expect(try manager.receive(within: 30) == "READY=1\nSTATUS=Ready: 0 identities, model plain 1, not encrypted")
        var heard = [try manager.receive(), try manager.receive(), try manager.receive(), try manager.receive()]
        #expect(heard.filter { $0 == "WATCHDOG=1" }.count >= 3, "\(heard)")
        let client = try await program.connect()
        let status = try await status(client)
        await client.close()
        #expect(status.state == .running)
        #expect(status.models.map(\.name) == [PlainModel.name])
        #expect(status.gallery == program.home.appending("data/likeness/gallery.sqlite"))
        #expect(!status.encrypted)
        #expect(program.log.contains("not encrypted"))
        #expect(try await program.stop() == 0)
        heard = []
        while heard.last?.hasPrefix("STOPPING=1\n") != true, heard.count < 50 { heard.append(try manager.receive()) }
        #expect(heard.last == "STOPPING=1\nEXTEND_TIMEOUT_USEC=80000000\nSTATUS=Stopping")
        #expect(!FileManager.default.fileExists(atPath: program.socket))
    }

    @Test(.enabled(if: Systemd.socketActivate != nil, "systemd-socket-activate is not installed (package systemd)"))
    func `it serves the socket that systemd hands over, and leaves it there`() async throws {
        let program = try DaemonProgram()
        let path = program.home.appending("handed-over")
        try program.start(
            launcher: [try #require(Systemd.socketActivate), "--listen=\(path)", "--fdname=varlink"] + Systemd.kept)
        let client = try await program.connect(to: path)
        #expect(try await status(client).state == .running)
        await client.close()
        #expect(try await program.stop() == 0)
        #expect(FileManager.default.fileExists(atPath: path))
        #expect(!FileManager.default.fileExists(atPath: program.socket))
    }

    @Test(
        .enabled(if: Systemd.socketActivate != nil, "systemd-socket-activate is not installed (package systemd)"),
        arguments: [
            (["--listen=one", "--listen=two"], "2 sockets"),
            (["--datagram", "--listen=one"], "not a listening Unix stream"),
        ])
    func `what it cannot serve is refused in words`(listen: [String], words: String) async throws {
        let program = try DaemonProgram()
        let sockets = listen.map { $0.replacing("--listen=", with: "--listen=\(program.home.path)/") }
        try program.start(launcher: [try #require(Systemd.socketActivate)] + sockets + Systemd.kept)
        try wake(program.home.appending("one"), datagram: listen.contains("--datagram"))
        #expect(try await program.status() == 78)
        #expect(program.log.contains(words), "\(program.log)")
    }

    @Test(.enabled(if: Systemd.socketActivate != nil, "systemd-socket-activate is not installed (package systemd)"))
    func `a start that is of no use closes the connections that wait, so that they start no other`() async throws {
        let program = try DaemonProgram(withModel: false), path = program.home.appending("handed-over")
        try program.start(launcher: [try #require(Systemd.socketActivate), "--listen=\(path)"] + Systemd.kept)
        let client = try await program.connect(to: path)
        await #expect(throws: VarlinkClientError.self) { try await status(client) }
        // And those that come until it ends.
        let late = try await VarlinkClient.connect(unixPath: path)
        await #expect(throws: VarlinkClientError.self) { try await status(late) }
        #expect(try await program.status() == 66)
    }

    /// `systemd-socket-activate` starts its program at the first thing that arrives.
    private func wake(_ path: String, datagram: Bool) throws {
        for _ in 0..<1500 {
            if (try? UnixSocket.connect(path, type: datagram ? SOCK_DGRAM : SOCK_STREAM, sending: "x")) != nil {
                return
            }
            usleep(20_000)
        }
        throw HarnessError("nobody listens on \(path)")
    }

    @Test func `without a model it says how to get one`() async throws {
        let program = try DaemonProgram(withModel: false)
        try program.start()
        #expect(try await program.status() == 66)
        #expect(program.log.contains("enroll model import"), "\(program.log)")
    }

    @Test func `a second daemon does not take the gallery or the socket of the first`() async throws {
        let first = try DaemonProgram()
        try first.start()
        await (try await first.connect()).close()
        let second = try DaemonProgram(home: first.home)
        try second.start(environment: ["XDG_RUNTIME_DIR": first.home.appending("other")])
        #expect(try await second.status() == 75)
        #expect(second.log.contains("in use by another daemon"), "\(second.log)")
        let third = try DaemonProgram()
        try third.start(environment: ["XDG_RUNTIME_DIR": first.runtime])
        #expect(try await third.status() == 75)
        #expect(third.log.contains("already listens"), "\(third.log)")
        let client = try await first.connect()
        #expect(try await status(client).state == .running)
        await client.close()
        #expect(try await first.stop() == 0)
    }

    @Test func `it starts again where it was killed`() async throws {
        let killed = try DaemonProgram()
        try killed.start()
        await (try await killed.connect()).close()
        killed.send(SIGKILL)
        #expect(try await killed.status() == -SIGKILL)
        let again = try DaemonProgram(home: killed.home)
        try again.start()
        await (try await again.connect()).close()
        #expect(try await again.stop() == 0)
    }

    @Test func `a folder that others can write to is refused`() async throws {
        let program = try DaemonProgram()
        try #require(chmod(program.home.appending("data/likeness"), 0o777) == 0)
        try program.start()
        #expect(try await program.status() == 77)
        #expect(program.log.contains("chmod go-w"), "\(program.log)")
    }

    @Test func `a damaged gallery is refused and left as it is`() async throws {
        let program = try DaemonProgram()
        let path = program.home.appending("data/likeness/gallery.sqlite")
        let bytes = Data(String(repeating: "not a database ", count: 1000).utf8)
        try bytes.write(to: URL(fileURLWithPath: path))
        try program.start()
        #expect(try await program.status() == 65)
        #expect(FileManager.default.contents(atPath: path) == bytes)
    }
}
