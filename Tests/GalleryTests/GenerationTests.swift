// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Testing

@Suite struct GenerationTests {
    private let alice: IdentityName
    private let bob: IdentityName

    init() throws {
        alice = try IdentityName("alice")
        bob = try IdentityName("bob")
    }

    private func enrolled(_ fixture: GalleryFixture, keepsSamples: Bool = true) async throws -> SQLGallery {
        let gallery = try await fixture.opened(keepsSamples: keepsSamples)
        for name in [alice, alice, bob] {
            _ = try await gallery.enroll(GalleryFixture.sample(image: [1, 2, 3]), as: name, modality: .face, by: nil)
        }
        return gallery
    }

    private func embedPending(_ gallery: SQLGallery, in generation: Generation) async throws {
        let pending = try await gallery.pendingSamples(in: generation.id, after: 0, limit: 100)
        try await gallery.store(
            pending.map {
                ($0.id, .embedded(try GalleryFixture.embedding([7, 8, 9], model: GalleryFixture.otherModel)))
            }, in: generation.id)
    }

    @Test(arguments: GalleryKind.available) func `a generation is activated when all of it is there, and not before`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture)
        let building = try await gallery.beginGeneration(
            GalleryFixture.otherModel, for: .rotation(maximumDrop: 0.01), by: nil)
        #expect(building.state == .building)
        let pending = try await gallery.pendingSamples(in: building.id, after: 0, limit: 2)
        #expect(pending.count == 2 && pending.allSatisfy { $0.image == [1, 2, 3] })
        await #expect(throws: GalleryError.notReembedded(samples: 3)) {
            try await gallery.activateGeneration(building.id, result: "", by: nil)
        }
        try await embedPending(gallery, in: building)
        // Enrolled meanwhile: the active generation has it at once, the other waits for it.
        _ = try await gallery.enroll(GalleryFixture.sample(), as: bob, modality: .face, by: nil)
        #expect(try await gallery.embeddings(of: .face)?.embeddings.count == 4)
        await #expect(throws: GalleryError.notReembedded(samples: 1)) {
            try await gallery.activateGeneration(building.id, result: "", by: nil)
        }
        _ = try await gallery.remove(alice, by: nil)
        try await embedPending(gallery, in: building)
        let (active, previous) = try await gallery.activateGeneration(building.id, result: "done", by: nil)
        #expect(active.model == GalleryFixture.otherModel && previous?.model == GalleryFixture.model)
        let content = try #require(try await gallery.embeddings(of: .face))
        #expect(content.embeddings.map(\.sample.identity) == [bob, bob])
        #expect(content.embeddings.allSatisfy { $0.embedding.values == [7, 8, 9] })
        #expect(try await gallery.generations().map(\.generation.state) == [.retired, .active])
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
    }

    @Test(arguments: GalleryKind.available)
    func `a retired generation that was changed costs the way back and nothing else`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture)
        let building = try await gallery.beginGeneration(
            GalleryFixture.otherModel, for: .rotation(maximumDrop: 0.01), by: nil)
        try await embedPending(gallery, in: building)
        _ = try await gallery.activateGeneration(building.id, result: "", by: nil)
        try await gallery.close()
        try fixture.run("UPDATE generation SET model_name = 'forged' WHERE state = 'retired'")
        let again = try await fixture.open(SQLGallery.Options())
        #expect(try await again.embeddings(of: .face)?.embeddings.count == 3)
        #expect(try await again.generations().map(\.generation.state) == [.active])
        await #expect(throws: GalleryError.nothingToRollBack(.face)) {
            try await again.beginGeneration(GalleryFixture.model, for: .rollback, by: nil)
        }
        #expect(try await again.check { _, _ in }.damage.map(\.kind) == [.generation])
        #expect(try await again.repair(by: nil).map(\.kind) == [.generation])
        #expect(try await again.check { _, _ in }.damage.isEmpty)
        try await again.close()
        // Of the active one nothing can be spared.
        try fixture.run("UPDATE generation SET model_name = 'forged'")
        let forged = try await fixture.open(SQLGallery.Options())
        await #expect(throws: GalleryError.self) { try await forged.embeddings(of: .face) }
    }

    @Test(arguments: GalleryKind.available) func `a rollback takes the retired generation back, and a prune ends that`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture)
        let building = try await gallery.beginGeneration(
            GalleryFixture.otherModel, for: .rotation(maximumDrop: 0.01), by: nil)
        try await embedPending(gallery, in: building)
        _ = try await gallery.activateGeneration(building.id, result: "", by: nil)
        let back = try await gallery.beginGeneration(GalleryFixture.model, for: .rollback, by: nil)
        #expect(try await gallery.pendingSamples(in: back.id, after: 0, limit: 10).isEmpty)
        // A rollback that fails leaves something to go back to.
        try await gallery.abandonGeneration(back.id, result: "failed", by: nil)
        let again = try await gallery.beginGeneration(GalleryFixture.model, for: .rollback, by: nil)
        let (active, previous) = try await gallery.activateGeneration(again.id, result: "", by: nil)
        #expect(active.model == GalleryFixture.model && previous?.model == GalleryFixture.otherModel)
        #expect(try await gallery.embeddings(of: .face)?.embeddings.count == 3)
        #expect(
            try await gallery.pruneGenerations(of: nil, by: nil) == PrunedGenerations(generations: 1, embeddings: 3))
        await #expect(throws: GalleryError.nothingToRollBack(.face)) {
            try await gallery.beginGeneration(GalleryFixture.otherModel, for: .rollback, by: nil)
        }
    }

    @Test(arguments: GalleryKind.available)
    func `a building generation lives through a restart, and one at a time is built`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture)
        let building = try await gallery.beginGeneration(
            GalleryFixture.otherModel, for: .trial(maximumDrop: 0.25), by: nil)
        await #expect(throws: GalleryError.rotationRunning(.face, model: GalleryFixture.otherModel)) {
            try await gallery.beginGeneration(GalleryFixture.otherModel, for: .rotation(maximumDrop: 0), by: nil)
        }
        let pending = try await gallery.pendingSamples(in: building.id, after: 0, limit: 1)
        try await gallery.store([(pending[0].id, .refused(reason: "no face"))], in: building.id)
        try await gallery.close()
        let again = try await fixture.opened()
        let content = try #require(try await again.generations().last)
        #expect(content.generation == building)
        #expect(content.generation.purpose == .trial(maximumDrop: 0.25))
        #expect(content.refused == 1 && content.embedded == 0 && content.pending == 2)
        #expect(try await again.embeddings(ofGeneration: building.id).refusals.values.map(\.self) == ["no face"])
        try await again.abandonGeneration(building.id, result: "cancelled", by: nil)
        #expect(try await again.generations().map(\.generation.state) == [.active])
        #expect(try await again.auditTrail(AuditQuery(limit: 1)).first?.result == "cancelled")
    }

    @Test(arguments: GalleryKind.available)
    func `a reason as long as an embedding is counted as a refusal and read as it was`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture)
        let building = try await gallery.beginGeneration(
            GalleryFixture.otherModel, for: .rotation(maximumDrop: 0.01), by: nil)
        let length = GalleryFixture.otherModel.embeddingSize * 4
        let reasons = (length - 1...length + 1).map { String(repeating: "x", count: $0) }
        let pending = try await gallery.pendingSamples(in: building.id, after: 0, limit: 3)
        try await gallery.store(zip(pending, reasons).map { ($0.id, .refused(reason: $1)) }, in: building.id)
        let content = try #require(try await gallery.generations().last)
        #expect(content.refused == 3 && content.embedded == 0 && content.pending == 0)
        #expect(try await gallery.embeddings(ofGeneration: building.id).refusals.values.sorted() == reasons)
    }

    @Test(arguments: GalleryKind.available) func `a gallery that keeps no samples names whom a rotation would lose`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture, keepsSamples: false)
        #expect(try await gallery.image(of: SampleReference(identity: alice, number: 1)) == nil)
        await #expect(throws: GalleryError.rotationImpossible(identities: [alice, bob], count: 2)) {
            try await gallery.beginGeneration(GalleryFixture.otherModel, for: .rotation(maximumDrop: 0), by: nil)
        }
        #expect(try await gallery.generations().count == 1)
    }

    @Test(arguments: GalleryKind.available)
    func `samples of another modality neither wait for a model nor hide those that do`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        let pen = ModelDescription(
            digest: GalleryFixture.otherModel.digest, modality: .signature, name: "pen", version: "1", embeddingSize: 3)
        _ = try await gallery.activate(pen)
        for number in 0..<3 {
            _ = try await gallery.enroll(
                GalleryFixture.sample(model: pen), as: IdentityName("signature \(number)"), modality: .signature,
                by: nil)
        }
        _ = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        let building = try await gallery.beginGeneration(
            GalleryFixture.otherModel, for: .rotation(maximumDrop: 0.01), by: nil)
        let pending = try await gallery.pendingSamples(in: building.id, after: 0, limit: 2)
        #expect(pending.map(\.reference) == [SampleReference(identity: alice, number: 1)])
        try await embedPending(gallery, in: building)
        _ = try await gallery.activateGeneration(building.id, result: "", by: nil)
        #expect(try await gallery.embeddings(of: .face)?.embeddings.count == 1)
        #expect(try await gallery.embeddings(of: .signature)?.embeddings.count == 3)
    }

    @Test(arguments: GalleryKind.available) func `the active model is no model to rotate to`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture)
        await #expect(throws: GalleryError.self) {
            try await gallery.beginGeneration(GalleryFixture.model, for: .rotation(maximumDrop: 0), by: nil)
        }
    }
}
