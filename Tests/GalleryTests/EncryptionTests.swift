// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Testing

@Suite struct EncryptionTests {
    private let alice: IdentityName

    init() throws {
        alice = try IdentityName("alice of the looking glass")
    }

    private func key(_ byte: UInt8) throws -> WrappingKey {
        try #require(WrappingKey(bytes: [UInt8](repeating: byte, count: 32)))
    }

    private static let image = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 0x5A, count: 9000)
    private static let values: [Float] = [0.123456, -7.654321, 42.4242]
    private static let vector = values.flatMap { value in
        (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }

    @Test(arguments: GalleryKind.available, [true, false]) func `no name, image or vector is legible in what is stored`(
        kind: GalleryKind, isKeyed: Bool
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened(keys: isKeyed ? WrappingKeys(current: key(7)) : .none)
        let sample = try GalleryFixture.sample(Self.values, image: Self.image)
        _ = try await gallery.enroll(sample, as: alice, modality: .face, by: nil)
        #expect(try !fixture.holds(Array(alice.text.utf8)))
        #expect(try !fixture.holds(Array(Self.image.prefix(8))))
        #expect(try !fixture.holds([UInt8](repeating: 0x5A, count: 64)))
        #expect(try !fixture.holds(Self.vector))
        #expect(try !fixture.holds(Array("\u{1}".utf8) + Self.vector))
        #expect(try await gallery.image(of: SampleReference(identity: alice, number: 1)) == Self.image)
        try await gallery.close()
        #expect(try !fixture.holds([UInt8](repeating: 7, count: 32)))
    }

    @Test func `what was sealed is gone from the files after a removal`() async throws {
        let fixture = try GalleryFixture()
        let gallery = try await fixture.opened(keys: WrappingKeys(current: key(7)))
        let before = try fixture.stored()
        _ = try await gallery.enroll(
            GalleryFixture.sample(Self.values, image: Self.image), as: alice, modality: .face, by: nil)
        // The sealed image is the longest stretch that the enrolment wrote: some of it stands for all.
        let enrolled = try fixture.stored()
        var stretches: [Data] = []
        for start in stride(from: 2048, to: enrolled.count - 64, by: 4096) {
            let stretch = Data(enrolled[start..<start + 64])
            if Set(stretch).count > 40, before.range(of: stretch) == nil { stretches.append(stretch) }
        }
        #expect(stretches.count >= 2)
        _ = try await gallery.remove(alice, by: nil)
        let after = try fixture.stored()
        for stretch in stretches { #expect(after.range(of: stretch) == nil) }
        #expect(try await gallery.details(of: alice) == nil)
    }

    @Test(arguments: GalleryKind.available)
    func `a gallery does not open without its key or with another, and is not touched`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        let right = try key(7), wrong = try key(8)
        let gallery = try await fixture.opened(keys: WrappingKeys(current: right))
        _ = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        try await gallery.close()
        let before = try fixture.stored()
        await #expect(throws: GalleryError.keyMissing(needed: right.id.description)) { try await fixture.opened() }
        await #expect(throws: GalleryError.keyWrong(needed: right.id.description, offered: [wrong.id.description])) {
            try await fixture.opened(keys: WrappingKeys(current: wrong))
        }
        #expect(try fixture.stored() == before)
        let again = try await fixture.opened(keys: WrappingKeys(current: wrong, previous: right))
        #expect(try await again.details(of: alice) != nil)
    }

    @Test(arguments: GalleryKind.available)
    func `a rekey seals everything under the other key, and the one before is needed no more`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let first = try key(7), second = try key(8)
        let gallery = try await fixture.opened(keys: WrappingKeys(current: first))
        for number in 0..<20 {
            _ = try await gallery.enroll(
                GalleryFixture.sample([Float(number), 1, 2], image: Self.image), as: IdentityName("person \(number)"),
                modality: .face, by: nil)
        }
        try await gallery.close()
        let both = try await fixture.opened(keys: WrappingKeys(current: second, previous: first))
        #expect(try await both.encryption().needsRekey)
        try await both.rekey(by: nil) { _ in }
        #expect(
            try await both.encryption() == GalleryEncryption(keys: [second.id], isComplete: true, configured: second.id)
        )
        _ = try await both.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        try await both.close()
        let again = try await fixture.opened(keys: WrappingKeys(current: second))
        #expect(try await again.identities().count == 21)
        #expect(try await again.embeddings(of: .face)?.embeddings.count == 21)
        #expect(try await again.image(of: SampleReference(identity: IdentityName("person 3"), number: 1)) == Self.image)
        #expect(try await again.check { _, _ in }.damage.isEmpty)
        #expect(try await again.verifyAudit().problem == nil)
    }

    @Test(arguments: GalleryKind.available)
    func `a gallery that was not encrypted is after a rekey, and its key is gone from the file`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        _ = try await gallery.enroll(GalleryFixture.sample(image: Self.image), as: alice, modality: .face, by: nil)
        #expect(try await !gallery.encryption().isComplete)
        let rows = try fixture.run("SELECT hex(wrapped) FROM data_key")
        try await gallery.close()
        let bytes = try #require(rows.first).bytesOfHexadecimalDigits
        #expect(try fixture.holds(bytes))
        let keyed = try await fixture.opened(keys: WrappingKeys(current: key(9), acceptsUnencrypted: true))
        try await keyed.rekey(by: nil) { _ in }
        #expect(try await keyed.encryption().isComplete)
        #expect(try await keyed.image(of: SampleReference(identity: alice, number: 1)) == Self.image)
        #expect(try !fixture.holds(bytes))
    }

    @Test(arguments: GalleryKind.available) func `rows that were swapped do not open`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened(keys: WrappingKeys(current: key(7)))
        let bob = try IdentityName("bob")
        _ = try await gallery.enroll(GalleryFixture.sample([1, 0, 0], image: [1]), as: alice, modality: .face, by: nil)
        _ = try await gallery.enroll(GalleryFixture.sample([0, 1, 0], image: [2]), as: bob, modality: .face, by: nil)
        try await gallery.close()
        for table in ["embedding", "image"] {
            try fixture.run(
                """
                CREATE TEMP TABLE swap AS SELECT sample_id, sealed FROM \(table);
                UPDATE \(table) SET sealed = (SELECT sealed FROM swap WHERE swap.sample_id = 3 - \(table).sample_id);
                """)
        }
        let again = try await fixture.opened(keys: WrappingKeys(current: key(7)))
        let content = try #require(try await again.embeddings(of: .face))
        #expect(content.embeddings.isEmpty)
        #expect(Set(content.damage.compactMap(\.identity)) == [alice, bob])
        await #expect(throws: GalleryError.self) {
            try await again.image(of: SampleReference(identity: bob, number: 1))
        }
        #expect(try await again.check { _, _ in }.damage.count == 4)
    }

    @Test func `a key file is read only where nobody else could read or change it`() throws {
        let fixture = try GalleryFixture()
        let path = fixture.folder + "/key"
        let digits = String(repeating: "0a", count: 32)
        try Data((digits + "\n").utf8).write(to: URL(fileURLWithPath: path))
        chmod(path, 0o600)
        #expect(try WrappingKey.read(path).id == WrappingKey(bytes: [UInt8](repeating: 10, count: 32))?.id)
        chmod(path, 0o640)
        #expect(throws: WrappingKey.FileProblem.openToOthers(path: path, mode: 0o640)) { try WrappingKey.read(path) }
        #expect(try WrappingKey.read(path, isHandedOver: true).id.description.count == 16)
        chmod(path, 0o600)
        let link = fixture.folder + "/link"
        symlink(path, link)
        #expect(throws: WrappingKey.FileProblem.notAFile(path: link)) { try WrappingKey.read(link) }
        for content in ["", "00", digits + "00", digits.replacingOccurrences(of: "a", with: "g")] {
            try Data(content.utf8).write(to: URL(fileURLWithPath: path))
            chmod(path, 0o600)
            #expect(throws: WrappingKey.FileProblem.malformed(path: path)) { try WrappingKey.read(path) }
        }
    }
}
