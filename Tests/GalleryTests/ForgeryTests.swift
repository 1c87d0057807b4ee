// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Testing

/// What somebody who can write to a gallery's tables, and has not its key, can make of it.
@Suite struct ForgeryTests {
    private let alice: IdentityName
    private let bob: IdentityName

    init() throws {
        alice = try IdentityName("alice")
        bob = try IdentityName("bob")
    }

    private func key(_ byte: UInt8) throws -> WrappingKey {
        try #require(WrappingKey(bytes: [UInt8](repeating: byte, count: 32)))
    }

    /// Makes an encrypted gallery, and keeps beside its tables what anybody could read before it was encrypted: a data
    /// key, and rows that are rightly sealed with it.
    private func makeEncrypted(_ fixture: GalleryFixture) async throws {
        let plain = try await fixture.opened()
        for name in [alice, bob] {
            _ = try await plain.enroll(GalleryFixture.sample(), as: name, modality: .face, by: nil)
        }
        try await plain.close()
        try fixture.run(
            """
            CREATE TABLE old_key AS SELECT * FROM data_key;
            CREATE TABLE old_embedding AS SELECT * FROM embedding;
            SELECT COUNT(*) FROM old_key
            """)
        let gallery = try await fixture.opened(keys: WrappingKeys(current: key(7), acceptsUnencrypted: true))
        try await gallery.rekey(by: nil) { _ in }
        try await gallery.close()
    }

    /// 1 is the number that the key had while it was the gallery's.
    @Test(arguments: GalleryKind.available, [77, 1])
    func `a data key that somebody adds opens nothing, is named, and goes with a repair`(
        kind: GalleryKind, id: Int
    ) async throws {
        let fixture = try GalleryFixture(kind)
        try await makeEncrypted(fixture)
        try fixture.run(
            """
            INSERT INTO data_key (id, wrapping_key, wrapped) SELECT \(id), wrapping_key, wrapped FROM old_key;
            UPDATE embedding SET data_key = \(id),
                sealed = (SELECT sealed FROM old_embedding WHERE old_embedding.sample_id = embedding.sample_id)
            WHERE sample_id = 1
            """)
        let wrapping = try key(7)
        let gallery = try await fixture.opened(keys: WrappingKeys(current: wrapping))
        let content = try #require(try await gallery.embeddings(of: .face))
        #expect(content.embeddings.map(\.sample.identity) == [bob])
        #expect(content.damage.map(\.kind) == [.embedding] && content.damage.map(\.identity) == [alice])
        let encryption = try await gallery.encryption()
        #expect(encryption == GalleryEncryption(keys: [wrapping.id], isComplete: true, configured: wrapping.id))
        let damage = try await gallery.check { _, _ in }.damage
        #expect(damage.map(\.kind) == [.embedding, .structure])
        #expect(damage.last?.what.contains("the data key \(id) ") == true)

        let before = try fixture.run("SELECT id FROM data_key WHERE wrapping_key IS NOT NULL")
        #expect(try await gallery.repair(by: nil).map(\.kind) == [.embedding, .structure])
        #expect(try fixture.run("SELECT id FROM data_key") == before)
        let generation = try #require(try await gallery.activeGenerations().first)
        let pending = try await gallery.pendingSamples(in: generation.id, after: 0, limit: 10)
        try #require(pending.map(\.reference) == [SampleReference(identity: alice, number: 1)])
        try await gallery.store(
            [(sample: pending[0].id, outcome: .embedded(GalleryFixture.embedding()))], in: generation.id)

        try await gallery.rekey(by: nil) { _ in }
        let after = try fixture.run("SELECT id FROM data_key")
        #expect(after.count == 1 && after != before)
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
        #expect(try await gallery.embeddings(of: .face)?.embeddings.count == 2)
    }

    @Test(arguments: GalleryKind.available) func `a rekey takes no row over that a data key of somebody else's opens`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        try await makeEncrypted(fixture)
        try fixture.run(
            """
            INSERT INTO data_key (id, wrapping_key, wrapped) SELECT 77, wrapping_key, wrapped FROM old_key;
            UPDATE embedding SET data_key = 77,
                sealed = (SELECT sealed FROM old_embedding WHERE old_embedding.sample_id = embedding.sample_id)
            WHERE sample_id = 1
            """)
        let gallery = try await fixture.opened(keys: WrappingKeys(current: key(7)))
        try await gallery.rekey(by: nil) { _ in }
        #expect(try fixture.run("SELECT id FROM data_key").count == 1)
        #expect(try await gallery.embeddings(of: .face)?.embeddings.map(\.sample.identity) == [bob])
        #expect(try await gallery.check { _, _ in }.damage.map(\.kind) == [.embedding])
    }

    @Test(arguments: GalleryKind.available)
    func `a gallery without encryption is not taken where there is a key, unless that is asked for`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let plain = try await fixture.opened()
        _ = try await plain.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        try await plain.close()
        let wrapping = try key(7), before = try fixture.stored()
        await #expect(throws: GalleryError.notEncrypted(offered: wrapping.id.description)) {
            try await fixture.opened(keys: WrappingKeys(current: wrapping))
        }
        #expect(try fixture.stored() == before)
        let accepting = try await fixture.opened(keys: WrappingKeys(current: wrapping, acceptsUnencrypted: true))
        #expect(try await accepting.encryption().needsRekey)
        try await accepting.rekey(by: nil) { _ in }
        try await accepting.close()
        let again = try await fixture.opened(keys: WrappingKeys(current: wrapping))
        #expect(
            try await again.encryption()
                == GalleryEncryption(keys: [wrapping.id], isComplete: true, configured: wrapping.id))
        #expect(try await again.details(of: alice) != nil)
    }
}
