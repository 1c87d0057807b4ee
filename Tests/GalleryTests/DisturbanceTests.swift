// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Testing

/// What somebody does to a gallery's files while they are open.
@Suite struct DisturbanceTests {
    private let fixture: GalleryFixture
    private let alice: IdentityName
    private let bob: IdentityName

    init() throws {
        fixture = try GalleryFixture()
        alice = try IdentityName("alice")
        bob = try IdentityName("bob")
    }

    /// Bob is enrolled, in the file and once more in the log.
    private func opened() async throws -> SQLGallery {
        let gallery = try await fixture.opened()
        try await enroll(bob, in: gallery)
        try await gallery.close()
        let again = try await fixture.opened()
        try await enroll(bob, in: again)
        // The file system's clock goes in steps.
        try await Task.sleep(for: .milliseconds(20))
        return again
    }

    private func enroll(_ name: IdentityName, in gallery: SQLGallery) async throws {
        _ = try await gallery.enroll(GalleryFixture.sample(), as: name, modality: .face, by: nil)
    }

    private func content(_ suffix: String = "") throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: fixture.path + suffix))
    }

    /// Writes into the file that is there.
    private func overwrite(_ suffix: String, with content: Data) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: fixture.path + suffix))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: content)
        try handle.close()
    }

    /// Every change is refused, reading goes on, and it is said when the gallery is looked after.
    private func expect(
        _ disturbance: GalleryDisturbance, of gallery: SQLGallery, _ comment: Comment? = nil
    ) async throws {
        let error = GalleryError.disturbed(path: fixture.path, disturbance)
        await #expect(throws: error, comment) { try await gallery.requireUndisturbed() }
        await #expect(throws: error, comment) { try await enroll(alice, in: gallery) }
        await #expect(throws: error, comment) { try await gallery.record([AuditEvent(.verify, by: nil)]) }
        await #expect(throws: error, comment) { try await gallery.rekey(by: nil) { _ in } }
        await #expect(throws: error, comment) {
            try await gallery.changeAttempts(of: [AttemptKey(caller: 1, identity: nil)]) { _ in ([:], [], ()) }
        }
    }

    // MARK: Moved, removed and replaced

    enum Displacement: String, CaseIterable {
        case moved, removed, replaced, folderMoved, folderReplaced, logMoved, logReplaced, sharedMemoryMoved
    }

    @Test(arguments: Displacement.allCases)
    func `nothing is enrolled while a file is not in its place, and everything is when it is back`(
        displacement: Displacement
    ) async throws {
        let gallery = try await opened(), files = FileManager.default
        let (suffix, keep) =
            switch displacement {
            case .moved, .removed, .replaced, .folderMoved, .folderReplaced: ("", fixture.folder + "/kept")
            case .logMoved, .logReplaced: ("-wal", fixture.folder + "/kept")
            case .sharedMemoryMoved: ("-shm", fixture.folder + "/kept")
            }
        let path = fixture.path + suffix, folder = fixture.folder + ".elsewhere"
        switch displacement {
        case .moved, .logMoved, .sharedMemoryMoved: try files.moveItem(atPath: path, toPath: keep)
        case .removed: try files.linkItem(atPath: path, toPath: keep); try files.removeItem(atPath: path)
        case .replaced, .logReplaced:
            try files.moveItem(atPath: path, toPath: keep)
            try files.copyItem(atPath: keep, toPath: path)
        case .folderMoved: try files.moveItem(atPath: fixture.folder, toPath: folder)
        case .folderReplaced:
            try files.moveItem(atPath: fixture.folder, toPath: folder)
            try files.copyItem(atPath: folder, toPath: fixture.folder)
        }
        try await expect(.displaced(file: path), of: gallery)
        #expect(try await gallery.identities().map(\.name) == [bob])
        #expect(try await gallery.check { _, _ in }.damage.contains { $0.kind == .structure && $0.what.contains(path) })

        switch displacement {
        case .folderMoved, .folderReplaced:
            try? files.removeItem(atPath: fixture.folder)
            try files.moveItem(atPath: folder, toPath: fixture.folder)
        default:
            try? files.removeItem(atPath: path)
            try files.moveItem(atPath: keep, toPath: path)
        }
        try await gallery.requireUndisturbed()
        #expect(try await gallery.identities().map(\.name) == [bob])
        try await enroll(alice, in: gallery)
        try await gallery.close()
        let again = try await fixture.open()
        #expect(try await again.identities().map(\.name) == [alice, bob])
        #expect(try await again.details(of: bob)?.samples.count == 2)
        #expect(try await again.check { _, _ in }.damage.isEmpty)
        try await again.close()
    }

    @Test func `a gallery whose file is gone can be taken out as a backup, which holds everything`() async throws {
        let gallery = try await opened(), backup = fixture.folder + "/backup"
        try FileManager.default.removeItem(atPath: fixture.path)
        try await gallery.backUp(to: backup, by: nil)
        try await gallery.close()
        let taken = try await SQLiteGallery.open(path: backup)
        #expect(try await taken.details(of: bob)?.samples.count == 2)
        #expect(try await taken.check { _, _ in }.damage.isEmpty)
        try await taken.close()
    }

    @Test
    func
        `a file that was moved away for good holds everything after the end, and one that is in its place is as it was put there`()
        async throws
    {
        let gallery = try await opened(), elsewhere = fixture.folder + "/elsewhere.sqlite"
        try FileManager.default.moveItem(atPath: fixture.path, toPath: elsewhere)
        let other = try GalleryFixture()
        try await other.opened().close()
        try FileManager.default.copyItem(atPath: other.path, toPath: fixture.path)
        let put = try content()
        try await expect(.displaced(file: fixture.path), of: gallery)
        try await gallery.close()
        #expect(try content() == put)
        let moved = try await SQLiteGallery.open(path: elsewhere)
        #expect(try await moved.details(of: bob)?.samples.count == 2)
        try await moved.close()
        #expect(try await fixture.open().identities().isEmpty)
    }

    @Test func `a file and a log that were put in the place of the gallery's are left alone at the end`() async throws {
        let other = try GalleryFixture(), source = try await other.opened()
        try await enroll(alice, in: source)
        let pair = try ["", "-wal"].map { try Data(contentsOf: URL(fileURLWithPath: other.path + $0)) }
        let gallery = try await opened()
        for suffix in ["", "-wal", "-shm"] { try FileManager.default.removeItem(atPath: fixture.path + suffix) }
        for (suffix, content) in zip(["", "-wal"], pair) {
            try content.write(to: URL(fileURLWithPath: fixture.path + suffix))
        }
        try await expect(.displaced(file: fixture.path), of: gallery)
        try await gallery.close()
        #expect(try [content(), content("-wal")] == pair)
        await #expect(throws: GalleryError.closed) { try await gallery.counts() }
        await #expect(throws: GalleryError.closed) { try await enroll(alice, in: gallery) }
    }

    // MARK: Written over

    enum Overwriting: String, CaseIterable {
        case otherGallery, sameSize, emptied, shortened, text, logEmptied, logOverwritten
    }

    @Test(arguments: Overwriting.allCases)
    func `nothing is enrolled after a file was written over, also when it is written back`(
        overwriting: Overwriting
    ) async throws {
        let gallery = try await opened(), original = try content()
        let suffix = overwriting == .logEmptied || overwriting == .logOverwritten ? "-wal" : ""
        let fresh: Data
        switch overwriting {
        case .otherGallery:
            let other = try GalleryFixture()
            let source = try await other.opened()
            try await enroll(alice, in: source)
            try await source.close()
            fresh = try Data(contentsOf: URL(fileURLWithPath: other.path))
        case .sameSize: fresh = Data(count: original.count / 2) + original.dropFirst(original.count / 2)
        case .emptied, .logEmptied: fresh = Data()
        case .shortened: fresh = original.prefix(4096)
        case .text: fresh = Data("these are notes, no database\n".utf8)
        case .logOverwritten: fresh = Data(count: 100_000)
        }
        let kept = try content(suffix)
        try overwrite(suffix, with: fresh)
        try await expect(.writtenOver(file: fixture.path + suffix), of: gallery)
        await #expect(throws: GalleryError.self) { try await gallery.backUp(to: fixture.folder + "/backup", by: nil) }
        #expect(!FileManager.default.fileExists(atPath: fixture.folder + "/backup"))
        try overwrite(suffix, with: kept)
        try await expect(.writtenOver(file: fixture.path + suffix), of: gallery)
        try overwrite(suffix, with: fresh)
        try await gallery.close()
        // The log of what was there before is written into nothing, and what was put there is as it was put there.
        if suffix.isEmpty { #expect(try content() == fresh) }
        await #expect(throws: GalleryError.closed) { try await gallery.counts() }
    }

    @Test(arguments: [true, false]) func `what is put over an open gallery is what the next start finds`(
        isBackup: Bool
    ) async throws {
        let gallery = try await opened(), old = fixture.folder + "/old"
        if isBackup {
            try await gallery.backUp(to: old, by: nil)
        } else {
            // As it was before the log, which is how a copy of a stopped daemon's gallery looks.
            try FileManager.default.copyItem(atPath: fixture.path, toPath: old)
            try await gallery.rekey(by: nil) { _ in }
        }
        try await enroll(alice, in: gallery)
        try overwrite("", with: try Data(contentsOf: URL(fileURLWithPath: old)))
        try await expect(.writtenOver(file: fixture.path), of: gallery)
        try await gallery.close()
        // Another process's start: in this one SQLite still has the file open.
        let next = try GalleryFixture()
        for name in try FileManager.default.contentsOfDirectory(atPath: fixture.folder)
        where name.hasPrefix("gallery.sqlite") {
            try FileManager.default.copyItem(atPath: fixture.folder + "/" + name, toPath: next.folder + "/" + name)
        }
        let restored = try await next.open()
        #expect(try await restored.identities().map(\.name) == [bob])
        #expect(try await restored.details(of: bob)?.samples.count == (isBackup ? 2 : 1))
        #expect(try await restored.check { _, _ in }.damage.isEmpty)
        try await restored.close()
    }

    @Test func `a gallery that was only touched is refused too, and loses nothing`() async throws {
        let gallery = try await opened()
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: fixture.path)
        try await expect(.writtenOver(file: fixture.path), of: gallery)
        try await gallery.close()
        let again = try await fixture.opened()
        #expect(try await again.details(of: bob)?.samples.count == 2)
        try await enroll(alice, in: again)
        try await again.close()
    }

    // MARK: Changed by SQLite

    @Test(arguments: [
        "DELETE FROM identity", "CREATE TABLE notes (text TEXT)", "UPDATE audit SET result = 'x' WHERE number = 1",
    ])
    func `nothing is enrolled after another program stored something in the gallery`(statement: String) async throws {
        let gallery = try await opened()
        try fixture.run(statement)
        try await expect(.changed, of: gallery)
        try await gallery.close()
    }

    @Test func `another program that has the gallery locked is told as that`() async throws {
        let gallery = try await opened(), other = try SQLiteProgram.Lock(on: fixture.path)
        await #expect {
            try await enroll(alice, in: gallery)
        } throws: { error in
            if case GalleryError.busy = error { true } else { false }
        }
        try other.release()
        try await enroll(alice, in: gallery)
        try await gallery.close()
    }

    @Test func `whoever only looks, copies or links does no harm`() async throws {
        let gallery = try await opened()
        #expect(try fixture.run("SELECT COUNT(*) FROM sample") == ["2"])
        try FileManager.default.copyItem(atPath: fixture.path, toPath: fixture.folder + "/copy")
        try FileManager.default.linkItem(atPath: fixture.path, toPath: fixture.folder + "/link")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: fixture.path)
        try await gallery.requireUndisturbed()
        try await enroll(alice, in: gallery)
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
        try await gallery.close()
    }

    @Test func `changes of every size and checkpoints are the gallery's own`() async throws {
        let gallery = try await opened()
        for number in 0..<60 {
            _ = try await gallery.enroll(
                GalleryFixture.sample(image: [UInt8](repeating: UInt8(number), count: 200_000)),
                as: IdentityName("person \(number)"), modality: .face, by: nil)
        }
        try await gallery.rekey(by: nil) { _ in }
        #expect(try await gallery.pruneGenerations(of: nil, by: nil).generations == 0)
        try await gallery.requireUndisturbed()
        try await gallery.close()
    }
}
