// SPDX-License-Identifier: Apache-2.0

import Gallery
import LikenessInterface
import Service
import Testing
import Varlink

/// Another configuration and other models in the place of those that hold.
@Suite struct ReloadTests {
    private func configuration(
        of server: TestServer, _ change: (inout ServiceConfiguration) -> Void
    ) -> ServiceConfiguration {
        var configuration = ServiceConfiguration(version: "1.2.3", galleryPath: server.galleryPath)
        configuration.workers = 2
        change(&configuration)
        return configuration
    }

    @Test func `what callers may do and what decides change for connections that are open`() async throws {
        let model = try PixelModel()
        try await TestServer.run([model]) { server in
            let caller = try await server.connect(), stranger = PeerCaller(server.service)
            _ = try await caller.enroll("alice", Pictures.base64(person: 1))
            await #expect(throws: VarlinkError.permissionDenied) { _ = try await stranger.call(List()) }
            let fresh = configuration(of: server) { configuration in
                configuration.access = AccessPolicy(roles: [
                    .enroll: AccessHolders(users: [PeerCaller.stranger.userID])
                ])
                configuration.operatingPoint = 1e-4
                configuration.images.maximumFileBytes = 100
                configuration.workers = 3
                configuration.queueLength = 7
            }
            #expect(try await server.service.reconfigure(fresh, recognizers: [model]) == nil)
            _ = try await stranger.call(List())
            let status = try await caller.status()
            #expect(status.models.map(\.operatingPoint) == [1e-4])
            #expect(status.workers == 3 && status.queueLimit == 7 && status.identities == 1)
            await #expect(throws: VarlinkError.self) {
                _ = try await caller.verify("alice", Pictures.base64(person: 1))
            }
            _ = try await server.service.reconfigure(configuration(of: server) { _ in }, recognizers: [model])
            await #expect(throws: VarlinkError.permissionDenied) { _ = try await stranger.call(List()) }
            #expect(try await caller.verify("alice", Pictures.base64(person: 1)).operatingPoint == 1e-3)
        }
    }

    @Test func `a rate that a model was not calibrated for changes nothing`() async throws {
        let model = try PixelModel()
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1))
            let fresh = configuration(of: server) { configuration in
                configuration.operatingPoint = 0.2
                configuration.queueLength = 7
            }
            await #expect(throws: ServiceStartError.self) {
                _ = try await server.service.reconfigure(fresh, recognizers: [model])
            }
            #expect(try await caller.status().queueLimit == 64)
            #expect(try await caller.verify("alice", Pictures.base64(person: 1)).operatingPoint == 1e-3)
        }
    }

    @Test func `a model takes the place of one without samples, and of one with samples never`() async throws {
        let first = try PixelModel(), second = try PixelModel(version: 2),
            signatures = try PixelModel(modality: .signature, version: 3)
        try await TestServer.run([first]) { server in
            let caller = try await server.connect()
            _ = try await server.service.reconfigure(
                configuration(of: server) { _ in }, recognizers: [second, signatures])
            #expect(try await caller.status().models.map(\.version) == ["2", "3"])
            _ = try await caller.enroll("alice", Pictures.base64(person: 1))
            #expect(try await caller.verify("alice", Pictures.base64(person: 1)).result == .match)
            await #expect(throws: GalleryError.self) {
                _ = try await server.service.reconfigure(configuration(of: server) { _ in }, recognizers: [first])
            }
            #expect(try await caller.status().models.map(\.version) == ["2", "3"])
            #expect(try await caller.verify("alice", Pictures.base64(person: 1)).result == .match)
        }
    }

    @Test func `a model that is lost is told of where something is to be decided, and the others decide`() async throws
    {
        let faces = try PixelModel(), signatures = try PixelModel(modality: .signature, version: 3)
        try await TestServer.run([faces, signatures]) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1), modality: "signature")
            _ = try await server.service.reconfigure(
                configuration(of: server) { _ in }, recognizers: [signatures],
                lost: [LostModel(modality: .face, model: faces.model, reason: "the face model is damaged")])
            #expect(try await caller.verify("alice", Pictures.base64(person: 1)).result == .match)
            #expect(try await caller.status().problem == "the face model is damaged")
            let error = await #expect(throws: VarlinkError.self) {
                _ = try await caller.enroll("bob", Pictures.base64(person: 2), modality: "face")
            }
            #expect(error.map { "\($0)" }?.contains("the face model is damaged") == true)
            _ = try await server.service.reconfigure(
                configuration(of: server) { _ in }, recognizers: [faces, signatures])
            #expect(try await caller.status().problem == nil)
            _ = try await caller.enroll("bob", Pictures.base64(person: 2), modality: "face")
        }
    }

    @Test func `the rule by which distances are taken changes with what is in memory`() async throws {
        let model = try PixelModel()
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            for picture in 1...3 { _ = try await caller.enroll("alice", Pictures.base64(person: 1, picture: picture)) }
            let mean = try await caller.verify("alice", Pictures.base64(person: 1, picture: 2)).numbers.distance
            _ = try await server.service.reconfigure(
                configuration(of: server) { $0.rule = .minimum }, recognizers: [model])
            let nearest = try await caller.verify("alice", Pictures.base64(person: 1, picture: 2)).numbers.distance
            #expect(mean > 1e-3 && nearest < 1e-5)
        }
    }

    @Test func `failures that were counted count on, and so does the rate`() async throws {
        let model = try PixelModel()
        let access = AccessPolicy(roles: [.verify: AccessHolders(users: [PeerCaller.stranger.userID])])
        try await TestServer.run(
            [model],
            configure: {
                $0.access = access
                $0.attempts.delaySeconds = 0
            }
        ) { server in
            let caller = try await server.connect(), stranger = PeerCaller(server.service)
            _ = try await caller.enroll("alice", Pictures.base64(person: 1))
            let probe = try Pictures.base64(person: 2)
            for _ in 0..<2 { _ = try await stranger.call(Verify(identity: "alice", image: probe)) }
            let fresh = configuration(of: server) { configuration in
                configuration.access = access
                configuration.attempts.perIdentity = 3
                configuration.attempts.delaySeconds = 0
                configuration.attempts.perMinute = 4
            }
            _ = try await server.service.reconfigure(fresh, recognizers: [model])
            _ = try await stranger.call(Verify(identity: "alice", image: probe))
            // The third failure is the last that is allowed by now, and the fifth picture more than the rate.
            await #expect(throws: VarlinkError.self) {
                _ = try await stranger.call(Verify(identity: "alice", image: probe))
            }
            #expect(try await caller.status().attempts?.lockedOut == 1)
        }
    }

    @Test func `calls that are under way meanwhile are all answered`() async throws {
        let model = try PixelModel(), other = try PixelModel(modality: .signature, version: 3)
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1))
            let image = try Pictures.base64(person: 1)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        let caller = try await server.connect()
                        var matches = 0
                        for _ in 0..<20 where try await caller.verify("alice", image).result == .match { matches += 1 }
                        return matches
                    }
                }
                for round in 0..<10 {
                    _ = try await server.service.reconfigure(
                        configuration(of: server) { $0.workers = 1 + round % 3 },
                        recognizers: round.isMultiple(of: 2) ? [model, other] : [model])
                }
                for try await matches in group { #expect(matches == 20) }
            }
        }
    }

    @Test func `while a rotation is under way the models stay and the rest changes`() async throws {
        let first = try PixelModel(), second = try PixelModel(version: 2)
        try await TestServer.run([first], rotatingTo: [second]) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1))
            second.valve.close()
            defer { second.valve.open() }
            _ = try await caller.client.call(RotateModel(model: "2"))
            let kept = try await server.service.reconfigure(
                configuration(of: server) { $0.queueLength = 9 }, recognizers: [first])
            #expect(kept?.contains("rotation") == true)
            #expect(try await caller.status().queueLimit == 9)
        }
    }
}

extension LikenessService {
    fileprivate func reconfigure(
        _ configuration: ServiceConfiguration, recognizers: [any Embedder], lost: [LostModel] = []
    ) async throws -> String? {
        try await reconfigure(configuration) { ServedModels(recognizers, lost: lost) }
    }
}
