// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import LikenessInterface
import Testing
import Varlink

/// Identities that come from elsewhere.
@Suite struct ImportTests {
    /// The end of the year 9999.
    private static let latest = 253_402_300_799
    private static let earliest = -62_135_596_800

    private func bring(
        _ caller: Caller, enrolled: Int = 1, updated: Int = 1, sample: Int = 1
    ) async throws -> ImportIdentity.Reply {
        let sample = WireExportedSample(
            number: 1, enrolled: sample, image: try Pictures.base64(person: 9, picture: 1), kind: .crop, width: 32,
            height: 32,
            original: String(repeating: "0", count: 64), measurements: [], embeddings: [])
        let identity = WireExportedIdentity(
            name: "traveller", modality: .face, enrolled: enrolled, updated: updated, samples: [sample])
        return try await caller.client.call(ImportIdentity(identity: identity))
    }

    @Test(arguments: [earliest - 1, latest + 1, Int.max, Int.min])
    func `a time that nothing can have been enrolled at is refused`(time: Int) async throws {
        try await TestServer.run([PixelModel(version: 1)]) { server in
            let caller = try await server.connect()
            #expect(try await errorReply { try await bring(caller, enrolled: time) }.shortName == "InvalidParameter")
            #expect(try await errorReply { try await bring(caller, updated: time) }.shortName == "InvalidParameter")
            #expect(try await errorReply { try await bring(caller, sample: time) }.shortName == "InvalidParameter")
            #expect(try await server.gallery.counts() == GalleryCounts(identities: 0, samples: 0))
        }
    }

    @Test func `a picture that a gallery had kept is embedded by the face that it was kept for`() async throws {
        let model = try PixelModel(version: 1)
        try await TestServer.run([model]) { server in
            let reply = try await bring(server.connect())
            #expect(reply.reembedded == 1)
            #expect(model.valve.kept == 1)
        }
    }

    @Test func `the first and the last time that there is are kept`() async throws {
        try await TestServer.run([PixelModel(version: 1)]) { server in
            let caller = try await server.connect()
            #expect(try await bring(caller, enrolled: 0, updated: Self.latest, sample: Self.latest).result == .imported)
            let described = try await caller.describe("traveller")
            #expect(described.identity.enrolled == 0 && described.identity.updated == Self.latest)
            #expect(described.samples.map(\.enrolled) == [Self.latest])
        }
    }
}
