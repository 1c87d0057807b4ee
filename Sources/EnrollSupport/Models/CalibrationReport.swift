// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Recognition
import Wording

/// What a calibration found, for people and programs.
public struct CalibrationReport: Sendable, Encodable {
    public struct ErrorRate: Sendable, Encodable {
        public let samples: Int
        public let equalErrorRate: Double

        private enum CodingKeys: String, CodingKey {
            case samples, equalErrorRate = "equal_error_rate"
        }
    }

    public struct Refusal: Sendable, Encodable {
        public let image: String
        public let message: String
    }

    public let people: Int
    public let images: Int
    public let set: String
    public let operatingPoints: [WireOperatingPoint]
    /// Of several sets each weighs the same.
    public let errorRates: [ErrorRate]
    /// What the thresholds do on each of several sets; empty for one.
    public let sets: [SetFigures]
    /// The images in which there was nothing to calibrate on.
    public let refused: [Refusal]

    private enum CodingKeys: String, CodingKey {
        case people, images, set, operatingPoints = "operating_points", errorRates = "error_rates", sets, refused
    }

    public init(_ outcome: Calibrator.Outcome) {
        people = outcome.identityCount
        images = outcome.imageCount
        set = outcome.calibration.set
        operatingPoints = ModelSummary.operatingPoints(outcome.calibration)
        errorRates = outcome.evaluations.sorted { $0.key < $1.key }.compactMap { samples, evaluation in
            evaluation.equalErrorRate.map { ErrorRate(samples: samples, equalErrorRate: $0.rate) }
        }
        sets = outcome.calibration.sets.map(SetFigures.init)
        refused = outcome.failures.map { Refusal(image: $0.image, message: $0.reason) }
    }

    public var text: String {
        let rates = errorRates.map { rate in
            "equal error rate with \(NumberText.count(rate.samples, "sample")): \(NumberText.decimal(rate.equalErrorRate * 100)) %\n"
        }
        return "calibrated on \(NumberText.count(people, "person", "people")) and "
            + "\(images - refused.count) of \(NumberText.count(images, "image"))\n"
            + rates.joined() + OperatingPointTable.text(operatingPoints) + SetFigures.text(sets)
    }

    /// For standard error: why images were left out, the first of them one by one.
    public var complaints: String {
        let shown = refused.prefix(10).map { "enroll: left out \(PrintableText.of("\($0.image): \($0.message)"))\n" }
            .joined()
        return refused.count > 10 ? shown + "enroll: and \(refused.count - 10) more were left out\n" : shown
    }
}
