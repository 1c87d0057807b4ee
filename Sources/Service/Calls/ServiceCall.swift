// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Varlink

/// A call that its caller may make, on its way through a method.
struct ServiceCall: Sendable {
    let wire: VarlinkCall
    let grants: Grants
    let record: CallRecord

    var peer: PeerCredentials { wire.peer }
    var actor: AuditActor { AuditActor(wire.peer) }

    func decode<Parameters: Decodable>(_ type: Parameters.Type) throws -> Parameters {
        try wire.decodeParameters(type)
    }

    /// - Throws: `PermissionDenied` for a rate that a caller without the grant `score` names: with several thresholds
    ///   to ask for, a result is a distance.
    func checkOperatingPoint(_ rate: Double?) throws {
        guard rate == nil || grants.score else { throw VarlinkError.permissionDenied }
    }
}
