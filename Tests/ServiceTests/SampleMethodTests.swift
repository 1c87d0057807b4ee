// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import LikenessInterface
import PostgreSQLHarness
import Service
import Testing
import Varlink

/// EnrollSamples, CheckSample and MoveSample.
@Suite struct SampleMethodTests {
    private func images(_ person: Int, _ pictures: ClosedRange<Int>) throws -> [String] {
        try pictures.map { try Pictures.base64(person: person, picture: $0) }
    }

    // MARK: Several samples at once

    @Test func `several pictures are enrolled in one step and compared at once`() async throws {
        try await TestServer.run([PixelModel()]) { server in
            let caller = try await server.connect()
            let reply = try await caller.client.call(EnrollSamples(identity: "alice", images: images(1, 1...3)))
            #expect(reply.identity == "alice" && reply.samples == 3 && reply.enrolled.map(\.sample) == [1, 2, 3])
            #expect(reply.enrolled.allSatisfy { $0.warnings.isEmpty && !$0.measurements.isEmpty })
            #expect(try await caller.verify("alice", Pictures.base64(person: 1, picture: 8)).result == .match)
            #expect(try await caller.describe("alice").samples.count == 3)
        }
    }

    @Test func `one picture that is refused keeps the others out, and the message says which`() async throws {
        try await TestServer.run([PixelModel()]) { server in
            let caller = try await server.connect()
            let several = try Pictures.base64(Pictures.image(person: 1, faces: 2))
            let dark = try Pictures.base64(Pictures.image(person: 1, light: 0.1))
            for (bad, name, words) in [
                (several, "SeveralFaces", "image 2"), (dark, "LowQuality", "brightness"),
                ("!", "ImageRejected", "image 2"),
            ] {
                let error = try await errorReply {
                    try await caller.client.call(
                        EnrollSamples(identity: "alice", images: images(1, 1...1) + [bad] + images(1, 2...2)))
                }
                #expect(error.shortName == name && "\(error)".contains(words), "\(error)")
            }
            #expect(try await errorReply { try await caller.describe("alice") }.shortName == "NoSuchIdentity")
            _ = try await caller.client.call(EnrollSamples(identity: "alice", images: images(1, 1...3)))
            let error = try await errorReply {
                try await caller.client.call(EnrollSamples(identity: "alice", images: images(1, 4...6)))
            }
            #expect(error.shortName == "TooManySamples")
            #expect(try await caller.describe("alice").samples.count == 3)
            for count in [0, 6] {
                let error = try await errorReply {
                    try await caller.client.call(
                        EnrollSamples(identity: "bob", images: [String](repeating: images(2, 1...1)[0], count: count)))
                }
                #expect(error == .invalidParameter("images"))
            }
        }
    }

    @Test func `a picture of somebody else among those of one call is warned of, as one enrolled before would be`()
        async throws
    {
        try await TestServer.run([PixelModel()]) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("bob", Pictures.base64(person: 2, picture: 1))
            let reply = try await caller.client.call(
                EnrollSamples(identity: "alice", images: images(1, 1...2) + images(2, 2...2)))
            #expect(reply.enrolled.map { $0.warnings.map(\.kind) } == [[], [], [.nearIdentity, .unlikeOwnSamples]])
        }
    }

    // MARK: A look without an enrolment

    @Test func `a check answers what an enrolment would, and enrols nothing`() async throws {
        try await TestServer.run([PixelModel()]) { server in
            let caller = try await server.connect()
            let good = try await caller.client.call(
                CheckSample(identity: "alice", image: Pictures.base64(person: 1, picture: 1)))
            #expect(good.modality == .face && !good.measurements.isEmpty)
            for image in [
                try Pictures.base64(Pictures.image(person: 1, faces: 0)),
                try Pictures.base64(Pictures.image(person: 1, faces: 2)),
                try Pictures.base64(Pictures.image(person: 1, light: 0.1)), "!",
            ] {
                let checked = try await errorReply {
                    try await caller.client.call(CheckSample(identity: "alice", image: image))
                }
                let enrolled = try await errorReply { try await caller.enroll("alice", image) }
                #expect(checked == enrolled)
            }
            #expect(try await caller.list().identities.isEmpty)
            #expect(try await server.gallery.auditTrail(AuditQuery(limit: 9)).map(\.action) == [.activateModel])
            _ = try await caller.client.call(EnrollSamples(identity: "alice", images: images(1, 1...5)))
            let full = try await errorReply {
                try await caller.client.call(
                    CheckSample(identity: "alice", image: Pictures.base64(person: 1, picture: 6)))
            }
            #expect(full.shortName == "TooManySamples")
        }
    }

    @Test func `a check compares with nobody, and so counts no failure`() async throws {
        try await StrangerTrial().run(.stranger(.enroll)) { server, caller in
            for picture in 0..<12 {
                let reply = try await caller.call(
                    CheckSample(identity: "alice", image: Pictures.base64(person: 7, picture: picture)))
                #expect(reply["measurements"] == .array([]))
            }
            #expect(try await server.gallery.attempts().isEmpty)
        }
    }

    // MARK: Moving

    @Test func `a moved sample is compared under its new name and under the old one no more`() async throws {
        try await TestServer.run([PixelModel()]) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1, picture: 1))
            let wrong = try await caller.enroll("alice", Pictures.base64(person: 2, picture: 1))
            #expect(wrong.warnings.map(\.kind) == [.unlikeOwnSamples])
            let unknown = try await errorReply {
                try await caller.client.call(MoveSample(identity: "alice", sample: 2, to: "bob"))
            }
            #expect(unknown.shortName == "NoSuchIdentity" && unknown.parameters["identity"] == .string("bob"))
            let reply = try await caller.client.call(
                MoveSample(identity: "alice", sample: 2, to: "bob", create: true))
            #expect(
                reply
                    == MoveSample.Reply(
                        identity: "bob", sample: 1, samples: 1, remaining: 1, created: true, warnings: []))
            for (name, person) in [("alice", 1), ("bob", 2)] {
                let image = try Pictures.base64(person: person, picture: 8)
                #expect(try await caller.verify(name, image).result == .match)
                let identified = try await caller.identify(image)
                #expect(identified.candidates.first?.identity == name)
            }
            let other = try await caller.verify("alice", Pictures.base64(person: 2, picture: 8))
            #expect(other.result == .noMatch)
            // Exactly as one who never had it.
            _ = try await caller.enroll("control", Pictures.base64(person: 1, picture: 1))
            let image = try Pictures.base64(person: 1, picture: 9)
            #expect(try await caller.verify("alice", image).distance == caller.verify("control", image).distance)
        }
    }

    @Test func `a move warns as an enrolment does, and of whom the sample still resembles`() async throws {
        try await TestServer.run([PixelModel()]) { server in
            let caller = try await server.connect()
            _ = try await caller.client.call(EnrollSamples(identity: "alice", images: images(1, 1...3)))
            _ = try await caller.enroll("bob", Pictures.base64(person: 2, picture: 1))
            let reply = try await caller.client.call(MoveSample(identity: "alice", sample: 3, to: "bob"))
            #expect(reply.warnings.map(\.kind) == [.nearIdentity, .unlikeOwnSamples])
            #expect(reply.warnings.map(\.identity) == ["alice", "bob"])
            // With the right one it is the other way round.
            let back = try await caller.client.call(MoveSample(identity: "bob", sample: 2, to: "alice"))
            #expect(back.warnings.isEmpty && back.sample == 4)
            // The last one leaves nobody behind who could be near.
            let last = try await caller.client.call(
                MoveSample(identity: "bob", sample: 1, to: "carol", create: true, last: true))
            #expect(last.warnings.isEmpty && last.remaining == 0)
            #expect(try await caller.list().identities.map(\.name) == ["alice", "carol"])
        }
    }

    @Test func `what a move refuses it says, and nothing is moved`() async throws {
        try await TestServer.run([PixelModel(), PixelModel(modality: .signature, version: 3)]) { server in
            let caller = try await server.connect()
            _ = try await caller.client.call(EnrollSamples(identity: "alice", images: images(1, 1...2)))
            _ = try await caller.client.call(EnrollSamples(identity: "full", images: images(3, 1...5)))
            _ = try await caller.enroll("pen", Pictures.base64(person: 4), modality: "signature")
            for (call, name) in [
                (MoveSample(identity: "alice", sample: 3, to: "full"), "NoSuchSample"),
                (MoveSample(identity: "alice", sample: 2, to: "full"), "TooManySamples"),
                (MoveSample(identity: "alice", sample: 2, to: "pen"), "ModalityMismatch"),
                (MoveSample(identity: "pen", sample: 1, to: "other", create: true), "LastSample"),
                (MoveSample(identity: "alice", sample: 2, to: " "), "InvalidName"),
                (MoveSample(identity: "alice", sample: 2, to: "alice", create: true), "InvalidParameter"),
            ] {
                #expect(try await errorReply { try await caller.client.call(call) }.shortName == name)
            }
            #expect(try await caller.describe("alice").samples.map(\.number) == [1, 2])
            #expect(try await server.gallery.auditTrail(AuditQuery(limit: 99)).allSatisfy { $0.action != .moveSample })
        }
    }

    @Test func `a move is charged as the enrolment that it stands for, and tells no number`() async throws {
        try await StrangerTrial().run(.stranger(.enroll)) { server, caller in
            let root = try await server.connect()
            _ = try await root.client.call(EnrollSamples(identity: "carol", images: images(1, 2...5)))
            // It is told that the sample is like alice, and like carol's others, and unlike bob's.
            let reply = try await caller.call(MoveSample(identity: "carol", sample: 1, to: "bob"))
            guard case .array(let warnings)? = reply["warnings"] else { throw FixtureError("none") }
            #expect(warnings.count == 3 && !"\(warnings)".contains("distance"))
            let counted = try await server.gallery.attempts().filter { $0.nameHash != nil }
            #expect(Set(counted.compactMap { $0.identity?.text }) == ["alice", "bob", "carol"])
            #expect(counted.allSatisfy { $0.record.failures == 1 })
        }
    }

    @Test func `who is locked out of an identity cannot move its samples to where he is not`() async throws {
        try await StrangerTrial().run(.stranger(.enroll)) { server, caller in
            let root = try await server.connect()
            _ = try await root.client.call(EnrollSamples(identity: "carol", images: images(1, 2...5)))
            while true {
                let reply = try? await caller.verify("carol", Pictures.base64(person: 7))
                if reply == nil { break }
            }
            let error = try await errorReply {
                _ = try await caller.call(MoveSample(identity: "carol", sample: 1, to: "elsewhere", create: true))
            }
            #expect(error.shortName == "TooManyAttempts")
            #expect(try await root.describe("carol").samples.count == 4)
        }
    }

    @Test func `failures with an identity hold for one that takes over a sample of it, and are no more for that`()
        async throws
    {
        try await StrangerTrial().run(.stranger(.enroll)) { server, caller in
            let root = try await server.connect()
            _ = try await root.client.call(EnrollSamples(identity: "carol", images: images(1, 2...5)))
            for (name, count) in [("carol", 3), ("bob", 2)] {
                for picture in 0..<count {
                    _ = try await caller.verify(name, Pictures.base64(person: 7, picture: picture))
                }
            }
            func failures(_ name: String) async throws -> Double? {
                try await server.gallery.attempts().first { $0.identity?.text == name }?.record.failures
            }
            // There and back again is no failure, whoever moves.
            let fresh = MoveSample(identity: "carol", sample: 1, to: "fresh", create: true)
            #expect(try await root.client.call(fresh).samples == 1)
            #expect(try await failures("fresh") == 3)
            _ = try await root.client.call(MoveSample(identity: "carol", sample: 2, to: "bob"))
            #expect(try await failures("bob") == 3)
            _ = try await root.client.call(MoveSample(identity: "fresh", sample: 1, to: "carol", last: true))
            _ = try await root.client.call(MoveSample(identity: "bob", sample: 2, to: "carol"))
            #expect(try await failures("carol") == 3)
            // Nor does what the mover is charged with, and given back, take anything away.
            let third = try await root.describe("carol").samples[0].number
            _ = try await caller.call(MoveSample(identity: "carol", sample: third, to: "other", create: true))
            try await eventually { try await failures("other") == 3 }
            let results = try await StrangerTrial().failures(caller, "other", 3)
            #expect(results == ["no_match", "no_match", "TooManyAttempts"])
        }
    }

    @Test func `a lock-out goes with a sample to a new identity, and is brought to none that is there`() async throws {
        try await StrangerTrial().run(.stranger(.verify)) { server, caller in
            let root = try await server.connect()
            _ = try await root.client.call(EnrollSamples(identity: "carol", images: images(1, 2...5)))
            let failed = try await StrangerTrial().failures(caller, "carol", 5)
            #expect(failed == [String](repeating: "no_match", count: 5))
            let error = try await errorReply {
                try await root.client.call(MoveSample(identity: "carol", sample: 1, to: "bob"))
            }
            #expect(error.shortName == "TooManyAttempts" && error.parameters["locked"] == .bool(true))
            #expect(error.description.contains("locked out of “carol”"), "\(error)")
            #expect(try await root.describe("carol").samples.count == 4)
            #expect(try await caller.verify("bob", Pictures.base64(person: 2))["result"] == .string("match"))
            _ = try await root.client.call(MoveSample(identity: "carol", sample: 1, to: "fresh", create: true))
            let locked = try await errorReply { try await caller.verify("fresh", Pictures.base64(person: 1)) }
            #expect(locked.shortName == "TooManyAttempts" && locked.parameters["locked"] == .bool(true))
            // Once it is lifted, or where it holds at both, nothing stands in the way.
            _ = try await root.client.call(MoveSample(identity: "carol", sample: 2, to: "fresh"))
            _ = try await root.client.call(Unlock(identity: "carol"))
            _ = try await root.client.call(MoveSample(identity: "carol", sample: 3, to: "bob"))
        }
    }

    @Test func `pictures that are enrolled together are charged one by one, and all of them before one is looked at`()
        async throws
    {
        try await StrangerTrial().run(.stranger(.enroll)) { server, caller in
            // Alice is told of in three pictures: 3 of 5 failures.
            _ = try await caller.call(EnrollSamples(identity: "carol", images: images(1, 2...4)))
            func failures(_ name: String) async throws -> Double? {
                try await server.gallery.attempts().first { $0.identity?.text == name }?.record.failures
            }
            try await eventually { try await failures("carol") == nil }
            #expect(try await failures("alice") == 3)
            // Three more for alice herself could be one too many, and nobody is locked out by that.
            let error = try await errorReply {
                try await caller.call(EnrollSamples(identity: "alice", images: images(7, 1...3)))
            }
            #expect(error.shortName == "TooManyAttempts" && error.parameters["locked"] == .bool(false))
            #expect(error.description.contains("send at most 2 now, and more in 1 day"), "\(error)")
            guard case .int(let seconds)? = error.parameters["retry_after"] else {
                throw FixtureError("no time is told")
            }
            #expect((86_000...86_400).contains(seconds))
            #expect(try await failures("alice") == 3)
            _ = try await caller.call(EnrollSamples(identity: "alice", images: images(7, 1...1)))
            #expect(try await failures("alice") == 4)
        }
    }

    @Test func `under the name of somebody's account others move nothing, neither from it nor to it`() async throws {
        try await StrangerTrial().run(
            .stranger(.enroll), configure: { $0.users = .fixed(["bob": 61_300, "carol": PeerCaller.stranger.userID]) }
        ) { server, caller in
            let root = try await server.connect()
            for name in ["alice", "bob", "carol"] {
                _ = try await root.enroll(name, Pictures.base64(person: 5, picture: 3))
            }
            let onto = MoveSample(identity: "alice", sample: 2, to: "bob")
            #expect(try await errorReply { try await caller.call(onto) }.shortName == "ReservedName")
            let from = MoveSample(identity: "bob", sample: 2, to: "alice")
            #expect(try await errorReply { try await caller.call(from) }.shortName == "ReservedName")
            let own = try await caller.call(MoveSample(identity: "alice", sample: 2, to: "carol"))
            #expect(own["identity"] == .string("carol"))
            let image = try Pictures.base64(person: 2)
            let enroll = EnrollSamples(identity: "bob", images: [image])
            #expect(try await errorReply { try await caller.call(enroll) }.shortName == "ReservedName")
            let check = CheckSample(identity: "bob", image: image)
            #expect(try await errorReply { try await caller.call(check) }.shortName == "ReservedName")
        }
    }

    @Test
    func
        `a sample that is moved amid a rotation is compared by the new model where it is then, and by the old one after a rollback`()
        async throws
    {
        let first = try PixelModel(version: 1), second = try PixelModel(version: 2)
        try await TestServer.run([first], rotatingTo: [second]) { server in
            let caller = try await server.connect(), other = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1, picture: 1))
            _ = try await caller.enroll("alice", Pictures.base64(person: 2, picture: 1))
            second.valve.close()
            _ = try await caller.beginRotation("2", maxDrop: 1)
            try await eventually { second.valve.prepared > 0 }
            _ = try await other.client.call(MoveSample(identity: "alice", sample: 2, to: "bob", create: true))
            second.valve.open()
            try await eventually { try await caller.rotationStatus().rotation?.phase == .activated }
            func bobIsFound(by model: PixelModel) async throws -> Bool {
                let reply = try await other.identify(Pictures.base64(person: 2, picture: 8))
                return reply.candidates.first?.identity == "bob" && reply.result == .match
                    && reply.model == model.model.digest.hexadecimal
            }
            #expect(try await bobIsFound(by: second))
            _ = try await other.client.call(
                MoveSample(identity: "bob", sample: 1, to: "carol", create: true, last: true))
            _ = try await other.client.call(
                MoveSample(identity: "carol", sample: 1, to: "bob", create: true, last: true))
            _ = try await caller.rollBack()
            #expect(try await bobIsFound(by: first))
            #expect(try await server.gallery.check { _, _ in }.damage.isEmpty)
        }
    }

    @Test(.enabled(if: PostgreSQLServer.isPresent, Comment(rawValue: PostgreSQLServer.missing)))
    func `what one daemon moves, another on the same gallery follows`() async throws {
        let server = try PostgreSQLServer.shared()
        let schema = "service_" + UUID().uuidString.lowercased().replacing("-", with: "")
        try server.run("CREATE SCHEMA \(schema)")
        let database = server.connection(schema: schema), model = try PixelModel()
        try await TestServer.run([model], database: database) { one in
            try await TestServer.run([model], database: database) { other in
                let here = try await one.connect(), there = try await other.connect()
                _ = try await here.client.call(
                    EnrollSamples(identity: "alice", images: images(1, 1...1) + images(2, 1...1)))
                // What the other has not heard of yet moves as well.
                _ = try await there.client.call(MoveSample(identity: "alice", sample: 2, to: "bob", create: true))
                for caller in [here, there] {
                    try await eventually {
                        let reply = try await caller.identify(Pictures.base64(person: 2, picture: 8))
                        return reply.result == .match && reply.candidates.first?.identity == "bob"
                    }
                    #expect(try await caller.verify("alice", Pictures.base64(person: 2, picture: 7)).result == .noMatch)
                }
            }
        }
    }
}
