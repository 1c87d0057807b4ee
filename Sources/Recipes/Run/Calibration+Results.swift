// SPDX-License-Identifier: Apache-2.0

import Recognition

extension Calibration {
    /// The calibration that holds for references of all numbers of samples that were measured, each source weighing the
    /// same.
    ///
    /// - Parameter results: of one draw each, so that no comparison counts twice.
    static func fit(_ results: [SetResults], set: String) throws(CalibrationError) -> Calibration {
        func distances(_ trials: [VerificationTrial]) -> [Double] { trials.map { Double($0.distance) } }
        let sets = results.map { measured in
            CalibrationSet(
                name: measured.name,
                comparisons: Dictionary(
                    uniqueKeysWithValues: measured.results.map { result in
                        (
                            result.referenceCount,
                            CalibrationSet.Comparisons(
                                genuine: distances(result.trials.genuine), impostor: distances(result.trials.random),
                                skilled: distances(result.trials.skilled))
                        )
                    }))
        }
        return try fit(sets, set: set)
    }
}
