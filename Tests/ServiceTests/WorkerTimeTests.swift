// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Imaging
import LikenessInterface
import Testing
import Varlink

@Suite struct WorkerTimeTests {
    private let model: PixelModel

    init() throws { model = try PixelModel() }

    @Test func `a picture that takes too long to read is refused as too much work`() async throws {
        try await TestServer.run([model], configure: { $0.images.maximumTime = .zero }) { server in
            let caller = try await server.connect()
            let error = try await errorReply { try await caller.enroll("alice", Pictures.base64(person: 1)) }
            #expect(error.shortName == "ImageRejected")
            #expect(error.parameters["cause"] == .string("too_much_work"))
            #expect(error.description.contains("longer than 0 seconds"))
        }
    }

    @Test func `a worker that is stuck is given up, its caller told, and others are served meanwhile`() async throws {
        try await TestServer.run(
            [model],
            configure: {
                $0.workers = 1; $0.workerTimeout = .milliseconds(50)
            }
        ) { server in
            let caller = try await server.connect()
            for person in 1...3 {
                model.valve.close()
                let error = try await errorReply { try await caller.enroll("alice", Pictures.base64(person: person)) }
                #expect(error.shortName == "ImageRejected")
                #expect(error.parameters["cause"] == .string("too_much_work"))
                #expect(model.valve.prepared == person)
                // The thread is still where it was; what follows needs another.
                let other = try await errorReply {
                    try await caller.enroll("bob", Data("GIF89a".utf8).base64EncodedString())
                }
                #expect(other.parameters["cause"] == .string("unsupported_format"))
                #expect(await server.service.selfCheck(stuckAfter: .seconds(5)))
            }
            #expect(server.journal.entries.contains { $0.level == .error && $0.message.contains("given up") })
            model.valve.open()
            #expect(try await caller.enroll("carol", Pictures.base64(person: 4)).sample == 1)
            #expect(try await caller.list().identities.map(\.name) == ["carol"])
        }
    }

    @Test func `when several are stuck and none comes back, no more are replaced and the self-check fails`()
        async throws
    {
        try await TestServer.run(
            [model],
            configure: {
                $0.workers = 1; $0.workerTimeout = .milliseconds(20)
            }
        ) { server in
            model.valve.close()
            let caller = try await server.connect()
            for _ in 0..<3 {
                let error = try await errorReply { try await caller.enroll("alice", Pictures.base64(person: 1)) }
                #expect(error.parameters["cause"] == .string("too_much_work"))
            }
            let held = Task { try await server.connect().enroll("alice", Pictures.base64(person: 1)) }
            try await eventually { model.valve.prepared == 4 }
            try await eventually { !(await server.service.selfCheck(stuckAfter: .milliseconds(200))) }
            model.valve.open()
            // Whether it is given up or done, it is answered; the others have come back.
            _ = try? await held.value
            try await eventually { await server.service.selfCheck(stuckAfter: .milliseconds(200)) }
            try await eventually { (try? await caller.enroll("carol", Pictures.base64(person: 2))) != nil }
        }
    }

    @Test func `a job whose caller has gone is ended by the worker that is at it`() async throws {
        try await TestServer.run([model], configure: { $0.workers = 1 }) { server in
            model.valve.close()
            let gone = try await server.connect()
            let call = Task { try? await gone.enroll("alice", Pictures.base64(person: 1)) }
            try await eventually { model.valve.prepared == 1 }
            await gone.client.close()
            _ = await call.value
            let caller = try await server.connect()
            let held = Task { try await caller.enroll("bob", Pictures.base64(person: 2)) }
            // The server has heard of the end when it has answered a later call.
            let other = try await server.connect()
            try await eventually { try await other.status().queueLength == 1 }
            model.valve.open()
            #expect(try await held.value.sample == 1)
            #expect(model.valve.batches == [1])
            #expect(try await other.list().identities.map(\.name) == ["bob"])
        }
    }
}
