// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Testing

/// Damage that a check names and a repair mends without removing anybody.
@Suite struct MendingTests {
    private let names: [IdentityName]

    init() throws {
        names = try ["alice", "bob", "carl"].map { try IdentityName($0) }
    }

    /// Two samples of each, of which everybody's first is of one file, and everybody's second of another.
    private func enrolled(_ fixture: GalleryFixture) async throws -> SQLGallery {
        let gallery = try await fixture.opened()
        for name in names {
            for number in 1...2 {
                _ = try await gallery.enroll(
                    GalleryFixture.sample(original: UInt8(10 * number)), as: name, modality: .face, by: nil)
            }
        }
        return gallery
    }

    /// The first sample of bob is the third row.
    private func damaged(_ fixture: GalleryFixture, _ statement: String) async throws -> SQLGallery {
        try await enrolled(fixture).close()
        try fixture.run(statement, keepingReferences: true)
        return try await fixture.opened()
    }

    @Test(arguments: GalleryKind.available) func `an embedding that is absent is named, and pending`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await damaged(fixture, "DELETE FROM embedding WHERE sample_id = 3")
        let damage = try await gallery.check { _, _ in }.damage
        #expect(damage.map(\.kind) == [.embedding])
        #expect(damage.first?.identity == names[1] && damage.first?.sample == 1)
        #expect(try await gallery.repair(by: nil) == damage)
        #expect(try await gallery.counts() == GalleryCounts(identities: 3, samples: 6))
        let generation = try #require(try await gallery.activeGenerations().first)
        let pending = try await gallery.pendingSamples(in: generation.id, after: 0, limit: 10)
        try #require(pending.map(\.reference) == [SampleReference(identity: names[1], number: 1)])
        try await gallery.store(
            [(sample: pending[0].id, outcome: .embedded(GalleryFixture.embedding()))], in: generation.id)
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
    }

    @Test(
        arguments: GalleryKind.available,
        ["DELETE FROM image WHERE sample_id = 3", "UPDATE image SET sealed = zeroblob(40) WHERE sample_id = 3"])
    func `a sample whose image is absent or damaged is kept without one`(
        kind: GalleryKind, statement: String
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await damaged(fixture, statement)
        let damage = try await gallery.check { _, _ in }.damage
        #expect(damage.map(\.kind) == [.image])
        #expect(damage.first?.identity == names[1] && damage.first?.sample == 1)
        #expect(try await gallery.repair(by: nil) == damage)
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
        let content = try #require(try await gallery.content(of: names[1]))
        #expect(content.damage.isEmpty)
        #expect(content.samples.map(\.sample.kept) == [nil, .crop])
        #expect(content.samples.map { $0.image == nil } == [true, false])
        #expect(try await gallery.embeddings(of: .face)?.embeddings.count == 6)
        #expect(try await gallery.counts() == GalleryCounts(identities: 3, samples: 6))
    }

    @Test(arguments: GalleryKind.available) func `a file that would not be known again is after a repair`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await damaged(fixture, "UPDATE sample SET original_hash = zeroblob(32) WHERE id = 3")
        let damage = try await gallery.check { _, _ in }.damage
        #expect(damage.map(\.kind) == [.sample])
        #expect(damage.first?.identity == names[1] && damage.first?.sample == 1)
        let before = try await gallery.enroll(
            GalleryFixture.sample(original: 10), as: IdentityName("dave"), modality: .face, by: nil)
        #expect(before.duplicates.map(\.identity) == [names[0], names[2]])
        #expect(try await gallery.repair(by: nil) == damage)
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
        #expect(try await gallery.counts() == GalleryCounts(identities: 4, samples: 7))
        let after = try await gallery.enroll(
            GalleryFixture.sample(original: 10), as: IdentityName("erin"), modality: .face, by: nil)
        #expect(after.duplicates.map(\.identity.text) == ["alice", "bob", "carl", "dave"])
    }

    @Test(arguments: GalleryKind.available) func `a generation that is gone is named, and not repaired`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        try await enrolled(fixture).close()
        try fixture.run("DELETE FROM generation", keepingReferences: true)
        // Nothing is activated, which would make another.
        let gallery = try await fixture.open()
        let damage = try await gallery.check { _, _ in }.damage
        #expect(damage.map(\.kind) == [.generation])
        #expect(damage.first?.what == "people are enrolled by their face, and no model that compares them is active")
        #expect(try await gallery.repair(by: nil).isEmpty)
        #expect(try await gallery.check { _, _ in }.damage == damage)
        #expect(try await gallery.identities().count == 3)
    }

    @Test(arguments: GalleryKind.available)
    func `an identity that would not be found under its name is compared with nobody, and named`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await damaged(fixture, "UPDATE identity SET name_hash = zeroblob(32) WHERE id = 2")
        let content = try #require(try await gallery.embeddings(of: .face))
        #expect(Set(content.embeddings.map(\.sample.identity)) == [names[0], names[2]])
        #expect(content.embeddings.count == 4)
        #expect(content.damage.map(\.kind) == [.identity])
        #expect(content.damage.first?.what.contains("“bob”") == true)
        let (identities, damage) = try await gallery.readableIdentities()
        #expect(identities.map(\.name) == [names[0], names[2]])
        #expect(damage == content.damage)
        await #expect(throws: GalleryError.self) { try await gallery.identities() }
    }

    @Test(arguments: GalleryKind.available) func `an identity that cannot be read is in nobody else's way`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await damaged(fixture, "UPDATE identity SET sealed = zeroblob(40) WHERE id = 1")
        let enrollment = try await gallery.enroll(
            GalleryFixture.sample(original: 10), as: IdentityName("dave"), modality: .face, by: nil)
        #expect(
            enrollment.duplicates == [
                SampleReference(identity: names[1], number: 1), SampleReference(identity: names[2], number: 1),
            ])
        #expect(try await gallery.details(of: IdentityName("dave"))?.samples.count == 1)
    }
}
