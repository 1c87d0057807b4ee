// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Recognition
import Varlink

/// What a caller wants a search to be held to.
struct SearchThreshold: Sendable {
    private let falseMatchRate: Double?
    private let identificationRate: Double?

    /// - Parameters:
    ///   - falseMatchRate: of one comparison; nil for the configured one.
    ///   - identificationRate: of the whole search, in place of that.
    /// - Throws: `PermissionDenied` as ``Caller/checkOperatingPoint(_:)`` does, `InvalidParameter` for both rates or one
    ///   that is not between 0 and 1.
    init(falseMatchRate: Double?, identificationRate: Double?, of caller: Caller) throws {
        try caller.checkOperatingPoint(falseMatchRate ?? identificationRate)
        if let identificationRate {
            guard falseMatchRate == nil, identificationRate > 0, identificationRate < 1 else {
                throw VarlinkError.invalidParameter("false_positive_identification_rate")
            }
        }
        self.falseMatchRate = falseMatchRate
        self.identificationRate = identificationRate
    }

    /// The operating point that keeps it.
    ///
    /// - Throws: ``ServiceFailure/noSuchOperatingPoint(asked:available:)`` or
    ///   ``ServiceFailure/noSuchIdentificationRate(asked:references:available:)``.
    func point(of model: LoadedModel, references: Int) throws(ServiceFailure) -> OperatingPoint {
        guard let identificationRate else { return try model.operatingPoint(falseMatchRate) }
        let calibration = model.calibration
        guard
            let point = calibration.operatingPoint(
                falsePositiveIdentificationRate: identificationRate, references: references)
        else {
            throw .noSuchIdentificationRate(
                asked: identificationRate, references: references,
                available: calibration.operatingPoints.map { IdentificationRate($0, references: references).rate })
        }
        return point
    }
}
