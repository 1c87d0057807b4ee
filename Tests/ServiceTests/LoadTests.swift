// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import Service
import Testing
import Varlink

@Suite struct LoadTests {
    private let model: PixelModel

    init() throws {
        model = try PixelModel()
    }

    @Test func `a full queue answers Busy at once, and what was accepted is answered`() async throws {
        try await TestServer.run(
            [model],
            configure: {
                $0.workers = 1; $0.queueLength = 2
            }
        ) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1))
            model.valve.close()
            let held = Task { try await server.connect().verify("alice", Pictures.base64(person: 1)) }
            try await eventually { model.valve.prepared == 2 }
            let waiting = (1...2).map { index in
                Task { try await server.connect().verify("alice", Pictures.base64(person: index)) }
            }
            try await eventually { try await caller.status().queueLength == 2 }

            let error = try await errorReply { try await caller.verify("alice", Pictures.base64(person: 1)) }
            #expect(error.name == "io.likeness.Verification.Busy")
            #expect(error.description.contains("2 requests waiting"))
            #expect(error.description.contains("try again"))
            #expect(try await caller.status().refusedBusy == 1)
            // What needs no worker is not held up.
            #expect(try await caller.list().identities.count == 1)
            #expect(try await errorReply { try await caller.verify("bob", "") }.shortName == "NoSuchIdentity")

            model.valve.open()
            #expect(try await held.value.result == .match)
            #expect(try await waiting[0].value.result == .match)
            #expect(try await waiting[1].value.result == .noMatch)
            #expect(try await caller.status().queueLength == 0)
        }
    }

    @Test func `a request whose peer goes before work begins is dropped and leaves its place`() async throws {
        try await TestServer.run(
            [model],
            configure: {
                $0.workers = 1; $0.queueLength = 2
            }
        ) { server in
            let caller = try await server.connect()
            model.valve.close()
            let held = Task { try await server.connect().enroll("alice", Pictures.base64(person: 1)) }
            try await eventually { model.valve.prepared == 1 }
            let goner = try await server.connect()
            let gone = Task { try await goner.enroll("bob", Pictures.base64(person: 2)) }
            try await eventually { try await caller.status().queueLength == 1 }
            await goner.client.close()
            await #expect(throws: VarlinkClientError.connectionClosed) { try await gone.value }
            try await eventually { try await caller.status().queueLength == 0 }
            model.valve.open()
            #expect(try await held.value.sample == 1)
            #expect(try await caller.list().identities.map(\.name) == ["alice"])
            #expect(model.valve.prepared == 1)
            #expect(
                server.journal.entries.contains {
                    $0.metadata["result"] == "abandoned" && $0.metadata["identity"] == "bob"
                })
        }
    }

    @Test func `a peer that goes while its sample is worked on leaves nothing enrolled`() async throws {
        try await TestServer.run([model], configure: { $0.workers = 1 }) { server in
            model.valve.close()
            let goner = try await server.connect()
            let gone = Task { try await goner.enroll("bob", Pictures.base64(person: 2)) }
            try await eventually { model.valve.prepared == 1 }
            await goner.client.close()
            _ = await gone.result
            try await Task.sleep(for: .milliseconds(50))
            model.valve.open()
            try await eventually { server.journal.entries.contains { $0.metadata["result"] == "abandoned" } }
            #expect(try await server.connect().list().identities.isEmpty)
        }
    }

    @Test func `a draining service finishes what it accepted, refuses new work and still reads`() async throws {
        try await TestServer.run([model], configure: { $0.workers = 1 }) { server in
            let caller = try await server.connect()
            model.valve.close()
            let held = Task { try await server.connect().enroll("alice", Pictures.base64(person: 1)) }
            try await eventually { model.valve.prepared == 1 }
            let waiting = Task { try await server.connect().enroll("bob", Pictures.base64(person: 2)) }
            try await eventually { try await caller.status().queueLength == 1 }

            let drained = Task { await server.service.drain() }
            try await eventually { try await caller.status().state == .stopping }
            for call in [
                { try await caller.enroll("carol", Pictures.base64(person: 3)) as Any },
                { try await caller.verify("alice", "") },
                { try await caller.identify("") }, { try await caller.remove("alice") },
            ] {
                let error = try await errorReply(call)
                #expect(error.shortName == "Busy")
                #expect(error.description.contains("stopping"))
            }
            #expect(try await caller.list().identities.isEmpty)
            model.valve.open()
            #expect(try await held.value.sample == 1)
            #expect(try await waiting.value.sample == 1)
            await drained.value
            #expect(try await caller.list().identities.map(\.name) == ["alice", "bob"])
        }
    }

    @Test func `a worker that is at one image for too long fails the self-check`() async throws {
        try await TestServer.run([model], configure: { $0.workers = 1 }) { server in
            model.valve.close()
            let held = Task { try await server.connect().enroll("alice", Pictures.base64(person: 1)) }
            try await eventually { model.valve.prepared == 1 }
            #expect(await server.service.selfCheck(stuckAfter: .seconds(60)))
            try await eventually { !(await server.service.selfCheck(stuckAfter: .milliseconds(20))) }
            model.valve.open()
            #expect(try await held.value.sample == 1)
            try await eventually { await server.service.selfCheck(stuckAfter: .milliseconds(20)) }
        }
    }

    @Test func `calls of one connection are answered in their order, whatever they cost`() async throws {
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1))
            let peer = try RawPeer(path: server.path)
            let verify =
                #"{"method":"io.likeness.Verification.Verify","parameters":{"identity":"alice","image":"IMAGE"}}"#
                .replacingOccurrences(of: "IMAGE", with: try Pictures.base64(person: 1))
            peer.write(
                verify + "\0" + #"{"method":"io.likeness.Verification.Remove","parameters":{"identity":"alice"}}"#
                    + "\0"
                    + verify + "\0" + #"{"method":"io.likeness.Verification.List","parameters":{}}"# + "\0")
            #expect(try #require(await peer.read()).contains(#""result":"match""#))
            #expect(try #require(await peer.read()).contains(#""removed":1"#))
            #expect(try #require(await peer.read()).contains("NoSuchIdentity"))
            #expect(try #require(await peer.read()).contains(#""identities":[]"#))
        }
    }
}

/// A peer that writes before it reads.
final class RawPeer {
    private let descriptor: Int32

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { throw FixtureError("cannot connect") }
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// The next reply without its NUL; nil at the end. It waits on a thread of its own, since the server under test
    /// needs those of Swift's tasks.
    func read() async -> String? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [descriptor] in
                var bytes: [UInt8] = [], byte: UInt8 = 0
                while recv(descriptor, &byte, 1, 0) == 1 {
                    if byte == 0 { return continuation.resume(returning: String(decoding: bytes, as: UTF8.self)) }
                    bytes.append(byte)
                }
                continuation.resume(returning: nil)
            }
        }
    }
}
