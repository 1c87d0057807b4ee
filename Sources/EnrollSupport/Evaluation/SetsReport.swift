// SPDX-License-Identifier: Apache-2.0

import Recognition

/// What an evaluation on several sets found, for people and programs.
///
/// As JSON: `model` and `settings` as of ``EvaluationReport``; `sets`, for each its `name`, and `data` and `results` as
/// there; `pooled`, over all sets, each of which weighs the same: for each number of `references` the `identities`,
/// `random` and `skilled` (``EvaluatedErrors`` or null), `random_sets` and `skilled_sets`, the names of the sets that
/// have such impostors, and `at_model_thresholds`; `left_out`, sets that are in no figure, and why; `plots` and
/// `worst`, the files that were written.
public struct SetsReport: Sendable, Encodable {
    public struct Member: Sendable, Encodable {
        public let name: String
        public let data: EvaluationReport.Data
        public let results: [EvaluationReport.SetMeasurement]
    }

    public struct Pooled: Sendable, Encodable {
        public let references: Int
        public let identities: Int
        public let random: EvaluatedErrors?
        public let skilled: EvaluatedErrors?
        public let randomSets: [String]
        public let skilledSets: [String]
        public let atModelThresholds: [ModelThreshold]

        private enum CodingKeys: String, CodingKey {
            case references, identities, random, skilled, randomSets = "random_sets", skilledSets = "skilled_sets"
            case atModelThresholds = "at_model_thresholds"
        }
    }

    public let model: EvaluationReport.Model
    public let settings: EvaluationReport.Settings
    public let sets: [Member]
    public let pooled: [Pooled]
    public let leftOut: [String]
    public var plots: [String] = []
    public var worst: [WorstErrors.Picture] = []

    /// What is said of each set on standard error.
    let setComplaints: [String]

    private enum CodingKeys: String, CodingKey {
        case model, settings, sets, pooled, leftOut = "left_out", plots, worst
    }

    /// Nil without a set.
    public init?(_ outcome: EvaluationRun.SetsOutcome) {
        let reports = outcome.sets.map { (name: $0.name, report: EvaluationReport($0.outcome)) }
        guard let first = reports.first?.report, let calibrated = outcome.sets.first?.outcome.model.manifest else {
            return nil
        }
        model = first.model
        settings = first.settings
        sets = reports.map { Member(name: $0.name, data: $0.report.data, results: $0.report.results) }
        pooled = outcome.pooled.map { result in
            Pooled(
                references: result.referenceCount, identities: result.identityCount,
                random: result.random.map { EvaluatedErrors($0) },
                skilled: result.skilled.map { EvaluatedErrors($0) }, randomSets: result.random?.sets ?? [],
                skilledSets: result.skilled?.sets ?? [],
                atModelThresholds: ModelThreshold.all(calibrated.calibration, pooled: result))
        }
        leftOut = outcome.remarks
        setComplaints = reports.map(\.report.complaints)
    }

    /// For standard error: sets and images that were left out.
    public var complaints: String {
        leftOut.map { "enroll: \(PrintableText.of($0))\n" }.joined() + setComplaints.joined()
    }
}
