// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import Logging
import ProgramHarness
import Synchronization
import Varlink

/// A daemon that answers what a test tells it to.
struct ScriptedDaemon: VarlinkInterfaceHandler {
    typealias Script = @Sendable (VarlinkCall) async throws -> Void

    let interfaceDescription: String
    let script: Script

    /// As they came, so that a test sees what was sent and what was not.
    func parameters(of method: String) -> any (Decodable & Sendable).Type { [String: JSONValue].self }

    func handle(_ call: VarlinkCall) async throws { try await script(call) }

    /// Serves both interfaces on a socket of its own for as long as the body takes.
    static func run(_ script: @escaping Script, _ body: @Sendable (_ socket: String) async throws -> Void) async throws
    {
        let folder = try TemporaryFolder()
        let path = folder.appending("s")
        let (listening, announce) = AsyncStream.makeStream(of: Void.self)
        let server = try VarlinkServer(
            configuration: VarlinkServerConfiguration(
                vendor: "v", product: "p", version: "1", url: "https://example.org/"),
            address: .unixPath(path, mode: 0o600),
            handlers: [
                ScriptedDaemon(interfaceDescription: InterfaceDescriptions.verification, script: script),
                ScriptedDaemon(interfaceDescription: InterfaceDescriptions.admin, script: script),
            ],
            logger: Logger(label: "scripted") { _ in SwiftLogNoOpLogHandler() }, whenListening: { announce.yield() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            for await _ in listening { break }
            defer { group.cancelAll() }
            try await body(path)
        }
    }
}

extension VarlinkCall {
    /// What was sent to a scripted daemon.
    var fields: [String: JSONValue] {
        get throws { try parameters(as: [String: JSONValue].self) }
    }

    /// The same as the call that a daemon would take it for.
    func sent<Method: LikenessMethod>(as type: Method.Type) throws -> Method {
        try JSONValue.object(try fields).decoded(type)
    }
}
