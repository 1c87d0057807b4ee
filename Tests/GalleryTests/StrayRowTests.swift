// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Testing

/// Rows that belong to nothing, or to what was removed: left by somebody who took others away, or put back what the
/// gallery had removed.
@Suite struct StrayRowTests {
    private let alice: IdentityName
    private let bob: IdentityName

    init() throws {
        alice = try IdentityName("alice")
        bob = try IdentityName("bob")
    }

    /// Two samples of each.
    private func enrolled(_ fixture: GalleryFixture) async throws -> SQLGallery {
        let gallery = try await fixture.opened()
        for name in [alice, alice, bob, bob] {
            _ = try await gallery.enroll(GalleryFixture.sample(), as: name, modality: .face, by: nil)
        }
        return gallery
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (
                "DELETE FROM identity WHERE id = 1",
                ["1 identities are there where 2 are enrolled", "samples of no identity: 2"], 2
            ),
            (
                "DELETE FROM sample WHERE id = 2",
                ["sample 2 of “alice” is absent", "images of no sample: 1", "embeddings of no sample: 1"], 3
            ),
            (
                "DELETE FROM sample WHERE id = 2; DELETE FROM image WHERE sample_id = 2",
                ["sample 2 of “alice” is absent", "embeddings of no sample: 1"], 3
            ),
        ]) func `a check names rows that belong to nothing, and a repair removes them`(
            damage: (statements: String, words: [String], left: Int)
        ) async throws
    {
        let fixture = try GalleryFixture()
        try await enrolled(fixture).close()
        try fixture.run(damage.statements)
        let gallery = try await fixture.opened()
        let found = try await gallery.check { _, _ in }.damage
        #expect(found.map(\.what) == damage.words)
        #expect(try await gallery.repair(by: nil) == found)
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
        for table in ["sample", "image", "embedding"] {
            #expect(try fixture.run("SELECT 1 FROM \(table)").count == damage.left, "\(table)")
        }
        try await gallery.rekey(by: nil) { _ in }
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
    }

    @Test(arguments: GalleryKind.available) func `a sample that was put back after its removal is no sample`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        try await enrolled(fixture).close()
        try fixture.run(
            """
            CREATE TABLE kept_sample AS SELECT * FROM sample WHERE id = 3;
            CREATE TABLE kept_image AS SELECT * FROM image WHERE sample_id = 3;
            CREATE TABLE kept_embedding AS SELECT * FROM embedding WHERE sample_id = 3;
            SELECT COUNT(*) FROM kept_sample
            """)
        let removing = try await fixture.opened()
        _ = try await removing.removeSample(1, of: bob, by: nil)
        try await removing.close()
        try fixture.run(
            """
            INSERT INTO sample SELECT * FROM kept_sample;
            INSERT INTO image SELECT * FROM kept_image;
            INSERT INTO embedding SELECT * FROM kept_embedding
            """)
        let gallery = try await fixture.opened()
        let content = try #require(try await gallery.content(of: bob))
        #expect(content.samples.map(\.sample.number) == [2])
        #expect(content.damage.isEmpty)
        let embeddings = try #require(try await gallery.embeddings(of: .face))
        #expect(embeddings.embeddings.map(\.sample).filter { $0.identity == bob }.map(\.number) == [2])
        #expect(try await gallery.check { _, _ in }.damage.map(\.sample) == [1])
        #expect(try await gallery.repair(by: nil).map(\.kind) == [.sample])
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
        #expect(try await gallery.content(of: bob)?.samples.count == 1)
    }

    @Test(
        arguments: GalleryKind.available,
        [
            ("DELETE FROM sample WHERE id = 3", GalleryDamage.Kind.sample, 1),
            ("DELETE FROM image WHERE sample_id = 3", .image, 2),
            ("DELETE FROM embedding WHERE sample_id = 3", .embedding, 2),
        ]) func `what is told of an identity names what is absent`(
            database: GalleryKind, absence: (statement: String, kind: GalleryDamage.Kind, samples: Int)
        ) async throws
    {
        let fixture = try GalleryFixture(database)
        try await enrolled(fixture).close()
        try fixture.run(absence.statement, keepingReferences: true)
        let gallery = try await fixture.opened()
        let content = try #require(try await gallery.content(of: bob))
        #expect(content.samples.count == absence.samples)
        #expect(content.damage.map(\.kind) == [absence.kind])
        #expect(content.damage.first?.identity == bob && content.damage.first?.sample == 1)
        #expect(content.damage.first?.what.hasSuffix(" is absent") == true)
        #expect(try await gallery.content(of: alice)?.damage.isEmpty == true)
    }
}
