// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// A call as a handler sees it.
public struct VarlinkCall: Sendable {
    /// The method's name within its interface, `Verify`.
    public let method: String
    /// The peer wants, or allows, several replies.
    public let more: Bool
    /// The peer wants no reply; replies are dropped.
    public let oneway: Bool
    public let peer: PeerCredentials

    let message: ByteBuffer
    let progress: CallProgress
    let send: @Sendable (ByteBuffer) async throws -> Void

    package init(
        method: String, more: Bool, oneway: Bool, peer: PeerCredentials, message: ByteBuffer, progress: CallProgress,
        send: @escaping @Sendable (ByteBuffer) async throws -> Void
    ) {
        self.method = method
        self.more = more
        self.oneway = oneway
        self.peer = peer
        self.message = message
        self.progress = progress
        self.send = send
    }

    /// Whether the peer has gone away.
    public var isCancelled: Bool { Task.isCancelled }

    /// The parameters as a type.
    /// - Throws: ``VarlinkError/invalidParameter(_:)`` naming the parameter that is missing or of another type.
    public func decodeParameters<Parameters: Decodable>(_ type: Parameters.Type) throws -> Parameters {
        do {
            return try MessageCoding.parameters(type, from: message)
        } catch let error as DecodingError {
            throw VarlinkError.invalidParameter(error.parameterName)
        }
    }

    /// The parameters as they came.
    public func parameters() throws -> [String: JSONValue] {
        try decodeParameters([String: JSONValue].self)
    }

    /// The last reply, or the only one.
    public func reply(_ parameters: some Encodable & Sendable) async throws {
        try await reply(parameters, continues: false)
    }

    /// A reply that others follow.
    /// - Throws: ``VarlinkError/expectedMore`` when the peer did not ask for several.
    public func replyContinuing(_ parameters: some Encodable & Sendable) async throws {
        guard more else { throw VarlinkError.expectedMore }
        try await reply(parameters, continues: true)
    }

    private func reply(_ parameters: some Encodable & Sendable, continues: Bool) async throws {
        // Encoded first: a call whose reply cannot be encoded is not answered yet, and gets an error instead.
        let bytes =
            oneway
            ? nil : try MessageCoding.bytes(ReplyMessage(parameters: parameters, continues: continues ? true : nil))
        if !continues { progress.finish() }
        if let bytes { try await send(bytes) }
    }
}

/// Whether a call has had its last reply.
package final class CallProgress: Sendable {
    private let finished = Mutex(false)

    package init() {}

    var isFinished: Bool { finished.withLock { $0 } }

    func finish() { finished.withLock { $0 = true } }
}

extension DecodingError {
    /// The parameter in which the fault lies, the path within it joined by dots.
    var parameterName: String {
        let path =
            switch self {
            case .keyNotFound(let key, let context): context.codingPath + [key]
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context.codingPath
            @unknown default: [any CodingKey]()
            }
        let names = path.map(\.stringValue).drop { $0 == "parameters" }
        return names.isEmpty ? "parameters" : names.joined(separator: ".")
    }
}
