// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Synchronization
import Testing

/// More of everything than is read, or sealed again, at a time.
@Suite struct LargeGalleryTests {
    private static let identities = 830
    private static let samples = 5
    private let fixture: GalleryFixture

    init() throws {
        fixture = try GalleryFixture()
    }

    private func identity(_ number: Int) throws -> IdentityContent {
        let samples = try (1...Self.samples).map { sample in
            IdentityContent.Sample(
                sample: EnrolledSample(
                    number: sample, enrolled: Date(timeIntervalSince1970: 1), kept: .crop, width: 1, height: 1,
                    measurements: [],
                    original: [UInt8](repeating: 3, count: 32)),
                image: [UInt8(sample)],
                outcomes: [
                    GalleryFixture.model.digest: .embedded(
                        try GalleryFixture.embedding([Float(number), Float(sample), 1]))
                ])
        }
        return IdentityContent(
            name: try IdentityName("person \(number)"), modality: .face, enrolled: Date(timeIntervalSince1970: 1),
            updated: Date(timeIntervalSince1970: 1), samples: samples)
    }

    @Test
    func `every embedding is read, and every row sealed again, of a gallery that is larger than one page or batch`()
        async throws
    {
        let first = try #require(WrappingKey(bytes: [UInt8](repeating: 1, count: 32)))
        let second = try #require(WrappingKey(bytes: [UInt8](repeating: 2, count: 32)))
        let gallery = try await fixture.opened(keys: WrappingKeys(current: first))
        for number in 0..<Self.identities { _ = try await gallery.put(identity(number), replacing: false, by: nil) }
        try await gallery.close()

        let both = try await fixture.opened(keys: WrappingKeys(current: second, previous: first))
        let reported = Mutex<[RekeyProgress]>([])
        try await both.rekey(by: nil) { progress in reported.withLock { $0.append(progress) } }
        let progress = reported.withLock { $0 }
        #expect(progress.map(\.done) == progress.map(\.done).sorted() && progress.count > 10)
        #expect(progress.dropLast().allSatisfy { !$0.isComplete } && progress.last?.isComplete == true)
        try await both.close()

        let again = try await fixture.opened(keys: WrappingKeys(current: second))
        let content = try #require(try await again.embeddings(of: .face))
        #expect(content.damage.isEmpty && content.embeddings.count == Self.identities * Self.samples)
        for enrolled in content.embeddings {
            let name = enrolled.sample.identity.text.dropFirst("person ".count)
            #expect(enrolled.embedding.values == [try #require(Float(name)), Float(enrolled.sample.number), 1])
        }
        #expect(try await again.check { _, _ in }.damage.isEmpty)
    }
}
