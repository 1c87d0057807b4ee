// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Testing

/// Backups that are put in the place of a gallery, and what lies about beside one.
@Suite struct RestoreTests {
    private let fixture: GalleryFixture
    private let alice: IdentityName
    private let bob: IdentityName

    init() throws {
        fixture = try GalleryFixture()
        alice = try IdentityName("alice")
        bob = try IdentityName("bob")
    }

    private func content(of path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path))
    }

    @Test func `a backup in the place of a gallery that was not closed holds what it held`() async throws {
        let gallery = try await fixture.opened()
        _ = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        let path = fixture.folder + "/backup.sqlite"
        try await gallery.backUp(to: path, by: nil)
        let backup = try content(of: path)
        _ = try await gallery.enroll(GalleryFixture.sample(), as: bob, modality: .face, by: nil)
        // The log as a kill leaves it; a close empties it.
        let left = try ["-wal", "-shm"].map { (suffix: $0, content: try content(of: fixture.path + $0)) }
        try #require(left.allSatisfy { !$0.content.isEmpty })
        try await gallery.close()
        try backup.write(to: URL(fileURLWithPath: fixture.path))
        for (suffix, content) in left { try content.write(to: URL(fileURLWithPath: fixture.path + suffix)) }

        let restored = try await fixture.open()
        let held = try await SQLiteGallery.open(path: path)
        #expect(try await restored.lines() == held.lines())
        #expect(try await restored.identities().map(\.name) == [alice])
        #expect(try await restored.check { _, _ in }.damage.isEmpty)
        _ = try await restored.enroll(GalleryFixture.sample(), as: bob, modality: .face, by: nil)
        try await restored.close()
        #expect(try await fixture.open().identities().map(\.name) == [alice, bob])
    }

    @Test func `a gallery that was not closed keeps what is in its own log`() async throws {
        let gallery = try await fixture.opened()
        for name in [alice, bob] {
            _ = try await gallery.enroll(GalleryFixture.sample(), as: name, modality: .face, by: nil)
        }
        let other = try GalleryFixture()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: fixture.path + suffix, toPath: other.path + suffix)
        }
        let opened = try await other.open()
        #expect(try await opened.lines() == gallery.lines())
        #expect(try await opened.identities().count == 2)
    }

    @Test func `copies that a kill left go at the next opening, and other files stay`() async throws {
        try await fixture.opened().close()
        let name = fixture.path + ".backup-"
        let leftovers = [name + UUID().uuidString, SQLiteGallery.temporaryCopyPath(beside: fixture.path)]
        let others = [
            name + "mine", name + UUID().uuidString + ".old",
            fixture.folder + "/other.sqlite.backup-" + UUID().uuidString,
        ]
        for path in leftovers + others { try Data([1]).write(to: URL(fileURLWithPath: path)) }
        let gallery = try await fixture.open()
        for path in leftovers { #expect(!FileManager.default.fileExists(atPath: path), "\(path)") }
        for path in others { #expect(FileManager.default.fileExists(atPath: path), "\(path)") }
        try await gallery.close()
    }
}
