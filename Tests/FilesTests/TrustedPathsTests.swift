// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import ProgramHarness
import Testing

/// What is read of what decides, and what is not because others could change it.
@Suite struct TrustedPathsTests {
    private let folder: TemporaryFolder
    private let paths = TrustedPaths()
    private let file: String

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.appending("a/b"), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        file = folder.appending("a/b/file")
        try "text".write(toFile: file, atomically: true, encoding: .utf8)
        try Self.change(file, mode: 0o644)
    }

    private static func change(_ path: String, mode: mode_t) throws {
        guard chmod(path, mode) == 0 else { throw FileFailure(path: path, code: errno) }
    }

    private func problem(_ path: String, _ paths: TrustedPaths = TrustedPaths()) -> TrustProblem? {
        do throws(TrustProblem) {
            _ = try paths.read(path, atMost: 100)
            return nil
        } catch {
            return error
        }
    }

    private static let nobody: UInt32 = 65_534

    @Test func `a file of this user's that nobody else can change is read, one byte beyond the limit at most`() throws {
        #expect(try paths.read(file, atMost: 100) == Array("text".utf8))
        #expect(try paths.read(file, atMost: 2) == Array("tex".utf8))
        #expect(problem(folder.appending("a/./b/../b//file")) == nil)
    }

    @Test(arguments: ["a/b/file", "a/b", "a"])
    func `what others can write to is not taken, nor what is below it`(name: String) throws {
        let path = folder.appending(name)
        try Self.change(path, mode: 0o757)
        #expect(problem(file) == .openToOthers(path: path, mode: 0o757))
        try Self.change(path, mode: 0o755)
        #expect(problem(file) == nil)
    }

    @Test
    func `a folder above where others can make files of their own alone is well, and a folder that decides is not`()
        throws
    {
        let path = folder.appending("a/b")
        try Self.change(path, mode: 0o1777)
        #expect(problem(file) == nil)
        #expect(throws: TrustProblem.openToOthers(path: path, mode: 0o1777)) { try paths.checkFolder(path) }
        #expect(throws: TrustProblem.openToOthers(path: path, mode: 0o1777)) { try paths.check(path) }
    }

    @Test func `a message tells the mode and how to mend it`() throws {
        try Self.change(file, mode: 0o666)
        let words = try #require(problem(file)).description
        #expect(words.contains("mode is 666") && words.contains("chmod o-w \(file)"), "\(words)")
    }

    @Test func `links are followed, and what they lead to has to be trusted too`() throws {
        let link = folder.appending("link"), chain = folder.appending("chain"), loop = folder.appending("loop")
        #expect(symlink("a/b", link) == 0 && symlink(link + "/file", chain) == 0 && symlink("loop", loop) == 0)
        #expect(try paths.read(chain, atMost: 100) == Array("text".utf8))
        try Self.change(folder.appending("a"), mode: 0o777)
        #expect(problem(chain) == .openToOthers(path: folder.appending("a"), mode: 0o777))
        #expect(problem(loop) == .unreachable(FileFailure(path: loop, code: ELOOP)))
    }

    @Test func `what is absent, no file or no folder is told apart`() {
        #expect(
            problem(folder.appending("absent/file"))
                == .unreachable(FileFailure(path: folder.appending("absent/file"), code: ENOENT)))
        #expect(problem(file + "/x") == .unreachable(FileFailure(path: file + "/x", code: ENOTDIR)))
        #expect(problem(folder.appending("a")) == .notAFile(path: folder.appending("a")))
        #expect(problem("/dev/null") == .notAFile(path: "/dev/null"))
        #expect(mkfifo(folder.appending("pipe"), 0o600) == 0)
        #expect(problem(folder.appending("pipe")) == .notAFile(path: folder.appending("pipe")))
        #expect(throws: TrustProblem.notAFolder(path: file)) { try paths.checkFolder(file) }
    }

    @Test(.enabled(if: geteuid() == 0, "only root gives files away"), arguments: ["a/b/file", "a/b", "a"])
    func `what belongs to somebody else is not taken, nor what is below it, and the daemon's user's own is`(
        name: String
    ) throws {
        let path = folder.appending(name)
        #expect(chown(path, Self.nobody, Self.nobody) == 0)
        #expect(problem(file) == .ownedByAnother(path: path, owner: Self.nobody, user: 0))
        #expect(problem(file, TrustedPaths(user: Self.nobody)) == nil)
        #expect(try #require(problem(file)).description.contains("chown root \(path)"))
    }

    @Test(.enabled(if: geteuid() == 0, "only root gives files away"))
    func `a link of somebody else's is not followed`() throws {
        let link = folder.appending("link")
        #expect(symlink("a/b/file", link) == 0 && lchown(link, Self.nobody, Self.nobody) == 0)
        #expect(problem(link) == .linkOfAnother(path: link, owner: Self.nobody))
        #expect(problem(link, TrustedPaths(user: Self.nobody)) == nil)
    }

    @Test(.enabled(if: geteuid() == 0, "only root gives files away"))
    func `a group may write where it is the owner's own alone`() throws {
        // Root's own group, in which nobody else is; and one that several may be in.
        #expect(chown(file, 0, 0) == 0)
        try Self.change(file, mode: 0o664)
        #expect(problem(file) == nil)
        let group = try #require(getgrnam("users")).pointee.gr_gid
        #expect(chown(file, 0, group) == 0)
        #expect(problem(file) == .openToGroup(path: file, mode: 0o664, group: group))
        #expect(try #require(problem(file)).description.contains("users (\(group))"))
        // Somebody's first group that has not his name.
        #expect(chown(file, Self.nobody, Self.nobody) == 0)
        #expect(
            problem(file, TrustedPaths(user: Self.nobody)) == .openToGroup(path: file, mode: 0o664, group: Self.nobody)
        )
    }

    @Test(
        .enabled(
            if: geteuid() == 0 && TestEnvironment.python != nil,
            "only root's own group is known here, and Python writes the list"))
    func `a list that lets others write hides behind no group of the owner's own`() throws {
        #expect(chown(file, 0, 0) == 0)
        // user::rw-, user:nobody:rw-, group::rw-, mask::rw-, other::r--, as acl(5) keeps them.
        let script = """
            import os, struct, sys
            none = 0xFFFFFFFF
            entries = [(1, 6, none), (2, 6, 65534), (4, 6, none), (16, 6, none), (32, 4, none)]
            value = struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *entry) for entry in entries)
            try:
                os.setxattr(sys.argv[1], 'system.posix_acl_access', value)
            except OSError:
                sys.exit(3)
            """
        let result = try Command.run(try #require(TestEnvironment.python), ["-c", script, file])
        // A file system without such lists has nothing to hide.
        guard result.status != 3 else { return }
        #expect(problem(file) == .openByList(path: file))
    }
}
