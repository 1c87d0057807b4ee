// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore

/// A message that is a call, read in one pass: who answers it follows from the method's name, and what its parameters
/// are read as from the one who answers it.
///
/// A picture makes a message long: to read it again for its parameters would take as long as to read it once.
struct IncomingCall: Decodable, Sendable {
    /// A call that somebody answers.
    struct Routed: Sendable {
        let route: CallRoute
        /// What was made of them, or why they are none.
        let parameters: Result<any Sendable, any Error>
    }

    let header: CallHeader
    /// Why nobody answers it, or who does.
    let destination: Result<Routed, VarlinkError>

    /// Finds the one who answers a method, by its qualified name.
    private struct Finder: Sendable {
        let find: @Sendable (String) throws(VarlinkError) -> CallRoute
    }

    private static let finder = CodingUserInfoKey(rawValue: "finder")

    /// - Parameter find: finds the one who answers a method, by its qualified name.
    /// - Throws: `DecodingError` for what is no call.
    static func read(
        _ message: ByteBuffer, find: @escaping @Sendable (String) throws(VarlinkError) -> CallRoute
    ) throws -> IncomingCall {
        try MessageCoding.decode(
            IncomingCall.self, from: message, userInfo: finder.map { [$0: Finder(find: find)] } ?? [:])
    }

    init(from decoder: any Decoder) throws {
        header = try CallHeader(from: decoder)
        guard let finder = Self.finder.flatMap({ decoder.userInfo[$0] as? Finder }) else {
            destination = .failure(.methodNotFound(header.method))
            return
        }
        do throws(VarlinkError) {
            let route = try finder.find(header.method)
            // A reply would say that the connection is now the method's own, to be used without Varlink, and no method
            // of this library takes it over; an error leaves it as it is.
            guard !header.wantsUpgrade else { throw .invalidParameter("upgrade") }
            destination = .success(
                Routed(route: route, parameters: Self.parameters(route.handler.parameters(of: route.method), decoder)))
        } catch {
            destination = .failure(error)
        }
    }

    private static func parameters<Parameters: Decodable & Sendable>(
        _ type: Parameters.Type, _ decoder: any Decoder
    ) -> Result<any Sendable, any Error> {
        do {
            let message = try decoder.container(keyedBy: ParametersKey.self)
            guard message.contains(.parameters) else { return .success(try message.parameters(as: type)) }
            return .success(try type.init(from: ParameterDecoder(base: message.superDecoder(forKey: .parameters))))
        } catch let error as DecodingError {
            return .failure(VarlinkError.invalidParameter(error.parameterName))
        } catch {
            return .failure(error)
        }
    }
}

extension VarlinkCall {
    /// A call of one of a handler's methods that came by no connection.
    ///
    /// - Parameter message: without its NUL.
    /// - Throws: what keeps the message from being a call.
    package init(
        _ message: ByteBuffer, to handler: any VarlinkInterfaceHandler, from peer: PeerCredentials,
        send: @escaping @Sendable (ByteBuffer) async throws -> Void
    ) throws {
        let call = try IncomingCall.read(message) { method in
            CallRoute(handler: handler, interface: "", method: method)
        }
        let routed = try call.destination.get()
        self.init(call.header, method: routed.route.method, parameters: routed.parameters, peer: peer, send: send)
    }
}
