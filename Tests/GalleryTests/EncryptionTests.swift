import Biometrics
import Foundation
import Gallery
import Testing

@Suite struct EncryptionTests {
    private let fixture: GalleryFixture
    private let alice: IdentityName

    init() throws {
        fixture = try GalleryFixture()
        alice = try IdentityName("alice of the looking glass")
    }

    private func key(_ byte: UInt8) throws -> WrappingKey {
        try #require(WrappingKey(bytes: [UInt8](repeating: byte, count: 32)))
    }

    private var files: Data {
        get throws {
            try ["", "-wal"].reduce(into: Data()) { data, suffix in
                let path = fixture.path + suffix
                if FileManager.default.fileExists(atPath: path) { data.append(try Data(contentsOf: URL(fileURLWithPath: path))) }
            }
        }
    }

    private func holds(_ bytes: [UInt8]) throws -> Bool { try files.range(of: Data(bytes)) != nil }

    private static let image = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 0x5A, count: 9000)
    private static let values: [Float] = [0.123456, -7.654321, 42.4242]
    private static let vector = values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }

    @Test(arguments: [true, false]) func `no name, image or vector is legible in the files`(isKeyed: Bool) async throws {
        let gallery = try await fixture.opened(keys: isKeyed ? WrappingKeys(current: key(7)) : .none)
        let sample = try GalleryFixture.sample(Self.values, image: Self.image)
        _ = try await gallery.enrol(sample, as: alice, modality: .face, by: nil)
        #expect(try !holds(Array(alice.text.utf8)))
        #expect(try !holds(Array(Self.image.prefix(8))))
        #expect(try !holds([UInt8](repeating: 0x5A, count: 64)))
        #expect(try !holds(Self.vector))
        #expect(try !holds(Array("\u{1}".utf8) + Self.vector))
        #expect(try await gallery.image(of: SampleReference(identity: alice, number: 1)) == Self.image)
        try await gallery.close()
        #expect(try !holds([UInt8](repeating: 7, count: 32)))
    }

    @Test func `what was sealed is gone from the files after a removal`() async throws {
        let gallery = try await fixture.opened(keys: WrappingKeys(current: key(7)))
        let before = try files
        _ = try await gallery.enrol(GalleryFixture.sample(Self.values, image: Self.image), as: alice, modality: .face, by: nil)
        // The sealed image is the longest stretch that the enrolment wrote: some of it stands for all.
        let enrolled = try files
        var stretches: [Data] = []
        for start in stride(from: 2048, to: enrolled.count - 64, by: 4096) {
            let stretch = Data(enrolled[start..<start + 64])
            if Set(stretch).count > 40, before.range(of: stretch) == nil { stretches.append(stretch) }
        }
        #expect(stretches.count >= 2)
        _ = try await gallery.remove(alice, by: nil)
        let after = try files
        for stretch in stretches { #expect(after.range(of: stretch) == nil) }
        #expect(try await gallery.details(of: alice) == nil)
    }

    @Test func `a gallery does not open without its key or with another, and is not touched`() async throws {
        let right = try key(7), wrong = try key(8)
        let gallery = try await fixture.opened(keys: WrappingKeys(current: right))
        _ = try await gallery.enrol(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        try await gallery.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: fixture.path))
        await #expect(throws: GalleryError.keyMissing(needed: right.id.description)) { try await fixture.opened() }
        await #expect(throws: GalleryError.keyWrong(needed: right.id.description, offered: [wrong.id.description])) {
            try await fixture.opened(keys: WrappingKeys(current: wrong))
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.path)) == before)
        let again = try await fixture.opened(keys: WrappingKeys(current: wrong, previous: right))
        #expect(try await again.details(of: alice) != nil)
    }

    @Test func `a rekey seals everything under the other key, and the one before is needed no more`() async throws {
        let first = try key(7), second = try key(8)
        let gallery = try await fixture.opened(keys: WrappingKeys(current: first))
        for number in 0..<20 {
            _ = try await gallery.enrol(
                GalleryFixture.sample([Float(number), 1, 2], image: Self.image), as: IdentityName("person \(number)"), modality: .face, by: nil)
        }
        try await gallery.close()
        let both = try await fixture.opened(keys: WrappingKeys(current: second, previous: first))
        #expect(try await both.encryption().needsRekey)
        try await both.rekey(by: nil) { _ in }
        #expect(try await both.encryption() == GalleryEncryption(keys: [second.id], isComplete: true, configured: second.id))
        _ = try await both.enrol(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        try await both.close()
        let again = try await fixture.opened(keys: WrappingKeys(current: second))
        #expect(try await again.identities().count == 21)
        #expect(try await again.embeddings(of: .face)?.embeddings.count == 21)
        #expect(try await again.image(of: SampleReference(identity: IdentityName("person 3"), number: 1)) == Self.image)
        #expect(try await again.check { _, _ in }.damage.isEmpty)
        #expect(try await again.verifyAudit().problem == nil)
    }

    @Test func `a gallery that was not encrypted is after a rekey, and its key is gone from the file`() async throws {
        let gallery = try await fixture.opened()
        _ = try await gallery.enrol(GalleryFixture.sample(image: Self.image), as: alice, modality: .face, by: nil)
        #expect(try await !gallery.encryption().isComplete)
        let rows = try sqlite("SELECT hex(wrapped) FROM data_key")
        try await gallery.close()
        let bytes = try #require(rows.first).bytesOfHexadecimalDigits
        #expect(try holds(bytes))
        let keyed = try await fixture.opened(keys: WrappingKeys(current: key(9)))
        try await keyed.rekey(by: nil) { _ in }
        #expect(try await keyed.encryption().isComplete)
        #expect(try await keyed.image(of: SampleReference(identity: alice, number: 1)) == Self.image)
        #expect(try !holds(bytes))
    }

    @Test func `rows that were swapped do not open`() async throws {
        let gallery = try await fixture.opened(keys: WrappingKeys(current: key(7)))
        let bob = try IdentityName("bob")
        _ = try await gallery.enrol(GalleryFixture.sample([1, 0, 0], image: [1]), as: alice, modality: .face, by: nil)
        _ = try await gallery.enrol(GalleryFixture.sample([0, 1, 0], image: [2]), as: bob, modality: .face, by: nil)
        try await gallery.close()
        for table in ["embedding", "image"] {
            _ = try sqlite("""
                CREATE TEMP TABLE swap AS SELECT sample_id, sealed FROM \(table);
                UPDATE \(table) SET sealed = (SELECT sealed FROM swap WHERE swap.sample_id = 3 - \(table).sample_id);
                """)
        }
        let again = try await fixture.opened(keys: WrappingKeys(current: key(7)))
        let content = try #require(try await again.embeddings(of: .face))
        #expect(content.embeddings.isEmpty)
        #expect(Set(content.damage.compactMap(\.identity)) == [alice, bob])
        await #expect(throws: GalleryError.self) { try await again.image(of: SampleReference(identity: bob, number: 1)) }
        #expect(try await again.check { _, _ in }.damage.count == 4)
    }

    @Test func `a key file is read only where nobody else could read or change it`() throws {
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

    /// What the program sqlite3 would say, with Python's.
    private func sqlite(_ statements: String) throws -> [String] {
        try SQLiteProgram.run(statements, on: fixture.path)
    }
}

extension String {
    fileprivate var bytesOfHexadecimalDigits: [UInt8] {
        let digits = Array(self)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }
}
