// SPDX-License-Identifier: Apache-2.0

import LikenessInterface

extension WireRotation {
    /// What a caller is told.
    func shown(to grants: Grants) -> WireRotation { grants.score ? self : withoutDistances }

    /// What a caller without the grant *score* is told: whose samples do not match one another, and not how far apart
    /// they are.
    private var withoutDistances: WireRotation {
        WireRotation(
            modality: modality, from: from, to: to, dryRun: dryRun, phase: phase, done: done, total: total,
            secondsLeft: secondsLeft,
            message: message, report: report?.withoutDistances, resumed: resumed)
    }
}

extension WireRotationReport {
    var withoutDistances: WireRotationReport {
        WireRotationReport(
            samples: samples, embedded: embedded, refused: refused, refusals: refusals, before: before, after: after,
            disagreeing: disagreeing,
            disagreements: disagreements.map {
                WireDisagreement(identity: $0.identity, sample: $0.sample, distance: nil, threshold: nil)
            },
            equalErrorRateRise: equalErrorRateRise, maxDrop: maxDrop, acceptable: acceptable, objections: objections)
    }
}
