// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import NIOCore
import Service
import Synchronization
import Varlink

/// Calls a service's methods as any peer, which a socket of this process could not.
struct PeerCaller {
    let service: LikenessService
    let peer: PeerCredentials

    static let stranger = PeerCredentials(processID: 4242, userID: 61_234, groupID: 61_234)

    init(_ service: LikenessService, as peer: PeerCredentials = stranger) {
        self.service = service
        self.peer = peer
    }

    /// The fields of the last reply.
    /// - Throws: `VarlinkError` for an error reply.
    func call<Method: LikenessMethod>(_ call: Method) async throws -> [String: JSONValue] {
        try await self.call(Method.name, call)
    }

    /// The same with parameters of any kind.
    func call(_ qualified: String, _ parameters: some Encodable & Sendable) async throws -> [String: JSONValue] {
        let dot = qualified.lastIndex(of: ".") ?? qualified.startIndex
        let method = String(qualified[qualified.index(after: dot)...])
        let isAdmin = qualified.hasPrefix(InterfaceNames.admin)
        let text = try MessageCoding.bytes(CallMessage(method: method, parameters: parameters))
        guard let message = text.getSlice(at: 0, length: text.readableBytes - 1) else {
            throw FixtureError("no message")
        }
        let sent = Mutex<[ByteBuffer]>([]), handler = service.handlers[isAdmin ? 1 : 0]
        let call = try VarlinkCall(message, to: handler, from: peer) { bytes in sent.withLock { $0.append(bytes) } }
        try await handler.handle(call)
        guard let last = sent.withLock({ $0.last }) else { throw FixtureError("no reply") }
        let reply = try JSONDecoder().decode([String: JSONValue].self, from: Data(last.readableBytesView.dropLast()))
        guard case .object(let fields)? = reply["parameters"] else { throw FixtureError("no parameters") }
        return fields
    }

    func verify(
        _ name: String, _ image: String, at rate: Double? = nil, user: Int? = nil
    ) async throws -> [String: JSONValue] {
        try await call(Verify(identity: name, image: image, operatingPoint: rate, user: user))
    }

    func identify(_ image: String, limit: Int? = nil, at rate: Double? = nil) async throws -> [String: JSONValue] {
        try await call(Identify(image: image, operatingPoint: rate, limit: limit))
    }

    func enroll(_ name: String, _ image: String) async throws -> [String: JSONValue] {
        try await call(Enroll(identity: name, image: image))
    }
}

extension AccessPolicy {
    /// The stranger alone, with a role and, where it is said, the grants.
    static func stranger(_ role: Role?, score: Bool = false, relay: Bool = false) -> AccessPolicy {
        let user = AccessHolders(users: [PeerCaller.stranger.userID])
        return AccessPolicy(
            roles: role.map { [$0: user] } ?? [:], score: score ? user : AccessHolders(),
            relay: relay ? user : AccessHolders())
    }
}
