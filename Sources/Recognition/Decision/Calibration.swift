// SPDX-License-Identifier: Apache-2.0

import Foundation
import Wording

/// What turns a model's distances into probabilities and decisions, measured on a stated set of pairs.
///
/// The score of a distance d is 1 / (1 + exp(−a·(d₀ − d))): the probability, at equal priors, that two samples
/// are of the same person.
public struct Calibration: Sendable, Hashable {
    /// How steeply the score falls with distance; positive.
    public let a: Double
    /// The distance at which *same* and *different* are equally likely.
    public let d0: Double
    /// By falling false match rate; never empty, and no threshold is larger than that of a higher rate.
    public let operatingPoints: [OperatingPoint]
    /// What it was measured on, in words: the data, and what was compared with what.
    public let set: String
    /// How many distances it was measured on.
    public let genuineCount: Int
    public let impostorCount: Int
    /// What it does on each of several sets that it was measured on, each of which weighs the same; empty for one set.
    public let sets: [CalibrationSetFigures]

    /// The rates at which a fitted calibration states thresholds.
    public static let standardRates = [1e-2, 1e-3, 1e-4]
    /// The same where false matches are measured on strangers, who are many.
    public static let ratesOnStrangers = standardRates + [1e-5]
    /// The shares of skilled forgeries that match for which it states thresholds besides, where there are forgeries.
    public static let standardSkilledRates = [0.2, 0.1, 0.05, 0.02, 0.01]
    /// The rate that decisions use unless the caller names another.
    public static let defaultRate = 1e-3

    /// - Throws: ``CalibrationError/invalidParameters(_:)``.
    public init(
        a: Double, d0: Double, operatingPoints: [OperatingPoint], set: String, genuineCount: Int, impostorCount: Int,
        sets: [CalibrationSetFigures] = []
    ) throws(CalibrationError) {
        try Self.require(a.isFinite && a > 0, "a is \(a), and a positive number is needed")
        try Self.require(d0.isFinite, "d0 is \(d0), and a finite number is needed")
        try Self.require(!set.isEmpty, "the set it was measured on is not named")
        try Self.require(genuineCount >= 0 && impostorCount >= 0, "a count of pairs is negative")
        try Self.require(!operatingPoints.isEmpty, "it has no operating point")
        let sorted = operatingPoints.sorted { $0.falseMatchRate > $1.falseMatchRate }
        for point in sorted {
            try Self.require(
                point.falseMatchRate > 0 && point.falseMatchRate < 1,
                "an operating point has the false match rate \(NumberText.exactRate(point.falseMatchRate)), and a number between 0 and 1 is needed"
            )
            try Self.require(
                point.threshold.isFinite,
                "the threshold at FMR \(NumberText.exactRate(point.falseMatchRate)) is \(point.threshold), and a finite number is needed"
            )
            try Self.require(
                (0...1).contains(point.upperBound),
                "the upper bound at FMR \(NumberText.exactRate(point.falseMatchRate)) is \(point.upperBound), and a number in 0…1 is needed"
            )
            try Self.require(
                (0...1).contains(point.skilledFalseMatchRate ?? 0),
                "the share of skilled forgeries at FMR \(NumberText.exactRate(point.falseMatchRate)) is no number in 0…1"
            )
        }
        for (looser, stricter) in zip(sorted, sorted.dropFirst()) {
            try Self.require(
                looser.falseMatchRate > stricter.falseMatchRate,
                "it states FMR \(NumberText.exactRate(stricter.falseMatchRate)) twice")
            try Self.require(
                looser.threshold >= stricter.threshold,
                "the threshold at FMR \(NumberText.exactRate(stricter.falseMatchRate)) is larger than that at FMR \(NumberText.exactRate(looser.falseMatchRate))"
            )
        }
        if let problem = sets.compactMap({ $0.problem(operatingPoints: sorted) }).first {
            throw .invalidParameters(problem)
        }
        try Self.require(
            sets.count <= Self.maximumSets, "it states \(sets.count) sets, and \(Self.maximumSets) are the most")
        try Self.require(Set(sets.map(\.name)).count == sets.count, "two of its sets have one name")
        self.a = a
        self.d0 = d0
        self.operatingPoints = sorted
        self.set = set
        self.genuineCount = genuineCount
        self.impostorCount = impostorCount
        self.sets = sets
    }

    private static func require(_ condition: Bool, _ reason: String) throws(CalibrationError) {
        guard condition else { throw .invalidParameters(reason) }
    }

    /// The probability of *same* at equal priors, in [0, 1], falling with distance.
    public func score(distance: Double) -> Double {
        1 / (1 + exp(-a * (d0 - distance)))
    }

    /// The point measured for a false match rate, to within a millionth of it; nil when there is none.
    public func operatingPoint(falseMatchRate: Double) -> OperatingPoint? {
        operatingPoints.first { abs($0.falseMatchRate - falseMatchRate) <= 1e-6 * $0.falseMatchRate }
    }

    /// The point at ``defaultRate`` or, where that was not measured, the strictest.
    public var defaultOperatingPoint: OperatingPoint {
        operatingPoint(falseMatchRate: Self.defaultRate) ?? operatingPoints[operatingPoints.count - 1]
    }
}
