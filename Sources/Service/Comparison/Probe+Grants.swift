// SPDX-License-Identifier: Apache-2.0

import LikenessInterface

/// What a caller is told of a picture that was sent.
extension Probe {
    /// What was measured on the picture; without the grant *score*, what is wrong with it.
    func measurements(for grants: Grants) -> [WireMeasurement] {
        grants.score ? measurements.map(WireMeasurement.init) : unacceptable(for: grants)
    }

    func unacceptable(for grants: Grants) -> [WireMeasurement] {
        let exact = unacceptable.map(WireMeasurement.init)
        return grants.score ? exact : exact.map(\.roundedAwayFromLimit)
    }

    /// Why no decision rests on it, each with what to do.
    func complaints(for grants: Grants) -> [String] {
        problem.map { [$0.description] } ?? unacceptable(for: grants).map(\.complaint)
    }
}
