// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import LikenessInterface
import Service
import Testing
import Varlink

/// What a service does about its gallery's files.
@Suite struct GalleryFilesTests {
    private let model: PixelModel

    init() throws {
        model = try PixelModel()
    }

    @Test
    func
        `nobody is enrolled while the gallery's file is not in its place, comparing goes on, and status and the journal say it`()
        async throws
    {
        try await TestServer.run([model]) { server in
            let caller = try await server.connect(), elsewhere = server.galleryPath + ".elsewhere"
            _ = try await caller.enroll("bob", Pictures.base64(person: 2))
            #expect(await server.service.selfCheck())
            #expect(try await caller.status().problem == nil)
            try FileManager.default.moveItem(atPath: server.galleryPath, toPath: elsewhere)

            let error = try await errorReply { try await caller.enroll("alice", Pictures.base64(person: 1)) }
            #expect(error.name == "io.likeness.Verification.Internal")
            #expect(
                error.description.contains("moved, removed or replaced")
                    && error.description.contains(server.galleryPath))
            #expect(try await errorReply { try await caller.remove("bob") }.shortName == "Internal")
            #expect(try await caller.verify("bob", Pictures.base64(person: 2)).result == .match)
            #expect(
                try await errorReply { try await caller.verify("alice", Pictures.base64(person: 1)) }.shortName
                    == "NoSuchIdentity")
            #expect(
                try await caller.identify(Pictures.base64(person: 1)).candidates.allSatisfy { $0.identity != "alice" })
            #expect(try await caller.list().identities.map(\.name) == ["bob"])
            // A restart would begin with nothing: the watchdog is not what is to help.
            #expect(await server.service.selfCheck())
            #expect(await server.service.selfCheck())
            #expect(try await caller.status().problem?.contains("moved, removed or replaced") == true)
            #expect(server.service.problem?.contains("moved, removed or replaced") == true)
            #expect(server.journal.entries.filter { $0.level == .critical }.count == 1)

            try FileManager.default.moveItem(atPath: elsewhere, toPath: server.galleryPath)
            _ = try await caller.enroll("alice", Pictures.base64(person: 1))
            #expect(try await caller.verify("alice", Pictures.base64(person: 1)).result == .match)
            #expect(try await caller.status().problem == nil)
        }
    }

    private struct ReaderGone: Error {}

    @Test
    func
        `a backup is refused while another is sent to somebody who does not read it, and leaves no copy however it ends`()
        async throws
    {
        let (reading, reader) = AsyncStream.makeStream(of: Void.self),
            (sending, isSending) = AsyncStream.makeStream(of: Void.self)
        try await TestServer.run([model]) { server in
            _ = try await server.connect().enroll("bob", Pictures.base64(person: 2))
            func backUp(_ send: @escaping @Sendable () async throws -> Void) async throws {
                let text = try MessageCoding.bytes(
                    CallMessage(method: "Backup", parameters: [String: String](), more: true))
                let admin = server.service.handlers[1]
                let call = try VarlinkCall(
                    try #require(text.getSlice(at: 0, length: text.readableBytes - 1)), to: admin,
                    from: PeerCredentials(processID: getpid(), userID: geteuid(), groupID: getegid())
                ) { _ in try await send() }
                try await admin.handle(call)
            }
            func copies() throws -> [String] {
                try FileManager.default.contentsOfDirectory(
                    atPath: (server.galleryPath as NSString).deletingLastPathComponent
                )
                .filter { $0.contains(".backup-") }
            }
            let unread = Task {
                try await backUp {
                    isSending.yield()
                    for await _ in reading { return }
                    throw ReaderGone()
                }
            }
            for await _ in sending { break }
            #expect(try copies().isEmpty)
            for _ in 0..<3 {
                let error = try await errorReply { try await backUp {} }
                #expect(error.name == "io.likeness.Verification.Busy" && error.description.contains("another backup"))
            }
            // Nothing else is held up.
            _ = try await server.connect().enroll("alice", Pictures.base64(person: 1))
            reader.finish()
            await #expect(throws: ReaderGone.self) { try await unread.value }
            #expect(try copies().isEmpty)
            try await backUp {}
            #expect(try copies().isEmpty)
        }
    }
}
