// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Gallery
import Testing

/// When a gallery is begun, and what is not taken for a place to begin one.
@Suite struct NewGalleryTests {
    private let fixture: GalleryFixture

    init() throws {
        fixture = try GalleryFixture()
    }

    private func write(_ content: Data, _ suffix: String = "") throws {
        try content.write(to: URL(fileURLWithPath: fixture.path + suffix))
    }

    /// What the folder holds, but for the lock.
    private func files() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: fixture.folder) where !name.hasSuffix(".lock") {
            files[name] = FileManager.default.contents(atPath: fixture.folder + "/" + name)
        }
        return files
    }

    /// It is refused with what to do, with a key and without one, and nothing is touched.
    private func expectRefusal(saying words: String, butFor suffixes: [String] = []) async throws {
        func files() throws -> [String: Data] {
            try self.files().filter { file in !suffixes.contains { file.key.hasSuffix($0) } }
        }
        let before = try files()
        for key in [0, 3] {
            await #expect {
                try await fixture.open(FaultRuns.options(key, 0))
            } throws: { error in
                guard case GalleryError.notAGallery(fixture.path, let reason) = error else { return false }
                return reason.contains(words) && reason.lowercased().contains("to begin a new gallery")
                    && "\(error)".contains("backup")
            }
            #expect(try files() == before)
        }
    }

    @Test func `an empty file is no gallery`() async throws {
        try write(Data())
        try await expectRefusal(saying: "it is empty")
        for suffix in ["-wal", "-shm"] { try write(Data(count: 32768), suffix) }
        try await expectRefusal(saying: "it is empty")
        try FileManager.default.removeItem(atPath: fixture.path + "-shm")
        try await expectRefusal(saying: "it is empty")
    }

    @Test(arguments: [
        "CREATE TABLE t (a); DROP TABLE t", "PRAGMA journal_mode = WAL; CREATE TABLE t (a); DROP TABLE t",
        "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)",
        "PRAGMA application_id = 1281977189; CREATE TABLE t (a); DROP TABLE t",
    ]) func `a database without tables is no gallery`(statements: String) async throws {
        try fixture.run(statements)
        // SQLite makes a log even to read.
        try await expectRefusal(saying: "without tables", butFor: ["-wal", "-shm"])
    }

    @Test func `a log whose file is gone is not removed`() async throws {
        let gallery = try await fixture.opened()
        let log = try Data(contentsOf: URL(fileURLWithPath: fixture.path + "-wal"))
        try #require(!log.isEmpty)
        try await gallery.close()
        try FileManager.default.removeItem(atPath: fixture.path)
        try write(log, "-wal")
        try await expectRefusal(saying: "its log")
        // An empty one is what a gallery that was closed may leave.
        try write(Data(), "-wal")
        try await fixture.opened().close()
    }

    @Test func `a link to nothing is no place for a gallery`() async throws {
        try FileManager.default.createSymbolicLink(
            atPath: fixture.path, withDestinationPath: fixture.folder + "/nothing")
        await #expect {
            try await fixture.open()
        } throws: { error in
            if case GalleryError.cannotOpen(fixture.path, let reason) = error {
                reason.contains("symbolic link")
            } else {
                false
            }
        }
    }

    @Test func `a link to a gallery is that gallery`() async throws {
        try await fixture.opened().close()
        let link = fixture.folder + "/link.sqlite"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: fixture.path)
        let gallery = try await SQLiteGallery.open(path: link)
        _ = try await gallery.activate(GalleryFixture.model)
        try await gallery.requireUndisturbed()
        try await gallery.close()
    }

    @Test func `a gallery is made whole under another name, and what a kill left of that goes`() async throws {
        let draft = fixture.path + ".new-" + UUID().uuidString
        let others = [fixture.path + ".new", draft + ".mine"]
        for path in [draft, draft + "-journal"] + others { try Data([1]).write(to: URL(fileURLWithPath: path)) }
        let gallery = try await fixture.opened()
        let left = try files().keys.filter { $0.contains(".new") }.map { fixture.folder + "/" + $0 }
        #expect(Set(left) == Set(others))
        try await gallery.close()
        #expect(try files()["gallery.sqlite"]?.isEmpty == false)
    }
}
