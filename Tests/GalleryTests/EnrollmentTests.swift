// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Testing

@Suite struct EnrollmentTests {
    private let alice: IdentityName

    init() throws {
        alice = try IdentityName("alice")
    }

    @Test(arguments: GalleryKind.available) func `an enrolment is there when the gallery is opened again`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        let measurement = QualityMeasurement(.sharpness, 12.5, minimum: 10)
        let sample = try GalleryFixture.sample([0.5, -1, 1e-30], image: [1, 2, 3], measurements: [measurement])
        let enrollment = try await gallery.enroll(sample, as: alice, modality: .face, by: nil)
        #expect(enrollment.sample == SampleReference(identity: alice, number: 1))
        #expect(enrollment.sampleCount == 1)
        try await gallery.close()

        let again = try await fixture.opened()
        let details = try #require(try await again.details(of: alice))
        #expect(details.identity.sampleCount == 1)
        #expect(details.identity.modality == .face)
        #expect(details.samples.map(\.number) == [1])
        #expect(details.samples.first?.measurements == [measurement])
        #expect(details.samples.first?.width == 150)
        #expect(details.samples.first?.height == 148)
        #expect(try await again.image(of: enrollment.sample) == [1, 2, 3])
        #expect(
            try await again.embeddings(of: .face)?.embeddings == [
                EnrolledEmbedding(sample: enrollment.sample, embedding: try GalleryFixture.embedding([0.5, -1, 1e-30]))
            ])
        #expect(try await again.counts() == GalleryCounts(identities: 1, samples: 1))
    }

    @Test(arguments: GalleryKind.available) func `a sixth sample is refused and leaves five`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        for number in 1...5 {
            let enrollment = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
            #expect(enrollment.sample.number == number)
        }
        await #expect(throws: GalleryError.tooManySamples(alice, limit: 5)) {
            try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        }
        #expect(try await gallery.counts().samples == 5)
    }

    @Test(arguments: GalleryKind.available) func `a removed sample's number is not given again`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        for _ in 1...3 { _ = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil) }
        #expect(try await gallery.removeSample(3, of: alice, by: nil) == Removal(removed: 1, remaining: 2))
        let next = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        #expect(next.sample.number == 4)
        #expect(try await gallery.details(of: alice)?.samples.map(\.number) == [1, 2, 4])
    }

    @Test(arguments: GalleryKind.available) func `the last sample takes the identity with it`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        _ = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        #expect(try await gallery.removeSample(1, of: alice, by: nil) == Removal(removed: 1, remaining: 0))
        #expect(try await gallery.details(of: alice) == nil)
        #expect(try await gallery.counts() == GalleryCounts(identities: 0, samples: 0))
    }

    @Test(arguments: GalleryKind.available) func `what was never enrolled cannot be removed`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        await #expect(throws: GalleryError.noSuchIdentity(alice)) { try await gallery.remove(alice, by: nil) }
        await #expect(throws: GalleryError.noSuchIdentity(alice)) {
            try await gallery.removeSample(1, of: alice, by: nil)
        }
        _ = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        await #expect(throws: GalleryError.noSuchSample(alice, number: 2)) {
            try await gallery.removeSample(2, of: alice, by: nil)
        }
        #expect(try await gallery.counts().samples == 1)
    }

    @Test(arguments: GalleryKind.available) func `the same file is known again, under any name`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        let bob = try IdentityName("bob")
        let first = try await gallery.enroll(GalleryFixture.sample(original: 3), as: alice, modality: .face, by: nil)
        #expect(first.duplicates.isEmpty)
        let other = try await gallery.enroll(GalleryFixture.sample(original: 4), as: bob, modality: .face, by: nil)
        #expect(other.duplicates.isEmpty)
        let second = try await gallery.enroll(GalleryFixture.sample(original: 3), as: bob, modality: .face, by: nil)
        #expect(second.duplicates == [first.sample])
    }

    @Test(arguments: GalleryKind.available) func `composed and decomposed spellings are one name`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        _ = try await gallery.enroll(GalleryFixture.sample(), as: IdentityName("Zo\u{E9}"), modality: .face, by: nil)
        let second = try await gallery.enroll(
            GalleryFixture.sample(), as: IdentityName("Zoe\u{301}"), modality: .face, by: nil)
        #expect(second.sample.number == 2)
        #expect(try await gallery.counts().identities == 1)
    }

    @Test(arguments: GalleryKind.available) func `an identity keeps to one modality`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        let signatures = ModelDescription(
            digest: GalleryFixture.otherModel.digest, modality: .signature, name: "s", version: "1", embeddingSize: 3)
        _ = try await gallery.activate(signatures)
        _ = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        await #expect(throws: GalleryError.modalityMismatch(alice, enrolled: .face, offered: .signature)) {
            try await gallery.enroll(
                GalleryFixture.sample(model: GalleryFixture.otherModel), as: alice, modality: .signature, by: nil)
        }
    }

    @Test(arguments: GalleryKind.available) func `many enrolments at once keep their numbers apart`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        let numbers = await withTaskGroup(of: Int?.self) { group in
            for value in 0..<8 {
                group.addTask { [alice] in
                    try? await gallery.enroll(
                        GalleryFixture.sample([Float(value), 1, 1]), as: alice, modality: .face, by: nil
                    ).sample.number
                }
            }
            var numbers: [Int] = []
            for await number in group { if let number { numbers.append(number) } }
            return numbers.sorted()
        }
        #expect(numbers == [1, 2, 3, 4, 5])
        #expect(try await gallery.details(of: alice)?.samples.count == 5)
    }
}
