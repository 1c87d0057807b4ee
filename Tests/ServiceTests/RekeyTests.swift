// SPDX-License-Identifier: Apache-2.0

import Gallery
import LikenessInterface
import Testing
import Varlink

/// Sealing a gallery anew, asked for on the wire.
@Suite struct RekeyTests {
    private func rekey(_ server: TestServer) async throws -> Rekey.Reply {
        try await server.connect().client.call(Rekey())
    }

    @Test func `without a key it is an error, and nothing is changed`() async throws {
        try await TestServer.run([try PixelModel()]) { server in
            let before = try await server.gallery.encryption()
            let error = try await errorReply { try await rekey(server) }
            #expect(error.name == "io.likeness.Admin.NotSupported")
            #expect(error.description.contains("gallery.key_file"), "\(error)")
            #expect(try await server.gallery.encryption() == before)
            #expect(try await !server.gallery.auditTrail(AuditQuery(limit: 100)).contains { $0.action == .rekey })
        }
    }

    @Test func `with one everything is sealed under it`() async throws {
        var options = SQLGallery.Options()
        let key: WrappingKey = try #require(WrappingKey(bytes: Array(repeating: 7, count: WrappingKey.byteCount)))
        options.keys = WrappingKeys(current: key)
        try await TestServer.run([try PixelModel()], options: options) { server in
            _ = try await server.connect().enroll("alice", Pictures.base64(person: 1, picture: 1))
            let reply = try await rekey(server)
            #expect(reply.done == reply.total && reply.total > 0)
            #expect(reply.key == key.id.description)
        }
    }
}
