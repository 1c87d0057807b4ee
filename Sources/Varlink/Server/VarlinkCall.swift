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

    let parameters: Result<any Sendable, any Error>
    let progress = CallProgress()
    let send: @Sendable (ByteBuffer) async throws -> Void

    init(
        _ header: CallHeader, method: String, parameters: Result<any Sendable, any Error>, peer: PeerCredentials,
        send: @escaping @Sendable (ByteBuffer) async throws -> Void
    ) {
        self.method = method
        more = header.more ?? false
        oneway = header.isOneway
        self.peer = peer
        self.parameters = parameters
        self.send = send
    }

    /// Whether the peer has gone away.
    public var isCancelled: Bool { Task.isCancelled }

    /// The parameters, which were read with the message.
    ///
    /// - Parameter type: the one that the handler states for the method (``VarlinkInterfaceHandler/parameters(of:)``).
    /// - Throws: ``VarlinkError/invalidParameter(_:)`` naming the parameter that is missing or of another type.
    public func parameters<Parameters: Decodable & Sendable>(as type: Parameters.Type) throws -> Parameters {
        guard let parameters = try parameters.get() as? Parameters else {
            throw ParametersOfAnotherType(method: method, asked: "\(type)")
        }
        return parameters
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

/// A handler asks for parameters as another type than it states for the method: a fault of the handler's own.
private struct ParametersOfAnotherType: Error, CustomStringConvertible {
    let method: String
    let asked: String

    var description: String { "the parameters of \(method) are not read as \(asked)" }
}

/// Whether a call has had its last reply.
final class CallProgress: Sendable {
    private let finished = Mutex(false)

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
