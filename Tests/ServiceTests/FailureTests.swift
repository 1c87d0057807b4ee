// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Imaging
import LikenessInterface
import Service
import Testing
import Varlink

/// Every error that the interface declares, as a caller gets it.
@Suite struct FailureTests {
    private let model: PixelModel

    init() throws {
        model = try PixelModel()
    }

    @Test func `what is not there is named before the image is looked at`() async throws {
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            for call in [
                { try await caller.verify("nobody", "no image") as Any }, { try await caller.describe("nobody") },
                { try await caller.remove("nobody") }, { try await caller.remove("nobody", sample: 1) },
            ] {
                let error = try await errorReply(call)
                #expect(error.name == "io.likeness.Verification.NoSuchIdentity")
                #expect(error.parameters["identity"] == .string("nobody"))
                #expect(error.description.contains("enroll list"))
            }
            _ = try await caller.enroll("alice", Pictures.base64(person: 1))
            let error = try await errorReply { try await caller.remove("alice", sample: 2) }
            #expect(error.shortName == "NoSuchSample")
            #expect(error.parameters["sample"] == .int(2))
            #expect(model.valve.prepared == 1)
        }
    }

    @Test func `a sixth sample is refused before the image is looked at`() async throws {
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            for picture in 1...5 { _ = try await caller.enroll("alice", Pictures.base64(person: 1, picture: picture)) }
            let error = try await errorReply { try await caller.enroll("alice", "no image") }
            #expect(error.shortName == "TooManySamples")
            #expect(error.parameters["limit"] == .int(5))
            #expect(error.description.contains("remove one first"))
            #expect(model.valve.prepared == 5)
            _ = try await caller.remove("alice", sample: 1)
            #expect(try await caller.enroll("alice", Pictures.base64(person: 1, picture: 6)).sample == 6)
        }
    }

    @Test(arguments: ["", " alice", "a\u{0}b", String(repeating: "x", count: 129), "a\u{202E}b"])
    func `an impossible name is refused by every method that takes one`(_ name: String) async throws {
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            for call in [
                { try await caller.enroll(name, "") as Any }, { try await caller.verify(name, "") },
                { try await caller.describe(name) }, { try await caller.remove(name) },
            ] {
                let error = try await errorReply(call)
                #expect(error.shortName == "InvalidName")
                #expect(error.description.contains("this name cannot be used"))
            }
        }
    }

    @Test func `a file that is no picture is refused with its cause`() async throws {
        try await TestServer.run([model], configure: { $0.images.maximumFileBytes = 4096 }) { server in
            let caller = try await server.connect()
            let whole = try Pictures.image(person: 1).pngBytes()
            let files: [(String, cause: String)] = [
                ("", "empty"), ("%%%", "not_base64"), ("AAA\nAAAA", "not_base64"),
                (Data("GIF89a".utf8).base64EncodedString(), "unsupported_format"),
                (Data(whole.prefix(whole.count / 2)).base64EncodedString(), "truncated"),
                // More than is taken: refused by its length, though it is no base64 at all.
                (String(repeating: "!", count: 8192), "file_too_large"),
            ]
            for (image, cause) in files {
                let error = try await errorReply { try await caller.enroll("alice", image) }
                #expect(error.shortName == "ImageRejected")
                #expect(error.parameters["cause"] == .string(cause), "\(error)")
            }
            #expect(try await caller.list().identities.isEmpty)
        }
    }

    @Test func `a picture without a face, or with several, is refused; the largest may be asked for`() async throws {
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            let none = try Pictures.base64(Pictures.image(person: 1, faces: 0))
            let three = try Pictures.base64(Pictures.image(person: 1, faces: 3))
            #expect(try await errorReply { try await caller.enroll("alice", none) }.shortName == "NoFace")
            let several = try await errorReply { try await caller.enroll("alice", three) }
            #expect(several.shortName == "SeveralFaces")
            #expect(several.parameters["count"] == .int(3))
            #expect(try await caller.enroll("alice", three, largest: true).sample == 1)
            #expect(try await errorReply { try await caller.verify("alice", three) }.shortName == "SeveralFaces")
            #expect(try await caller.verify("alice", three, largest: true).result == .match)
        }
    }

    @Test func `a dark picture is not enrolled, and the measurement is told with its limit`() async throws {
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            let error = try await errorReply {
                try await caller.enroll("alice", Pictures.base64(Pictures.image(person: 1, light: 0.2)))
            }
            #expect(error.shortName == "LowQuality")
            #expect(error.description.contains("too dark"))
            guard case .array(let unacceptable) = error.parameters["unacceptable"],
                case .object(let first) = unacceptable.first
            else { throw FixtureError("no measurements") }
            #expect(first["quantity"] == .string("brightness"))
            #expect(first["minimum"] == .int(40))
            #expect(model.valve.batches.isEmpty)
            #expect(try await caller.status().samples == 0)
        }
    }

    @Test func `a sample of another modality is refused`() async throws {
        let glyphs = try PixelModel(modality: .glyph, version: 2)
        try await TestServer.run([model, glyphs]) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1))
            let error = try await errorReply { try await caller.enroll("alice", "no image", modality: "glyph") }
            #expect(error.shortName == "ModalityMismatch")
            #expect(error.parameters["identity"] == .string("alice"))
            let missing = try await errorReply { try await caller.enroll("bob", "no image", modality: "signature") }
            #expect(missing.shortName == "ModalityMismatch")
            #expect(missing.parameters["identity"] == nil)
            #expect(missing.description.contains("import one"))
            #expect(
                try await errorReply {
                    try await caller.client.call(
                        Enroll.name, ["identity": "bob", "image": "", "modality": "gait"],
                        returning: Enroll.Reply.self)
                } == .invalidParameter("modality"))
        }
    }

    @Test func `an identity whose model is not loaded can be listed and removed, and says what is missing`()
        async throws
    {
        let file = try GalleryFile(), glyphs = try PixelModel(modality: .glyph, version: 2)
        try await TestServer.run([model, glyphs], gallery: file) { server in
            _ = try await server.connect().enroll("aleph", Pictures.base64(person: 1), modality: "glyph")
        }
        try await TestServer.run([model], gallery: file) { server in
            let caller = try await server.connect()
            let error = try await errorReply { try await caller.verify("aleph", Pictures.base64(person: 1)) }
            // As where somebody would be enrolled: it is the daemon that lacks something, and no picture.
            #expect(error.shortName == "ModalityMismatch" && error.parameters["identity"] == nil)
            #expect(error.description.contains("glyph"))
            let other = try await errorReply {
                try await caller.enroll("bob", Pictures.base64(person: 1), modality: "glyph")
            }
            #expect(other == error)
            #expect(
                try await errorReply { try await caller.enroll("aleph", Pictures.base64(person: 1)) }.shortName
                    == "ModalityMismatch")
            #expect(try await caller.describe("aleph").model == glyphs.model.digest.hexadecimal)
            #expect(try await caller.remove("aleph").removed == 1)
            #expect(try await errorReply { try await caller.verify("aleph", "") }.shortName == "NoSuchIdentity")
        }
        try await TestServer.run([], gallery: file) { server in
            let caller = try await server.connect()
            #expect(try await errorReply { try await caller.enroll("bob", "") }.shortName == "ModalityMismatch")
            #expect(try await caller.list().identities.isEmpty)
        }
    }

    @Test func `an operating point that was not measured is refused, and those that were are listed`() async throws {
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1))
            for call in [
                { try await caller.verify("alice", "no image", at: 0.5) as Any },
                { try await caller.identify("no image", at: 0.5) },
            ] {
                let error = try await errorReply(call)
                #expect(error.shortName == "NoSuchOperatingPoint")
                #expect(error.parameters["available"] == .array([.double(0.01), .double(0.001), .double(0.0001)]))
            }
        }
    }

    @Test func `a gallery that fails is the daemon's own failure, and the journal has it`() async throws {
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            #expect(await server.service.selfCheck())
            try await server.gallery.close()
            let error = try await errorReply { try await caller.enroll("alice", Pictures.base64(person: 1)) }
            #expect(error.name == "io.likeness.Verification.Internal")
            #expect(error.description.contains("the gallery is closed"))
            #expect(try await caller.status().problem?.contains("the gallery is closed") == true)
            let entry = try #require(server.journal.entries.first { $0.level == .error })
            #expect(entry.message.contains("the gallery is closed"))
            #expect(entry.metadata["method"] == "Enroll")
            #expect(!(await server.service.selfCheck()))
        }
    }

    @Test func `a picture that the model cannot embed takes no other with it`() async throws {
        try await TestServer.run([model], configure: { $0.workers = 1 }) { server in
            let plain = try Pictures.base64(
                {
                    var image = RGBImage(width: 32, height: 32, repeating: RGB(red: 76, green: 76, blue: 76))
                    image[0, 0] = RGB(red: 255, green: 0, blue: 0)
                    return image
                }())
            let caller = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1))
            model.valve.close()
            let held = Task { try await server.connect().verify("alice", Pictures.base64(person: 1)) }
            try await eventually { model.valve.prepared == 2 }
            let others = (0..<4).map { index in
                Task {
                    try await server.connect().verify(
                        "alice", index == 1 ? plain : Pictures.base64(person: 1, picture: index))
                }
            }
            try await eventually { try await caller.status().queueLength == 4 }
            model.valve.open()
            #expect(try await held.value.result == .match)
            for (index, task) in others.enumerated() {
                if index == 1 {
                    #expect(try await errorReply { try await task.value }.shortName == "Internal")
                } else {
                    #expect(try await task.value.result == .match)
                }
            }
            #expect(model.valve.batches.contains(4))
        }
    }

    @Test func `the journal says who did what to whom and how it ended, and never holds an image`() async throws {
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            let image = try Pictures.base64(person: 1)
            _ = try await caller.enroll("alice", image)
            _ = try await caller.verify("alice", image)
            _ = try await errorReply { try await caller.remove("bob") }
            try await eventually { server.journal.entries.count { $0.metadata["method"] != nil } == 3 }
            let entries = server.journal.entries.filter { $0.metadata["method"] != nil }
            #expect(entries.map { $0.metadata["method"] } == ["Enroll", "Verify", "Remove"])
            #expect(entries.map { $0.metadata["identity"] } == ["alice", "alice", "bob"])
            #expect(entries.map { $0.metadata["result"] } == ["sample 1", "match", "NoSuchIdentity"])
            #expect(entries.map(\.level) == [.info, .info, .notice])
            for entry in entries {
                #expect(entry.metadata["uid"] == "\(geteuid())")
                #expect(entry.metadata["pid"] == "\(ProcessInfo.processInfo.processIdentifier)")
                #expect(entry.metadata["duration_ms"].flatMap(Int.init) != nil)
            }
            let text = server.journal.entries.map { $0.message + $0.metadata.values.joined() }.joined()
            #expect(!text.contains(image.prefix(40)))
        }
    }
}
