// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Testing

@Suite struct FileTests {
    private let fixture: GalleryFixture

    init() throws {
        fixture = try GalleryFixture()
    }

    private func mode(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func `only its owner can read a gallery`() async throws {
        try await fixture.opened().close()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: fixture.path)
        let gallery = try await fixture.opened()
        for suffix in ["", "-wal", "-shm", ".lock"] {
            #expect(try mode(of: fixture.path + suffix) == 0o600, "\(suffix)")
        }
        try await gallery.close()
    }

    @Test func `a gallery is held by one at a time`() async throws {
        let gallery = try await fixture.opened()
        await #expect(throws: GalleryError.inUse(path: fixture.path)) {
            try await SQLiteGallery.open(path: fixture.path)
        }
        #expect(try await gallery.counts().samples == 0)
    }

    @Test(arguments: GalleryKind.available) func `a closed gallery says so`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        try await gallery.close()
        await #expect(throws: GalleryError.closed) { try await gallery.counts() }
        await #expect(throws: GalleryError.closed) { try await gallery.activate(GalleryFixture.model) }
    }

    @Test func `a file that is no gallery is refused and left alone`() async throws {
        let text = Data(String(repeating: "these are notes, no database\n", count: 100).utf8)
        try text.write(to: URL(fileURLWithPath: fixture.path))
        await #expect {
            try await SQLiteGallery.open(path: fixture.path)
        } throws: { error in
            if case GalleryError.notAGallery = error { true } else { false }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.path)) == text)
    }

    @Test func `a gallery that cannot be made says where and why`() async throws {
        let path = fixture.folder + "/file/gallery.sqlite"
        _ = FileManager.default.createFile(atPath: fixture.folder + "/file", contents: nil)
        await #expect {
            try await SQLiteGallery.open(path: path)
        } throws: { error in
            if case GalleryError.cannotOpen(path, _) = error { true } else { false }
        }
    }
}
