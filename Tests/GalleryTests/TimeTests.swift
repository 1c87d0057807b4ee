// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Testing

/// Times that nothing can have happened at.
@Suite struct TimeTests {
    private let alice: IdentityName

    init() throws {
        alice = try IdentityName("alice")
    }

    private func enrolled(_ fixture: GalleryFixture) async throws -> SQLGallery {
        let gallery = try await fixture.opened()
        _ = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        return gallery
    }

    @Test(arguments: GalleryKind.available, [Int64.max, Int64.min]) func `a generation of a time beyond all is damage`(
        kind: GalleryKind, time: Int64
    ) async throws {
        let fixture = try GalleryFixture(kind)
        try await enrolled(fixture).close()
        try fixture.run("UPDATE generation SET created = \(time)")
        let gallery = try await fixture.open()
        await #expect {
            try await gallery.everyGeneration()
        } throws: { error in
            if case GalleryError.damagedRecord = error { true } else { false }
        }
        await #expect {
            try await gallery.activate(GalleryFixture.model)
        } throws: { error in
            if case GalleryError.damagedRecord = error { true } else { false }
        }
        #expect(
            try await gallery.check { _, _ in }.damage.contains {
                $0.kind == .generation && $0.what.hasSuffix("was changed")
            })
    }

    @Test(arguments: GalleryKind.available, [Int64.max, Int64.min])
    func `an entry of a time beyond all is shown, and found to be changed`(kind: GalleryKind, time: Int64) async throws
    {
        let fixture = try GalleryFixture(kind)
        try await enrolled(fixture).close()
        try fixture.run("UPDATE audit SET time = \(time) WHERE number = 2")
        let gallery = try await fixture.opened()
        let trail = try await gallery.auditTrail(AuditQuery(limit: 10))
        #expect(trail.map(\.number) == [2, 1])
        // What the wire carries.
        #expect(trail.first?.time.wholeSeconds == (time > 0 ? 9_000_000_000_000_000_000 : -9_000_000_000_000_000_000))
        #expect(try await gallery.verifyAudit().problem == "entry 2 was changed, or does not follow the one before it")
    }

    @Test(arguments: GalleryKind.available, [1e300, -1e300, Double.infinity])
    func `an import with times beyond all ends no program`(kind: GalleryKind, seconds: Double) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture)
        let content = try #require(try await gallery.content(of: alice)), time = Date(timeIntervalSince1970: seconds)
        let samples = content.samples.map { content in
            let sample = content.sample
            return IdentityContent.Sample(
                sample: EnrolledSample(
                    number: sample.number, enrolled: time, kept: sample.kept, width: sample.width,
                    height: sample.height,
                    measurements: sample.measurements, original: sample.original),
                image: content.image, outcomes: content.outcomes)
        }
        let moved = IdentityContent(name: alice, modality: .face, enrolled: time, updated: time, samples: samples)
        #expect(try await gallery.put(moved, replacing: true, by: nil) == .replaced)
        #expect(try await gallery.identities().map(\.name) == [alice])
        let copy = try #require(try await gallery.content(of: alice))
        #expect((copy.enrolled.timeIntervalSince1970 > 0) == (seconds > 0))
        #expect(try await gallery.put(copy, replacing: true, by: nil) == .replaced)
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
    }
}
