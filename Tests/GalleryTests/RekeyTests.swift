// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import GRDB
import Gallery
import Testing

/// Replacements of the data key that follow one another, stop halfway, or meet rows that belong to nothing.
@Suite struct RekeyTests {
    private let alice: IdentityName
    private let bob: IdentityName
    private let first: WrappingKey
    private let second: WrappingKey

    init() throws {
        alice = try IdentityName("alice")
        bob = try IdentityName("bob")
        first = try #require(WrappingKey(bytes: [UInt8](repeating: 7, count: 32)))
        second = try #require(WrappingKey(bytes: [UInt8](repeating: 8, count: 32)))
    }

    private var both: WrappingKeys { WrappingKeys(current: second, previous: first) }

    /// Two samples of alice, 1 and 2, and one of bob.
    private func enrolled(_ fixture: GalleryFixture, keys: WrappingKeys) async throws -> SQLGallery {
        let gallery = try await fixture.opened(keys: keys)
        for name in [alice, alice, bob] {
            _ = try await gallery.enroll(GalleryFixture.sample(), as: name, modality: .face, by: nil)
        }
        return gallery
    }

    /// One statement, which may have semicolons in it.
    private func execute(_ statement: String, on fixture: GalleryFixture) throws {
        let queue = try DatabaseQueue(path: fixture.path)
        try queue.write { try $0.execute(sql: statement) }
        try queue.close()
    }

    @Test(arguments: GalleryKind.available)
    func `each rekey of an open gallery makes another data key, and leaves no other`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture, keys: WrappingKeys(current: first))
        var ids = [try fixture.run("SELECT id FROM data_key")]
        for _ in 0..<3 {
            #expect(try await gallery.rekey(by: nil) { _ in } == 11)
            ids.append(try fixture.run("SELECT id FROM data_key"))
        }
        #expect(ids.allSatisfy { $0.count == 1 })
        #expect(Set(ids).count == 4)
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
        try await gallery.close()
        let again = try await fixture.opened(keys: WrappingKeys(current: first))
        #expect(try await again.embeddings(of: .face)?.embeddings.count == 3)
    }

    @Test func `a rekey that stopped halfway has both keys open the gallery, and goes on`() async throws {
        let fixture = try GalleryFixture()
        try await enrolled(fixture, keys: WrappingKeys(current: first)).close()
        try execute("CREATE TRIGGER stop BEFORE UPDATE ON image BEGIN SELECT RAISE(ABORT, 'stopped'); END", on: fixture)
        let stopped = try await fixture.opened(keys: both)
        await #expect(throws: GalleryError.self) { try await stopped.rekey(by: nil) { _ in } }
        try await stopped.close()
        try execute("DROP TRIGGER stop", on: fixture)
        await #expect(throws: GalleryError.self) { try await fixture.opened(keys: WrappingKeys(current: second)) }

        let gallery = try await fixture.opened(keys: both)
        #expect(try await gallery.encryption().keys == [first.id, second.id])
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
        #expect(try await gallery.embeddings(of: .face)?.embeddings.count == 3)
        _ = try await gallery.enroll(GalleryFixture.sample(), as: bob, modality: .face, by: nil)
        let begun = try fixture.run("SELECT MAX(id) FROM data_key")
        try await gallery.rekey(by: nil) { _ in }
        #expect(try fixture.run("SELECT id FROM data_key") == begun)
        try await gallery.close()
        let again = try await fixture.opened(keys: WrappingKeys(current: second))
        #expect(try await again.check { _, _ in }.damage.isEmpty)
        #expect(try await again.embeddings(of: .face)?.embeddings.count == 4)
    }

    @Test(.timeLimit(.minutes(1))) func `rows of no sample end a rekey with an error, and it goes on after a repair`()
        async throws
    {
        let fixture = try GalleryFixture()
        try await enrolled(fixture, keys: WrappingKeys(current: first)).close()
        // Nothing takes the image and the embedding along.
        try fixture.run("DELETE FROM sample WHERE id = 2")
        let gallery = try await fixture.opened(keys: both)
        await #expect {
            try await gallery.rekey(by: nil) { _ in }
        } throws: { error in
            if case GalleryError.damagedRecord = error { true } else { false }
        }
        let damage = try await gallery.check { _, _ in }.damage
        #expect(damage.map(\.kind) == [.sample, .structure, .structure])
        #expect(damage.first?.identity == alice && damage.first?.sample == 2)
        #expect(damage.dropFirst().map(\.what) == ["images of no sample: 1", "embeddings of no sample: 1"])
        #expect(try await gallery.repair(by: nil) == damage)
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
        try await gallery.rekey(by: nil) { _ in }
        try await gallery.close()
        let again = try await fixture.opened(keys: WrappingKeys(current: second))
        #expect(try await again.counts() == GalleryCounts(identities: 2, samples: 2))
        #expect(try await again.check { _, _ in }.damage.isEmpty)
    }
}
