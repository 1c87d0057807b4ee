// SPDX-License-Identifier: Apache-2.0

/// What a calibration that was measured on several sets does on one of them.
public struct CalibrationSetFigures: Sendable, Hashable {
    /// The rates at one operating point of the calibration, each the largest over the numbers of samples of a
    /// reference.
    public struct Point: Sendable, Hashable {
        /// Which operating point: the false match rate that it stands for over all sets.
        public let operatingPoint: Double
        /// The rates of this set, in [0, 1].
        public let falseMatchRate: Double
        public let falseNonMatchRate: Double
        /// Nil where the set has no forgeries.
        public let skilledFalseMatchRate: Double?

        public init(
            operatingPoint: Double, falseMatchRate: Double, falseNonMatchRate: Double,
            skilledFalseMatchRate: Double? = nil
        ) {
            self.operatingPoint = operatingPoint
            self.falseMatchRate = falseMatchRate
            self.falseNonMatchRate = falseNonMatchRate
            self.skilledFalseMatchRate = skilledFalseMatchRate
        }
    }

    public let name: String
    /// How many distances of each kind there were.
    public let genuineCount: Int
    public let impostorCount: Int
    public let skilledCount: Int
    /// By falling rate of the operating point.
    public let points: [Point]

    public init(name: String, genuineCount: Int, impostorCount: Int, skilledCount: Int, points: [Point]) {
        self.name = name
        self.genuineCount = genuineCount
        self.impostorCount = impostorCount
        self.skilledCount = skilledCount
        self.points = points.sorted { $0.operatingPoint > $1.operatingPoint }
    }

    /// What keeps it from being used; nil where nothing does.
    func problem(operatingPoints: [OperatingPoint]) -> String? {
        if name.isEmpty { return "a set has no name" }
        if min(genuineCount, impostorCount, skilledCount) < 0 { return "a count of the set “\(name)” is negative" }
        for point in points {
            guard operatingPoints.contains(where: { $0.falseMatchRate == point.operatingPoint }) else {
                return "the set “\(name)” has figures at FMR \(point.operatingPoint), which is no operating point"
            }
            let rates = [point.falseMatchRate, point.falseNonMatchRate, point.skilledFalseMatchRate ?? 0]
            guard rates.allSatisfy((0...1).contains) else {
                return "a rate of the set “\(name)” at FMR \(point.operatingPoint) is no number in 0…1"
            }
        }
        guard Set(points.map(\.operatingPoint)).count == points.count else {
            return "the set “\(name)” has two figures at one FMR"
        }
        return nil
    }
}
