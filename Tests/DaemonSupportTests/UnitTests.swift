// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation
import ProgramHarness
import Testing

/// The unit files, held to systemd and to the code.
@Suite struct UnitTests {
    private func unit(_ name: String) throws -> String {
        try String(contentsOfFile: Systemd.units + "/" + name, encoding: .utf8)
    }

    private func settings(_ name: String) throws -> Set<Substring> {
        Set(try unit(name).split(separator: "\n").filter { !$0.hasPrefix("#") && $0.contains("=") })
    }

    /// The program that a unit runs has to be there for systemd to accept it, and it is not installed here; nor are the manual pages.
    @Test(.enabled(if: Systemd.analyze != nil, "systemd-analyze is not installed (package systemd)"))
    func `systemd accepts the units`() throws {
        let folder = try TemporaryFolder()
        let program = "=/usr/bin/likenessd"
        try #require(try unit("likenessd.service").contains("ExecStart\(program)\n"))
        try unit("likenessd.service").replacing(program, with: "=/bin/true")
            .write(toFile: folder.appending("likenessd.service"), atomically: true, encoding: .utf8)
        try unit("likenessd.socket").write(
            toFile: folder.appending("likenessd.socket"), atomically: true, encoding: .utf8)
        let result = try Command.run(
            try #require(Systemd.analyze),
            [
                "verify", "--man=no", folder.appending("likenessd.service"), folder.appending("likenessd.socket"),
            ])
        #expect(result.status == 0)
        #expect(result.errors.isEmpty, "\(result.errors)")
    }

    @Test(.enabled(if: Systemd.analyze != nil, "systemd-analyze is not installed (package systemd)"))
    func `the sandbox leaves an exposure of at most 0.5 of 10`() throws {
        let result = try Command.run(
            try #require(Systemd.analyze),
            ["security", "--offline=yes", "--no-pager", "--threshold=5", Systemd.units + "/likenessd.service"])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    @Test func `a start that is of no use holds on for so long that systemd does not give up the socket`() {
        // StartLimitIntervalSec=10s and StartLimitBurst=5 where a unit states none.
        #expect(SocketActivation.refusalTime * 4 >= .seconds(10))
    }

    @Test func `the socket is where the command looks for it`() throws {
        #expect(try settings("likenessd.socket").contains("ListenStream=\(StandardPaths.system.socket)"))
        let mode = String(DaemonConfiguration(paths: .system).socket.mode, radix: 8)
        #expect(try settings("likenessd.socket").contains("SocketMode=0\(mode)"))
    }

    @Test func `the daemon may write where its gallery is, and its socket outlives it`() throws {
        #expect(StandardPaths.system.gallery.hasPrefix("/var/lib/likeness/"))
        let service = try settings("likenessd.service")
        #expect(
            service.isSuperset(of: [
                "Type=notify", "StateDirectory=likeness", "RuntimeDirectoryPreserve=yes", "User=likeness",
            ]))
    }

    @Test func `the user and the folders that the units name are made`() throws {
        #expect(try unit("sysusers.d/likeness.conf").contains("\nu likeness "))
        let folders = try unit("tmpfiles.d/likeness.conf")
        #expect(folders.contains("d /run/likeness ") && folders.contains("d \(StandardPaths.system.models) "))
        // A link for each interface, by which clients find the socket.
        let links = folders.split(separator: "\n").filter { $0.hasPrefix("L+ /run/varlink/registry/io.likeness.") }
        #expect(links.count == 2 && links.allSatisfy { $0.hasSuffix(" - - - - \(StandardPaths.system.socket)") })
    }
}
