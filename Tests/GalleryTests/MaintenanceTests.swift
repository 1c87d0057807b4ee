// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import ProgramHarness
import Testing

@Suite struct MaintenanceTests {
    private let names: [IdentityName]

    init() throws {
        names = try ["alice", "bob", "carl"].map { try IdentityName($0) }
    }

    private func enrolled(_ fixture: GalleryFixture) async throws -> SQLGallery {
        let gallery = try await fixture.opened()
        for (place, name) in names.enumerated() {
            for number in 1...2 {
                _ = try await gallery.enroll(
                    GalleryFixture.sample(
                        [Float(place), Float(number), 1], image: [UInt8](repeating: UInt8(number), count: 300)),
                    as: name, modality: .face, by: nil)
            }
        }
        return gallery
    }

    @Test(arguments: GalleryKind.available)
    func `a damaged embedding costs that sample alone, is named, and can be made again`(kind: GalleryKind) async throws
    {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture)
        try await gallery.close()
        try fixture.run("UPDATE embedding SET sealed = zeroblob(length(sealed)) WHERE sample_id = 3")
        let again = try await fixture.opened()
        let content = try #require(try await again.embeddings(of: .face))
        #expect(content.embeddings.count == 5)
        #expect(content.damage.map(\.identity) == [names[1]] && content.damage.map(\.sample) == [1])
        let check = try await again.check { _, _ in }
        #expect(check.damage.map(\.kind) == [.embedding])
        #expect(check.damage.first?.what.contains("sample 1 of “bob”") == true)
        #expect(try await again.repair(by: nil).map(\.identity) == [names[1]])
        #expect(try await again.counts() == GalleryCounts(identities: 3, samples: 6))
        let generation = try #require(try await again.activeGenerations().first)
        let pending = try await again.pendingSamples(in: generation.id, after: 0, limit: 10)
        #expect(pending.map(\.reference) == [SampleReference(identity: names[1], number: 1)])
        try await again.store(
            [(sample: pending[0].id, outcome: .embedded(GalleryFixture.embedding([1, 1, 1])))], in: generation.id)
        #expect(try await again.embeddings(of: .face)?.damage.isEmpty == true)
        #expect(try await again.check { _, _ in }.damage.isEmpty)
    }

    @Test(
        arguments: GalleryKind.available,
        [
            ("UPDATE image SET sealed = zeroblob(40) WHERE sample_id = 2", GalleryDamage.Kind.image, 3, 6),
            ("UPDATE sample SET sealed = zeroblob(40) WHERE id = 2", .sample, 3, 5),
            ("DELETE FROM sample WHERE id = 2", .sample, 3, 5),
            ("UPDATE identity SET sealed = zeroblob(40) WHERE id = 2", .identity, 2, 4),
            ("UPDATE identity SET name_hash = zeroblob(32) WHERE id = 2", .identity, 2, 4),
        ]) func `a repair removes what is damaged and nothing else`(
            database: GalleryKind, damage: (statement: String, kind: GalleryDamage.Kind, identities: Int, samples: Int)
        ) async throws
    {
        let fixture = try GalleryFixture(database)
        let gallery = try await enrolled(fixture)
        try await gallery.close()
        try fixture.run(damage.statement, keepingReferences: true)
        let again = try await fixture.opened()
        #expect(try await again.check { _, _ in }.damage.map(\.kind) == [damage.kind])
        #expect(try await again.repair(by: nil).map(\.kind) == [damage.kind])
        #expect(try await again.check { _, _ in }.damage.isEmpty)
        #expect(try await again.counts() == GalleryCounts(identities: damage.identities, samples: damage.samples))
        #expect(try await again.identities().count == damage.identities)
        #expect(try await again.repair(by: nil).isEmpty)
    }

    @Test(arguments: GalleryKind.available) func `an identity that is gone from the file is missed`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture)
        try await gallery.close()
        try fixture.run("DELETE FROM identity WHERE id = 1", keepingReferences: true)
        let again = try await fixture.opened()
        await #expect(throws: GalleryError.self) { try await again.identities() }
        #expect(try await again.embeddings(of: .face)?.damage.map(\.kind) == [.structure])
        #expect(try await again.repair(by: nil).map(\.kind) == [.structure])
        #expect(try await again.identities().count == 2)
    }

    @Test func `a backup that is made amid enrolments is a whole gallery under the same key`() async throws {
        let fixture = try GalleryFixture()
        let gallery = try await enrolled(fixture)
        let path = fixture.folder + "/backup.sqlite"
        async let backup: Void = gallery.backUp(to: path, by: nil)
        for number in 0..<20 {
            _ = try await gallery.enroll(
                GalleryFixture.sample(), as: IdentityName("later \(number)"), modality: .face, by: nil)
        }
        try await backup
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let copy = try await SQLiteGallery.open(path: path)
        #expect(try await copy.check { _, _ in }.damage.isEmpty)
        #expect(try await copy.identities().count >= 3)
        try await copy.close()
        await #expect(throws: GalleryError.self) { try await gallery.backUp(to: path, by: nil) }
    }

    @Test(arguments: GalleryKind.available)
    func `an identity that is taken out can be put into another gallery, with its times and numbers`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture)
        _ = try await gallery.removeSample(1, of: names[0], by: nil)
        let content = try #require(try await gallery.content(of: names[0]))
        #expect(content.samples.map(\.sample.number) == [2])
        let other = try GalleryFixture(GalleryKind.available.last { $0 != kind } ?? kind)
        let second = try await other.opened()
        #expect(try await second.put(content, replacing: false, by: nil) == .imported)
        let copy = try #require(try await second.content(of: names[0]))
        #expect(copy.samples.map(\.sample) == content.samples.map(\.sample))
        #expect(copy.samples.map(\.image) == content.samples.map(\.image))
        #expect(copy.samples.map(\.outcomes) == content.samples.map(\.outcomes))
        #expect(copy.enrolled == content.enrolled)
        await #expect(throws: GalleryError.identityExists(names[0])) {
            try await second.put(content, replacing: false, by: nil)
        }
        #expect(try await second.put(content, replacing: true, by: nil) == .replaced)
        #expect(try await second.counts() == GalleryCounts(identities: 1, samples: 1))
        #expect(try await second.check { _, _ in }.damage.isEmpty)
        #expect(
            try await second.enroll(GalleryFixture.sample(), as: names[0], modality: .face, by: nil).sample.number == 3)
    }

    /// Flips bits all over the file, page by page. Whatever is read afterwards is what was written, or an error.
    @Test func `flipped bits on any page are an error and never another answer`() async throws {
        let fixture = try GalleryFixture()
        let gallery = try await enrolled(fixture)
        let truth = try #require(try await gallery.embeddings(of: .face)).embeddings
        let identities = try await gallery.identities()
        try await gallery.close()
        let whole = try Data(contentsOf: URL(fileURLWithPath: fixture.path))
        var random = SeededGenerator(seed: 4)
        var detected = 0, harmless = 0
        for page in 0..<whole.count / 4096 {
            for _ in 0..<4 {
                var file = whole
                let place = page * 4096 + Int(random.next() % 4096)
                file[place] ^= 1 << UInt8(random.next() % 8)
                for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: fixture.path + suffix) }
                try file.write(to: URL(fileURLWithPath: fixture.path))
                do {
                    let damaged = try await SQLiteGallery.open(path: fixture.path)
                    var isDetected = try await !damaged.check { _, _ in }.damage.isEmpty
                    if let content = try await damaged.embeddings(of: .face) {
                        #expect(Set(content.embeddings).isSubset(of: truth), "byte \(place)")
                        if content.embeddings != truth {
                            isDetected = true
                            #expect(!content.damage.isEmpty, "byte \(place)")
                        }
                    } else {
                        // The generation is not found where its own row is damaged: the check has to say so.
                        #expect(isDetected, "byte \(place)")
                    }
                    if let listed = try? await damaged.identities() {
                        #expect(listed == identities, "byte \(place)")
                    } else {
                        isDetected = true
                    }
                    if isDetected { detected += 1 } else { harmless += 1 }
                    try await damaged.close()
                } catch {
                    detected += 1
                }
            }
        }
        #expect(detected > 0)
        #expect(detected + harmless == whole.count / 4096 * 4)
    }
}
