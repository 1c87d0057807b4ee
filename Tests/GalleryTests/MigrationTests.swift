// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Testing

/// Opens galleries as earlier versions left them.
@Suite struct MigrationTests {
    private let fixture: GalleryFixture

    init() throws {
        fixture = try GalleryFixture()
        let golden = try #require(
            Bundle.module.url(forResource: "schema-1", withExtension: "sqlite", subdirectory: "Golden"))
        try FileManager.default.copyItem(at: golden, to: URL(fileURLWithPath: fixture.path))
    }

    private func key() throws -> WrappingKey {
        try #require(WrappingKey(bytes: [UInt8](repeating: 3, count: 32)))
    }

    @Test(arguments: [true, false]) func `a gallery of schema 1 keeps everything and is sealed`(
        isKeyed: Bool
    ) async throws {
        let file = try Data(contentsOf: URL(fileURLWithPath: fixture.path))
        #expect(file.range(of: Data("alice".utf8)) != nil)
        var options = SQLGallery.Options()
        if isKeyed { options.keys = WrappingKeys(current: try key(), acceptsUnencrypted: true) }
        let gallery = try await SQLiteGallery.open(path: fixture.path, options: options)
        let alice = try IdentityName("alice"), zoe = try IdentityName("Zo\u{E9}"), bob = try IdentityName("bob signs")

        let identities = try await gallery.identities()
        #expect(identities.map(\.name) == [zoe, alice, bob])
        #expect(identities.map(\.sampleCount) == [1, 3, 2])
        #expect(identities.allSatisfy { $0.enrolled == Date(timeIntervalSince1970: 1_760_000_000) })
        let details = try #require(try await gallery.details(of: zoe))
        #expect(details.samples.map(\.number) == [2])
        #expect(details.samples.first?.kept == .chip)
        #expect(details.samples.first?.original == [UInt8](repeating: 12, count: 32))
        #expect(details.samples.first?.measurements == [QualityMeasurement(.sharpness, 12.5, minimum: 10)])
        let image = try await gallery.image(of: SampleReference(identity: alice, number: 3))
        #expect(image == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 3, count: 200))
        let faces = try #require(try await gallery.embeddings(of: .face))
        #expect(faces.damage.isEmpty)
        #expect(faces.embeddings.map(\.sample.number) == [2, 1, 2, 3])
        #expect(faces.embeddings.map(\.embedding.values) == [[0, 2, 7], [1, 0.5, -1], [2, 0.5, -1], [3, 0.5, -1]])
        #expect(
            try await gallery.embeddings(of: .signature)?.embeddings.map(\.embedding.values) == [
                [0, 1, 7, 1], [0, 2, 7, 1],
            ])
        #expect(try await gallery.activeGenerations().map(\.model.name).sorted() == ["first", "pen"])

        // The thirteenth entry is the migration's own.
        let trail = try await gallery.auditTrail(AuditQuery(limit: 100, newestFirst: false))
        #expect(trail.count == 13)
        #expect(trail.map(\.number) == Array(1...13))
        #expect(trail[2].identity == alice && trail[2].actor?.user == 1000)
        #expect(trail[11].action == .removeIdentity && trail[11].identity == nil && trail[11].nameHash != nil)
        #expect(try await gallery.verifyAudit().problem == nil)
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)

        // Numbers go on where they were.
        let enrollment = try await gallery.enroll(
            GalleryFixture.sample(), as: zoe, modality: .face, by: nil)
        #expect(enrollment.sample.number == 3)
        try await gallery.close()
        let sealed = try Data(contentsOf: URL(fileURLWithPath: fixture.path))
        for legible in [
            Data("alice".utf8), Data("Zo\u{E9}".utf8), Data("removed".utf8), Data([0x89, 0x50, 0x4E, 0x47]),
        ] {
            #expect(sealed.range(of: legible) == nil)
        }
        let again = try await SQLiteGallery.open(path: fixture.path, options: options)
        #expect(try await again.counts() == GalleryCounts(identities: 3, samples: 7))
    }

    @Test func `a gallery of schema 1, which is never encrypted, is not taken where there is a key`() async throws {
        let wrapping = try key(), before = try fixture.stored()
        await #expect(throws: GalleryError.notEncrypted(offered: wrapping.id.description)) {
            try await fixture.opened(keys: WrappingKeys(current: wrapping))
        }
        #expect(try fixture.stored() == before)
    }

    /// A kill may have left one between its making and its sealing.
    @Test func `an empty gallery of schema 1 is taken, and is encrypted`() async throws {
        try fixture.run("DELETE FROM embedding; DELETE FROM sample; DELETE FROM identity; DELETE FROM audit")
        let gallery = try await fixture.opened(keys: WrappingKeys(current: try key()))
        #expect(try await gallery.encryption().isComplete)
        #expect(try await gallery.identities().isEmpty)
    }
}
