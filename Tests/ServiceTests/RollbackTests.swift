// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Service
import Testing
import Varlink

/// What a rollback, and a rotation before its end, must not lose or mix up.
@Suite struct RollbackTests {
    private let first: PixelModel
    private let second: PixelModel

    init() throws {
        first = try PixelModel(version: 1)
        second = try PixelModel(version: 2)
    }

    @Test func `a rollback that would lose whoever was enrolled since without a picture is refused and names them`()
        async throws
    {
        let file = try GalleryFile()
        try await TestServer.run([first], gallery: file, rotatingTo: [second]) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("kept", Pictures.base64(person: 1, picture: 1))
            #expect(try await caller.rotate("2").last?.phase == .activated)
        }
        var options = SQLGallery.Options()
        options.keepsSamples = false
        try await TestServer.run([second], gallery: file, rotatingTo: [first], options: options) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("newbie", Pictures.base64(person: 2, picture: 1))
            let error = try await errorReply { try await caller.rollBack() }
            #expect(
                error.shortName == "RotationImpossible" && error.parameters["identities"] == .array([.string("newbie")])
            )
            #expect(try await caller.verify("newbie", Pictures.base64(person: 2, picture: 2)).result == .match)
            _ = try await caller.remove("newbie")
            #expect(try await caller.rollBack().active.model.version == "1")
            #expect(
                try await caller.verify("kept", Pictures.base64(person: 1, picture: 2)).model
                    == first.model.digest.hexadecimal)
        }
    }

    @Test func `with a model before of two modalities a rollback has to be told which`() async throws {
        let signatures = (
            try PixelModel(modality: .signature, version: 3), try PixelModel(modality: .signature, version: 4)
        )
        try await TestServer.run([first, signatures.0], rotatingTo: [second, signatures.1]) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("face", Pictures.base64(person: 1, picture: 1))
            _ = try await caller.enroll("signature", Pictures.base64(person: 2, picture: 1), modality: "signature")
            #expect(try await caller.rotate("4").last?.phase == .activated)
            #expect(try await caller.rotate("2").last?.phase == .activated)
            let error = try await errorReply { try await caller.rollBack() }
            #expect(error.shortName == "RotationImpossible" && "\(error)".contains("face and signature"))
            #expect(try await caller.rollBack(.face).active.model.version == "1")
            #expect(
                try await caller.verify("signature", Pictures.base64(person: 2, picture: 2)).model
                    == signatures.1.model.digest.hexadecimal)
            #expect(
                try await caller.verify("face", Pictures.base64(person: 1, picture: 2)).model
                    == first.model.digest.hexadecimal)
        }
    }

    @Test func `while a rollback embeds what was enrolled since, others are enrolled, and nothing is pruned`()
        async throws
    {
        try await TestServer.run([first], rotatingTo: [second]) { server in
            let caller = try await server.connect(), other = try await server.connect()
            _ = try await caller.enroll("before", Pictures.base64(person: 1, picture: 1))
            #expect(try await caller.rotate("2").last?.phase == .activated)
            _ = try await caller.enroll("since", Pictures.base64(person: 2, picture: 1))
            first.valve.close()
            let passed = first.valve.prepared
            async let rolledBack = caller.rollBack()
            try await eventually { first.valve.prepared > passed }
            #expect(
                try await other.enroll("meanwhile", Pictures.base64(person: 3, picture: 1)).model
                    == second.model.digest.hexadecimal)
            let refusal = try await errorReply { try await other.prune() }
            #expect(refusal.shortName == "RotationRunning" && "\(refusal)".contains("rollback"))
            first.valve.open()
            #expect(try await rolledBack.active.samples == 3)
            #expect(
                try await other.verify("meanwhile", Pictures.base64(person: 3, picture: 2)).model
                    == first.model.digest.hexadecimal)
            #expect(try await other.prune().generations == 1)
        }
    }

    @Test func `a rotation tells how much there is to do before anything is done`() async throws {
        try await TestServer.run([first], rotatingTo: [second]) { server in
            let caller = try await server.connect()
            for person in 1...3 {
                _ = try await caller.enroll("person \(person)", Pictures.base64(person: person, picture: 1))
            }
            second.valve.close()
            _ = try await caller.beginRotation("2")
            try await eventually { second.valve.prepared > 0 }
            let rotation = try #require(try await caller.rotationStatus().rotation)
            #expect(rotation.done == 0 && rotation.total == 3)
            second.valve.open()
            try await eventually { try await caller.rotationStatus().rotation?.phase == .activated }
        }
    }

    @Test func `whoever follows a rotation hears of its own end, though another has begun since`() async throws {
        let third = try PixelModel(version: 3)
        try await TestServer.run([first], rotatingTo: [second, third]) { server in
            let caller = try await server.connect(), other = try await server.connect()
            for person in 1...3 {
                _ = try await caller.enroll("person \(person)", Pictures.base64(person: person, picture: 1))
            }
            second.valve.close()
            async let followed = caller.rotate("2", dryRun: true)
            try await eventually { second.valve.prepared > 0 }
            third.valve.close()
            second.valve.open()
            // Begun as soon as the first is over, well within the time between two looks of the one that follows it.
            while (try? await other.beginRotation("3")) == nil { try await Task.sleep(for: .milliseconds(1)) }
            #expect(try await followed.last?.phase == .measured)
            #expect(try await followed.allSatisfy { $0.to.version == "2" })
            third.valve.open()
            try await eventually { try await other.rotationStatus().rotation?.phase == .activated }
        }
    }

    @Test func `a model whose package goes while it embeds is not activated`() async throws {
        let folder = ModelFolder()
        folder.add(second)
        try await TestServer.run([first], folder: folder) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1, picture: 1))
            second.valve.close()
            _ = try await caller.beginRotation("2")
            try await eventually { second.valve.prepared > 0 }
            folder.empty()
            second.valve.open()
            try await eventually { try await caller.rotationStatus().rotation?.phase == .failed }
            #expect(
                try await caller.verify("alice", Pictures.base64(person: 1, picture: 2)).model
                    == first.model.digest.hexadecimal)
            #expect(try await caller.rotationStatus().generations.map(\.state) == [.active])
        }
    }
}
