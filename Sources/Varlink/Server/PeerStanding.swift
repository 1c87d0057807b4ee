// SPDX-License-Identifier: Apache-2.0

/// How much of a server a peer may take, as the service tells it.
public enum PeerStanding: Sendable, Hashable {
    /// An administrator of the service: root, or the service's own user. No share binds it, and slots are kept for it.
    case privileged
    /// A user with a role or grant: its shares are those of its user.
    case admitted
    /// A user without any role. Its first call is answered, whatever it is, and the connection is closed.
    case unknown
}
