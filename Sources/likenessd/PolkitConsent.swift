// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import LikenessInterface
import Logging
import Service
import Varlink

/// Asks polkit whether a caller may change what is enrolled of himself.
struct PolkitConsent: Sendable {
    let logger: Logger

    /// Shorter than `enroll` waits for an answer, so that it is told why there is none.
    private static let limit = Duration.seconds(50)

    /// What has to be there for an answer: how the bus starts polkit, and the policy.
    static let files = [
        "/usr/share/dbus-1/system-services/org.freedesktop.PolicyKit1.service",
        "/usr/share/polkit-1/actions/io.likeness.policy",
    ]

    func ask(_ peer: PeerCredentials) async -> Consent {
        switch await Polkit.ask(
            AuthorizationRefusal.action, process: peer.processID, user: peer.userID, within: Self.limit)
        {
        case .authorized: return .given
        case .refused: return .refused(.refused)
        case .dismissed: return .refused(.dismissed)
        case .nobodyToAsk: return .refused(.nobodyToAsk)
        case .late, .cancelled: return .refused(.noAnswer)
        case .absent(let reason):
            logger.notice("polkit is not there: \(reason)")
            return .refused(.noAuthority)
        case .failed(let reason):
            logger.warning("polkit cannot be asked: \(reason)")
            return .refused(.noAuthority)
        }
    }
}
