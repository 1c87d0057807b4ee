// SPDX-License-Identifier: Apache-2.0

import Varlink

/// Who answers on a socket, and how fast.
struct DaemonIdentity: Sendable, Hashable {
    let vendor: String
    let product: String
    let version: String
    let interfaces: [String]
    /// Who listens, by the kernel's word; where systemd holds the socket, that is systemd.
    let user: UInt32
    let process: Int32
    /// From the connection to the reply.
    let time: Duration

    private struct Call: Encodable, Sendable {}

    private struct Reply: Decodable, Sendable {
        let vendor: String
        let product: String
        let version: String
        let interfaces: [String]
    }

    /// `org.varlink.service.GetInfo`, which takes no role.
    static func asked(of client: DaemonClient) async throws(CommandFailure) -> DaemonIdentity {
        let begun = ContinuousClock.now
        return try await client.withConnection(role: nil) { connection in
            let peer = try await connection.serverCredentials()
            let reply = try await connection.call("org.varlink.service.GetInfo", Call(), returning: Reply.self)
            return DaemonIdentity(
                vendor: reply.vendor, product: reply.product, version: reply.version, interfaces: reply.interfaces,
                user: peer.userID, process: peer.processID, time: begun.duration(to: .now))
        }
    }
}
