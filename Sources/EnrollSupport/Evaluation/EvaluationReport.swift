// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Recognition
import Wording

/// What an evaluation found, for people and programs.
///
/// As JSON: `model` {`name`, `version`, `digest` (absent for a cross-validation), `parts` (of a cross-validation
/// alone), `modality`}; `data` {`path`, `kind` (`identities` or `pairs`), `images`,
/// `acquired`, `failure_to_acquire_rate`, `left_out` (files or rows that are no images), `refused` [{`image`,
/// `message`}] (the first 1000)}; `settings` {`draws`, `seed`, `resamples`, `confidence`, `rule`, `pure_ink` (null,
/// `written` or `constant`)}; `results`, one for each number of references (for pairs: one without), of
/// ``SetMeasurement``; `plots` and `worst`, the files that were written.
public struct EvaluationReport: Sendable, Encodable {
    public struct Model: Sendable, Encodable {
        public let name: String
        public let version: String
        public let digest: String?
        public let parts: Int?
        public let modality: String
    }

    public struct Data: Sendable, Encodable {
        public let path: String
        public let kind: String
        public let images: Int
        public let acquired: Int
        /// The share of the images that no decision can rest on.
        public let failureToAcquireRate: Double
        /// Files or rows that were left out before an image was opened.
        public let leftOut: Int
        /// Pairs of which an image could not be acquired.
        public let pairsLost: Int
        public let refused: [CalibrationReport.Refusal]

        private enum CodingKeys: String, CodingKey {
            case path, kind, images, acquired, failureToAcquireRate = "failure_to_acquire_rate", leftOut = "left_out"
            case pairsLost = "pairs_lost", refused
        }
    }

    public struct Settings: Sendable, Encodable {
        public let draws: Int
        public let seed: UInt64
        public let resamples: Int
        public let confidence: Double
        public let rule: String
        public let pureInk: String?

        private enum CodingKeys: String, CodingKey {
            case draws, seed, resamples, confidence, rule, pureInk = "pure_ink"
        }
    }

    /// `references` (null for pairs), `identities` enrolled, `excluded` for having too few genuine samples, `draws`,
    /// `genuine_comparisons`; `random`, `skilled` and `pairs`, each ``EvaluatedErrors`` or null; `at_model_thresholds`.
    public struct SetMeasurement: Sendable, Encodable {
        public let references: Int?
        public let identities: Int?
        public let excluded: Int?
        public let draws: Int
        public let genuineComparisons: Int
        public let random: EvaluatedErrors?
        public let skilled: EvaluatedErrors?
        public let pairs: EvaluatedErrors?
        public let atModelThresholds: [ModelThreshold]

        private enum CodingKeys: String, CodingKey {
            case references, identities, excluded, draws, genuineComparisons = "genuine_comparisons", random, skilled,
                pairs
            case atModelThresholds = "at_model_thresholds"
        }

        /// The errors by kind of impostor, those that there are.
        var kinds: [(name: String, errors: EvaluatedErrors)] {
            [("random", random), ("skilled", skilled), ("pairs", pairs)].compactMap { name, errors in
                errors.map { (name, $0) }
            }
        }
    }

    public let model: Model
    public let data: Data
    public let settings: Settings
    public let results: [SetMeasurement]
    public var plots: [String] = []
    public var worst: [WorstErrors.Picture] = []

    /// The most refusals that are named.
    private static let namedRefusals = 1000

    public init(_ outcome: EvaluationRun.Outcome) {
        let manifest = outcome.model.manifest
        model = Model(
            name: manifest.name, version: manifest.version,
            digest: outcome.parts == nil ? outcome.model.digest.hexadecimal : nil,
            parts: outcome.parts, modality: manifest.modality.rawValue)
        let refused = outcome.refusals.enumerated().compactMap { index, reason in
            reason.map { CalibrationReport.Refusal(image: outcome.data.name(of: index), message: $0) }
        }
        let count = outcome.refusals.count
        let isPairs = if case .pairs = outcome.measured { true } else { false }
        let pairCount = if case .pairs(let pairs, _) = outcome.data.content { pairs.count } else { 0 }
        data = Data(
            path: outcome.data.path, kind: isPairs ? "pairs" : "identities", images: count,
            acquired: count - refused.count,
            failureToAcquireRate: count > 0 ? Double(refused.count) / Double(count) : 0,
            leftOut: outcome.data.report.bad,
            pairsLost: isPairs ? pairCount - outcome.rows.count : 0, refused: Array(refused.prefix(Self.namedRefusals)))
        let options = outcome.options
        settings = Settings(
            draws: options.draws, seed: options.seed, resamples: options.resamples,
            confidence: options.bootstrap.confidence,
            rule: manifest.defaultReferenceRule.name, pureInk: options.pureInk?.stroke.rawValue)
        let calibration = manifest.calibration
        switch outcome.measured {
        case .identities(let measured):
            results = measured.map { result in
                SetMeasurement(
                    references: result.referenceCount, identities: result.identityCount, excluded: result.excludedCount,
                    draws: result.draws, genuineComparisons: result.trials.genuine.count,
                    random: result.random.map { EvaluatedErrors($0) },
                    skilled: result.skilled.map { EvaluatedErrors($0) }, pairs: nil,
                    atModelThresholds: ModelThreshold.all(calibration, random: result.random, skilled: result.skilled))
            }
        case .pairs(let measured):
            results = [
                SetMeasurement(
                    references: nil, identities: nil, excluded: nil, draws: 1,
                    genuineComparisons: measured.genuine.count,
                    random: nil, skilled: nil, pairs: EvaluatedErrors(measured.rates),
                    atModelThresholds: ModelThreshold.all(calibration, random: measured.rates, skilled: nil))
            ]
        }
    }

    /// For standard error: why images were left out, the first of them one by one.
    public var complaints: String {
        let refused = data.refused, count = data.images - data.acquired
        let shown = refused.prefix(10).map { "enroll: left out \(PrintableText.of("\($0.image): \($0.message)"))\n" }
            .joined()
        let rest = count > 10 ? "enroll: and \(count - 10) more were left out\n" : ""
        let bad =
            data.leftOut > 0
            ? "enroll: \(NumberText.count(data.leftOut, "row or file", "rows or files")) of \(PrintableText.of(data.path)) could not be used\n"
            : ""
        return bad + shown + rest
    }
}
