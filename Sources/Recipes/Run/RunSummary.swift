// SPDX-License-Identifier: Apache-2.0

import Foundation
import Recognition
import Training

/// What a run came to, for programs: the content of `result.json`.
public struct RunSummary: Sendable, Encodable {
    /// The errors against one kind of impostor.
    public struct Errors: Sendable, Encodable {
        public struct Point: Sendable, Encodable {
            public let falseMatchRate: Double
            public let threshold: Double
            public let falseNonMatchRate: Double
            public let falseMatchRateUpperBound: Double
            public let isSupported: Bool

            private enum CodingKeys: String, CodingKey {
                case falseMatchRate = "false_match_rate", threshold, falseNonMatchRate = "false_non_match_rate"
                case falseMatchRateUpperBound = "false_match_rate_upper_bound", isSupported = "supported"
            }
        }

        public let equalErrorRate: Double
        public let threshold: Double
        /// The ends of the 95 % bootstrap interval over identities, where there is one.
        public let interval: [Double]?
        public let genuine: Int
        public let impostor: Int
        public let points: [Point]

        private enum CodingKeys: String, CodingKey {
            case equalErrorRate = "equal_error_rate", threshold, interval, genuine, impostor, points
        }

        init(_ rates: ErrorRates) {
            self.init(
                rates.equalErrorRate, interval: rates.interval, genuine: rates.genuineCount,
                impostor: rates.impostorCount,
                points: rates.points)
        }

        init(_ rates: PooledErrorRates) {
            self.init(
                rates.equalErrorRate, interval: rates.interval, genuine: rates.genuineCount,
                impostor: rates.impostorCount,
                points: rates.points)
        }

        private init(
            _ equal: EqualErrorRate, interval: BootstrapInterval?, genuine: Int, impostor: Int,
            points: [FalseMatchPoint]
        ) {
            equalErrorRate = equal.rate
            threshold = equal.threshold
            self.interval = interval.map { [$0.low, $0.high] }
            self.genuine = genuine
            self.impostor = impostor
            self.points = points.map {
                Point(
                    falseMatchRate: $0.falseMatchRate, threshold: $0.threshold, falseNonMatchRate: $0.falseNonMatchRate,
                    falseMatchRateUpperBound: $0.falseMatchRateUpperBound, isSupported: $0.isSupported)
            }
        }
    }

    /// What was measured with references of one number of samples.
    public struct Result: Sendable, Encodable {
        public let references: Int
        public let identities: Int
        public let draws: Int
        public let skilled: Errors?
        public let random: Errors?

        init(_ result: VerificationResult) {
            references = result.referenceCount
            identities = result.identityCount
            draws = result.draws
            skilled = result.skilled.map { Errors($0) }
            random = result.random.map { Errors($0) }
        }

        init(_ result: PooledResult) {
            references = result.referenceCount
            identities = result.identityCount
            draws = result.draws
            skilled = result.skilled.map { Errors($0) }
            random = result.random.map { Errors($0) }
        }
    }

    /// What was measured on one of several sources.
    public struct Source: Sendable, Encodable {
        public let name: String
        public let results: [Result]

        init(_ set: SetResults) {
            name = set.name
            results = set.results.filter { $0.random != nil || $0.skilled != nil }.map { Result($0) }
        }
    }

    public struct Package: Sendable, Encodable {
        public let path: String
        public let digest: String
        public let isCalibrated: Bool
        /// The largest difference of its embeddings from the trained network's.
        public let difference: Double

        private enum CodingKeys: String, CodingKey {
            case path, digest, isCalibrated = "calibrated", difference
        }
    }

    public let name: String
    public let run: String
    public let isInterrupted: Bool
    public let epochs: Int
    public let steps: Int
    /// The mean loss of the last epoch.
    public let loss: Double?
    /// The parts of a cross-validation that the results are pooled over.
    public let folds: Int?
    /// What each part left out: `sources`; nil where it was a share of all identities.
    public let leftOut: String?
    /// Of several sources each weighs the same.
    public let results: [Result]
    /// Source by source, where there are several.
    public let sources: [Source]
    /// The equal error rate over held-out listed pairs.
    public let pairs: Errors?
    public let package: Package?
    /// Why the package has no calibration, if it was to have one.
    public let calibrationProblem: String?

    private enum CodingKeys: String, CodingKey {
        case name, run, isInterrupted = "interrupted", epochs, steps, loss, folds, leftOut = "left_out", results,
            sources, pairs, package
        case calibrationProblem = "calibration_problem"
    }

    init(
        name: String, run: String, history: TrainingHistory, isInterrupted: Bool = false, folds: Int? = nil,
        leftOut: RunRecipe.LeftOut? = nil, results: [SetResults] = [], pairs: PairEvaluation? = nil,
        package: Package? = nil, calibrationProblem: String? = nil
    ) {
        self.name = name
        self.run = run
        self.isInterrupted = isInterrupted
        epochs = history.epochs.count
        steps = history.steps.count
        loss = history.epochs.last?.loss
        self.folds = folds
        self.leftOut = leftOut?.rawValue
        let pooled = PooledResult.all(results)
        self.results = pooled.filter { $0.random != nil || $0.skilled != nil }.map { Result($0) }
        sources = results.count > 1 ? results.map(Source.init) : []
        self.pairs = (pairs?.rates).map { Errors($0) }
        self.package = package
        self.calibrationProblem = calibrationProblem
    }

    /// One object with its keys in alphabetical order.
    func jsonBytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}
