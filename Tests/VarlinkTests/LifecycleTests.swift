// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import ServiceLifecycle
import Testing
import Varlink

@Suite("Starting and stopping")
struct LifecycleTests {
    private func server(
        _ path: String, _ handler: ToyHandler, _ whenListening: @escaping @Sendable () -> Void = {}
    ) throws -> VarlinkServer {
        try VarlinkServer(
            configuration: VarlinkServerConfiguration(vendor: "", product: "", version: "", url: ""),
            address: .unixPath(path, mode: 0o600), handlers: [handler],
            logger: Logger(label: "toy") { _ in SwiftLogNoOpLogHandler() }, whenListening: whenListening)
    }

    private func path() -> String { "/tmp/likeness-varlink-\(UUID().uuidString.prefix(8)).sock" }

    @Test("A graceful stop finishes the call that is being answered, closes idle connections and removes the socket")
    func gracefulStop() async throws {
        let path = path(), handler = ToyHandler(), listening = Gate()
        let server = try server(path, handler) { listening.mark("listening") }
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: server)], logger: Logger(label: "toy") { _ in SwiftLogNoOpLogHandler() }))
        async let running: Void = group.run()
        try await listening.wait(for: "listening")
        let idle = try RawPeer(path: path), busy = try RawPeer(path: path)
        busy.write(#"{"method":"org.example.toy.Wait"}"# + "\0")
        try await handler.gate.wait(for: "waiting")
        await group.triggerGracefulShutdown()
        #expect(await idle.read() == nil)
        handler.gate.mark("released")
        #expect(await busy.read() == #"{"parameters":{}}"#)
        #expect(await busy.read() == nil)
        try await running
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test(
        "A call that has begun to arrive when the server stops is answered, and one that has not is told to be untaken")
    func stopWithMessages() async throws {
        let path = path(), handler = ToyHandler(), listening = Gate()
        let server = try server(path, handler) { listening.mark("listening") }
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: server)], logger: Logger(label: "toy") { _ in SwiftLogNoOpLogHandler() }))
        async let running: Void = group.run()
        try await listening.wait(for: "listening")
        let begun = try RawPeer(path: path), idle = try await VarlinkClient.connect(unixPath: path)
        // Whole calls tell when the server has read what came before them.
        begun.write(#"{"method":"org.varlink.service.GetInfo"}"# + "\0" + #"{"method":"org.example.toy."#)
        _ = await begun.read()
        await group.triggerGracefulShutdown()
        await #expect(throws: VarlinkClientError.notTaken) {
            while true {
                _ = try await idle.call(
                    "org.varlink.service.GetInfo", [String: String](), returning: [String: JSONValue].self)
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        begun.write(#"Nothing"}"# + "\0")
        #expect(await begun.read()?.contains("MethodNotFound") == true)
        #expect(await begun.read() == nil)
        try await running
    }

    @Test("The socket has its permissions, and a second server on it is refused")
    func socketFile() async throws {
        try await ToyServer.run { server in
            let attributes = try FileManager.default.attributesOfItem(atPath: server.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            await #expect(throws: ListeningError.addressInUse(server.path)) {
                try await self.server(server.path, ToyHandler()).run()
            }
        }
    }

    @Test("A socket file that a dead server left is replaced; another file is left alone")
    func staleFiles() async throws {
        let path = path()
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        close(descriptor)
        let listening = Gate()
        let server = try server(path, ToyHandler()) { listening.mark("listening") }
        let running = Task { try await server.run() }
        try await listening.wait(for: "listening")
        _ = try RawPeer(path: path)
        running.cancel()
        _ = await running.result

        try Data("precious".utf8).write(to: URL(filePath: path))
        await #expect(throws: ListeningError.notASocket(path)) { try await self.server(path, ToyHandler()).run() }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
        try FileManager.default.removeItem(atPath: path)
    }

    @Test("A client without a server says what is missing")
    func noServer() async throws {
        await #expect(
            throws: VarlinkClientError.cannotConnect(
                path: "/tmp/likeness-none.sock", reason: "there is no such socket; is likenessd running?")
        ) {
            try await VarlinkClient.connect(unixPath: "/tmp/likeness-none.sock")
        }
    }
}
