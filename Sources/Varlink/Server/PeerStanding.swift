// SPDX-License-Identifier: Apache-2.0

/// How much of a server a peer may take, as the service tells it.
public enum PeerStanding: Sendable, Hashable {
    /// Whoever sees to the service, as root and the service's own user do: no share binds it, and slots are kept for
    /// it.
    case privileged
    /// Whoever has business with the service: its shares are those of its user.
    case admitted
    /// Whoever has none. Its first call is answered, whatever it is, and the connection is closed.
    case unknown
}
