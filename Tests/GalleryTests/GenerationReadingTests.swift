// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Testing

/// A generation that is read by several connections at a time.
@Suite struct GenerationReadingTests {
    private func enroll(_ people: Range<Int>, in gallery: SQLGallery) async throws {
        for person in people {
            for number in 1...(1 + person % 3) {
                _ = try await gallery.enroll(
                    GalleryFixture.sample([Float(person), Float(number), 1], original: UInt8(person % 250)),
                    as: IdentityName("person \(person)"), modality: .face, by: nil)
            }
        }
    }

    private func content(_ gallery: SQLGallery, page: Int, parts: Int) async throws -> GenerationEmbeddings {
        let generation = try #require(try await gallery.activeGenerations().first)
        return try await gallery.embeddings(ofGeneration: generation.id, page: page, parts: parts)
    }

    @Test(arguments: GalleryKind.available)
    func `however it is divided, all of it is read, in one order`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        defer { withExtendedLifetime(fixture) {} }
        let gallery = try await fixture.opened()
        try await enroll(0..<23, in: gallery)
        _ = try await gallery.remove(IdentityName("person 7"), by: nil)
        let whole = try await content(gallery, page: 1000, parts: 1)
        #expect(whole.identities.count == 22 && whole.damage.isEmpty)
        #expect(whole.identities.map(\.name.text) == whole.identities.map(\.name.text).sorted())
        for identity in whole.identities {
            let person = try #require(Float(identity.name.text.dropFirst(7)))
            #expect(identity.samples.map(\.number) == Array(1...(1 + Int(person) % 3)))
            #expect(identity.samples.map(\.embedding.values) == identity.samples.map { [person, Float($0.number), 1] })
        }
        for (page, parts) in [(1, 1), (1, 4), (2, 3), (5, 2), (22, 2), (23, 8)] {
            let content = try await content(gallery, page: page, parts: parts)
            #expect(content.identities == whole.identities && content.damage.isEmpty, "\(page) in \(parts)")
        }
        try await gallery.close()
    }

    @Test(arguments: GalleryKind.available)
    func `each damage is told once, in one order, and costs what it names`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        try await enroll(0..<12, in: gallery)
        try fixture.run(
            """
            UPDATE embedding SET sealed = zeroblob(length(sealed)) WHERE sample_id IN (2, 9);
            DELETE FROM embedding WHERE sample_id = 12;
            UPDATE identity SET sealed = zeroblob(40) WHERE id IN (4, 11);
            DELETE FROM identity WHERE id = 8;
            """, keepingReferences: true)
        let whole = try await content(gallery, page: 1000, parts: 1)
        #expect(whole.identities.count == 9 && whole.embeddings.count == 24 - 2 - 1 - 1 - 2 - 2)
        #expect(
            whole.damage.map(\.kind) == [.identity, .identity, .structure, .embedding, .embedding, .embedding])
        for (page, parts) in [(1, 1), (1, 4), (3, 2)] {
            let content = try await content(gallery, page: page, parts: parts)
            #expect(content.identities == whole.identities)
            #expect(Set(content.damage) == Set(whole.damage) && content.damage.count == whole.damage.count)
        }
        try await gallery.close()
    }

    @Test(arguments: GalleryKind.available)
    func `all connections see one state while others change it`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        defer { withExtendedLifetime(fixture) {} }
        let gallery = try await fixture.opened()
        try await enroll(0..<16, in: gallery)
        let changes = Task {
            var person = 16
            while !Task.isCancelled {
                // One at each end, so that pages that are read later would show it.
                try await enroll(person..<person + 1, in: gallery)
                _ = try await gallery.remove(IdentityName("person \(person - 16)"), by: nil)
                person += 1
            }
            return person
        }
        for _ in 0..<30 {
            // The number of identities is kept apart from them, and missed where they are of two states.
            let content = try await content(gallery, page: 1, parts: 4)
            #expect(content.damage.isEmpty && [16, 17].contains(content.identities.count))
        }
        changes.cancel()
        #expect(try await changes.value > 17)
        try await gallery.close()
    }

    @Test(arguments: GalleryKind.available)
    func `many readings at a time do not wait for one another's connections`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        defer { withExtendedLifetime(fixture) {} }
        let gallery = try await fixture.opened()
        try await enroll(0..<9, in: gallery)
        let generation = try #require(try await gallery.activeGenerations().first).id
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    try await gallery.embeddings(ofGeneration: generation, page: 1, parts: 4).identities.count
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == Array(repeating: 9, count: 12))
        try await gallery.close()
    }

    @Test(arguments: GalleryKind.available)
    func `a reading whose task is cancelled is whole or fails`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        defer { withExtendedLifetime(fixture) {} }
        let gallery = try await fixture.opened()
        try await enroll(0..<20, in: gallery)
        let generation = try #require(try await gallery.activeGenerations().first).id
        for _ in 0..<10 {
            let reading = Task { try await gallery.embeddings(ofGeneration: generation, page: 1, parts: 4) }
            reading.cancel()
            if case .success(let content) = await reading.result { #expect(content.identities.count == 20) }
        }
        try await gallery.close()
    }
}
