// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import Testing

@Suite struct ModelTests {
    private let alice: IdentityName

    init() throws {
        alice = try IdentityName("alice")
    }

    @Test(arguments: GalleryKind.available) func `a gallery made with another model says which, and stays as it was`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        _ = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        let refusal = GalleryError.madeWithAnotherModel(
            modality: .face, made: GalleryFixture.model, offered: GalleryFixture.otherModel, samples: 1)
        await #expect(throws: refusal) { try await gallery.activate(GalleryFixture.otherModel) }
        #expect(refusal.description.contains("first 1"))
        #expect(refusal.description.contains("second 4"))
        #expect(refusal.description.contains("enroll rotate"))
        #expect(try await gallery.activeGenerations().map(\.model) == [GalleryFixture.model])
        #expect(try await gallery.embeddings(of: .face)?.embeddings.count == 1)
    }

    @Test(arguments: GalleryKind.available) func `of several models all are made active, or none is`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        func pen(_ model: ModelDescription) -> ModelDescription {
            ModelDescription(
                digest: model.digest, modality: .signature, name: "pen", version: "1",
                embeddingSize: model.embeddingSize)
        }
        let first = pen(GalleryFixture.model), second = pen(GalleryFixture.otherModel)
        _ = try await gallery.activate(first)
        _ = try await gallery.enroll(GalleryFixture.sample(model: first), as: alice, modality: .signature, by: nil)
        let before = try await gallery.activeGenerations()
        await #expect(throws: GalleryError.self) { try await gallery.activate([GalleryFixture.otherModel, second]) }
        #expect(try await gallery.activeGenerations() == before)
        let made = try await gallery.activate([GalleryFixture.otherModel, first])
        #expect(made.map(\.model) == [GalleryFixture.otherModel, first] && made.last == before.last)
        #expect(try await gallery.activeGenerations() == made)
    }

    @Test(arguments: GalleryKind.available) func `an empty gallery takes another model`(kind: GalleryKind) async throws
    {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        _ = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        _ = try await gallery.remove(alice, by: nil)
        let generation = try await gallery.activate(GalleryFixture.otherModel)
        #expect(generation.state == .active)
        #expect(try await gallery.activeGenerations() == [generation])
    }

    @Test(arguments: GalleryKind.available) func `a model that is active already stays the same generation`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        let first = try await gallery.activate(GalleryFixture.model)
        try await gallery.close()
        let again = try await fixture.opened()
        #expect(try await again.activeGenerations() == [first])
    }

    @Test(arguments: GalleryKind.available) func `another model's embedding is never enrolled`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        await #expect(throws: GalleryError.self) {
            try await gallery.enroll(
                GalleryFixture.sample(model: GalleryFixture.otherModel), as: alice, modality: .face, by: nil)
        }
        await #expect(throws: GalleryError.self) {
            try await gallery.enroll(GalleryFixture.sample([1, 2]), as: alice, modality: .face, by: nil)
        }
        await #expect(throws: GalleryError.noActiveModel(.glyph)) {
            try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .glyph, by: nil)
        }
        #expect(try await gallery.counts() == GalleryCounts(identities: 0, samples: 0))
    }

    @Test(arguments: GalleryKind.available) func `the list is in order of the names`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        for name in ["dora", "bob", "alice", "carl", "Éva"] {
            _ = try await gallery.enroll(GalleryFixture.sample(), as: IdentityName(name), modality: .face, by: nil)
        }
        let names = try await gallery.identities().map(\.name.text)
        #expect(names == ["alice", "bob", "carl", "dora", "Éva"])
    }

    /// PostgreSQL keeps no such text; a gallery is to be the same in every database.
    @Test(arguments: GalleryKind.available) func `a text with the character U+0000 is refused`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        let model = ModelDescription(
            digest: GalleryFixture.otherModel.digest, modality: .face, name: "a\0b", version: "1", embeddingSize: 3)
        await #expect {
            try await gallery.activate(model)
        } throws: { error in
            if case GalleryError.notSupported = error { true } else { false }
        }
        #expect(try await gallery.activeGenerations().map(\.model) == [GalleryFixture.model])
    }
}
