// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation
import ProgramHarness
import Testing

@Suite struct StandardPathsTests {
    @Test func `a user's places follow the XDG variables`() {
        let paths = StandardPaths.user(
            environment: ["HOME": "/home/a", "XDG_RUNTIME_DIR": "/run/user/7", "XDG_DATA_HOME": "/data"], user: 7
        ) { _, _ in true }
        #expect(paths?.socket == "/run/user/7/likeness/likeness.sock")
        #expect(paths?.furtherSockets == ["/home/a/.local/state/likeness/likeness.sock"])
        #expect(paths?.gallery == "/data/likeness/gallery.sqlite")
        #expect(paths?.models == "/data/likeness/models")
        #expect(paths?.configuration == "/home/a/.config/likeness/likenessd.toml")
        #expect(paths?.isUsersOwn == true)
    }

    @Test func `without them they lie in the home, the socket in the folder of the user's state`() {
        let paths = StandardPaths.user(environment: ["HOME": "/home/a", "XDG_DATA_HOME": "relative"], user: 7)
        #expect(paths?.socket == "/home/a/.local/state/likeness/likeness.sock")
        #expect(paths?.gallery == "/home/a/.local/share/likeness/gallery.sqlite")
        let named = StandardPaths.user(environment: ["HOME": "/home/a", "XDG_STATE_HOME": "/state"], user: 7)
        #expect(named?.socket == "/state/likeness/likeness.sock")
        #expect(
            StandardPaths.user(environment: ["XDG_DATA_HOME": "/data"], user: 7)?.socket
                == "/data/likeness/likeness.sock")
    }

    @Test func `no environment leads to a folder that others can make`() {
        for environment in [
            ["HOME": "/home/a"], ["XDG_DATA_HOME": "/data"], ["HOME": "/home/a", "XDG_RUNTIME_DIR": ""],
            ["HOME": "/home/a", "TMPDIR": "/tmp"],
        ] {
            let paths = StandardPaths.user(environment: environment, user: 7)
            let sockets = (paths?.furtherSockets ?? []) + [paths?.socket].compactMap { $0 }
            #expect(!sockets.isEmpty && sockets.allSatisfy { !$0.hasPrefix("/tmp") }, "\(sockets)")
        }
    }

    @Test func `a runtime folder that is open, another's or a link is none`() throws {
        let folder = try TemporaryFolder(), path = folder.appending("run")
        func socket(_ path: String, user: UInt32 = geteuid()) -> String? {
            StandardPaths.user(environment: ["HOME": "/home/a", "XDG_RUNTIME_DIR": path], user: user)?.socket
        }
        let own = "\(path)/likeness/likeness.sock", state = "/home/a/.local/state/likeness/likeness.sock"
        #expect(socket(path) == own)
        try #require(mkdir(path, 0o700) == 0)
        #expect(socket(path) == own)
        #expect(socket(path, user: geteuid() + 1) == state)
        func passedOver() -> StandardPaths.PassedOver? {
            StandardPaths.user(environment: ["HOME": "/home/a", "XDG_RUNTIME_DIR": path], user: geteuid())?.passedOver
        }
        #expect(passedOver() == nil)
        for mode in [0o750, 0o701, 0o722, 0o777, 0o1777] as [mode_t] {
            try #require(chmod(path, mode) == 0)
            #expect(socket(path) == state, "\(String(mode, radix: 8))")
            // And it is said, with what to do.
            let words = passedOver().map { "\($0)" } ?? ""
            #expect(passedOver()?.canBeMended == true)
            #expect(words.hasPrefix("XDG_RUNTIME_DIR is passed over: other users can") && words.contains("; chmod go-"))
        }
        try #require(chmod(path, 0o700) == 0)
        let link = folder.appending("link")
        try #require(symlink(path, link) == 0)
        #expect(socket(link) == state)
        #expect(socket(link + "/") == state)
    }

    @Test func `without any home there are none`() {
        #expect(StandardPaths.user(environment: ["XDG_RUNTIME_DIR": "/run/user/7"], user: 7) == nil)
    }
}

@Suite struct PrivateFolderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func mode(_ path: String) throws -> UInt32 {
        var status = stat()
        try #require(lstat(path, &status) == 0)
        return status.st_mode & 0o7777
    }

    @Test func `it is made with what is above it, for its owner alone`() throws {
        let path = folder.appending("a/b")
        try PrivateFolder.prepare(path, mustBeClosed: true)
        #expect(try mode(path) == 0o700)
        #expect(try mode(folder.appending("a")) == 0o700)
        try PrivateFolder.prepare(path, mustBeClosed: true)
    }

    @Test func `it is made as open as is asked for`() throws {
        let path = folder.appending("open")
        try PrivateFolder.prepare(path, mode: 0o755)
        #expect(try mode(path) == 0o755)
    }

    @Test func `one that others can write to is refused, one that they can read where that matters`() throws {
        let path = folder.appending("shared")
        try #require(mkdir(path, 0o700) == 0 && chmod(path, 0o770) == 0)
        #expect(throws: PrivateFolder.Problem.openToOthers(path: path, mode: 0o770)) { try PrivateFolder.prepare(path) }
        try #require(chmod(path, 0o755) == 0)
        try PrivateFolder.prepare(path)
        #expect(throws: PrivateFolder.Problem.openToOthers(path: path, mode: 0o755)) {
            try PrivateFolder.prepare(path, mustBeClosed: true)
        }
    }

    @Test func `who can only look into a folder is not said to write to it, and is shut out of both`() {
        let readable = PrivateFolder.Problem.openToOthers(path: "/p", mode: 0o755).description
        #expect(readable == "other users can look into the folder /p (its mode is 755); chmod go-rwx /p")
        let writable = PrivateFolder.Problem.openToOthers(path: "/p", mode: 0o775).description
        #expect(writable == "other users can write to the folder /p (its mode is 775); chmod go-w /p")
    }

    @Test func `a link that another could have laid is not followed`() throws {
        let target = folder.appending("target"), link = folder.appending("link")
        try #require(mkdir(target, 0o700) == 0 && symlink(target, link) == 0)
        #expect(throws: PrivateFolder.Problem.notAFolder(path: link)) { try PrivateFolder.prepare(link) }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a folder away"))
    func `another user's folder is refused`() throws {
        let path = folder.appending("others")
        try #require(mkdir(path, 0o700) == 0 && chown(path, 4242, 4242) == 0)
        #expect(throws: PrivateFolder.Problem.ownedByAnother(path: path, owner: 4242)) {
            try PrivateFolder.prepare(path)
        }
    }
}

@Suite(.enabled(if: Products.contains("likenessd"), "likenessd is not built, or LIKENESS_BIN does not name its folder"))
struct DaemonPathTests {
    @Test(arguments: ["", "open"])
    func `without a runtime folder of the user's own the daemon listens in the folder of his state`(
        _ runtime: String
    ) async throws {
        let program = try DaemonProgram(), state = program.home.appending(".local/state/likeness")
        if !runtime.isEmpty {
            let open = program.home.appending(runtime)
            try #require(mkdir(open, 0o700) == 0 && chmod(open, 0o777) == 0)
        }
        try program.start(environment: [
            "XDG_RUNTIME_DIR": runtime.isEmpty ? "" : program.home.appending(runtime), "XDG_STATE_HOME": "",
        ])
        await (try await program.connect(to: state + "/likeness.sock")).close()
        var status = stat()
        try #require(lstat(state, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o700)
        #expect(try await program.stop() == 0)
    }
}
