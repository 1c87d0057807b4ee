// SPDX-License-Identifier: Apache-2.0

extension Calibration {
    /// The fewest distances of either kind that a calibration is fitted to.
    public static let minimumPairs = 10

    /// Fits a and d₀ by logistic regression at equal priors, and measures a threshold for each rate.
    ///
    /// Both kinds of pairs weigh the same however many there are, and the targets are Platt's (1999), which
    /// keep the fit finite when the distances separate perfectly.
    ///
    /// - Parameters:
    ///   - genuine: distances between samples of one person.
    ///   - impostor: distances between samples of different people.
    ///   - set: what they were measured on, in words.
    public static func fit(
        genuine: [Double], impostor: [Double], set: String, rates: [Double] = standardRates
    ) throws(CalibrationError) -> Calibration {
        try fit(
            [CalibrationSet(name: set, comparisons: [1: .init(genuine: genuine, impostor: impostor)])], set: set,
            rates: rates)
    }

    /// Fits a calibration that holds for references of all numbers of samples, to several sets of which each weighs the
    /// same.
    ///
    /// a and d₀ are fitted to all comparisons together. A rate is the mean of the sets' own, and its threshold the
    /// strictest that a number of samples asks for. What share of skilled forgeries matches is stated at each
    /// threshold, at the number of samples where that is most; and where forgeries are many enough to tell, there are
    /// thresholds besides that let no more than a share of `skilledRates` of them through. Their false match rates are
    /// those that were measured there.
    ///
    /// - Parameters:
    ///   - set: what was measured on, in words.
    ///   - rates: of impostors who make no effort.
    public static func fit(
        _ sets: [CalibrationSet], set: String, rates: [Double] = standardRates,
        skilledRates: [Double] = standardSkilledRates
    ) throws(CalibrationError) -> Calibration {
        try fitting(sets, set: set, rates: rates, skilledRates: skilledRates).calibration
    }

    /// The same with what it rests on.
    static func fitting(
        _ sets: [CalibrationSet], set: String, rates: [Double], skilledRates: [Double] = standardSkilledRates
    ) throws(CalibrationError) -> (calibration: Calibration, measurements: SetMeasurements) {
        for set in sets { try check(set, isOnly: sets.count == 1) }
        let measuring = sets.filter(\.measuresFalseMatches)
        let genuine = sets.map(\.genuine).filter { !$0.isEmpty }
        let impostor = (measuring.isEmpty ? sets : measuring).map(\.impostor)
        let genuineCount = genuine.reduce(0) { $0 + $1.count }, impostorCount = impostor.reduce(0) { $0 + $1.count }
        guard !genuine.isEmpty, !impostor.isEmpty else {
            throw .tooFewPairs(genuine: genuineCount, impostor: impostorCount, minimum: minimumPairs)
        }
        guard let fitted = LogisticFit(genuine: genuine, impostor: impostor), fitted.a > 0 else {
            throw .notSeparated(
                genuineMean: genuine.joined().reduce(0, +) / Double(genuineCount),
                impostorMean: impostor.joined().reduce(0, +) / Double(impostorCount))
        }
        let measured = SetMeasurements(sets)
        let points = measured.points(rates: rates, skilledRates: skilledRates)
        let calibration = try Calibration(
            a: fitted.a, d0: fitted.d0, operatingPoints: points, set: set, genuineCount: genuineCount,
            impostorCount: impostorCount,
            sets: sets.count > 1 ? measured.figures(at: points) : [])
        return (calibration, measured)
    }

    private static func check(_ set: CalibrationSet, isOnly: Bool) throws(CalibrationError) {
        do throws(CalibrationError) {
            let all = set.comparisons.values
            let genuine = all.reduce(0) { $0 + $1.genuine.count }, impostor = all.reduce(0) { $0 + $1.impostor.count }
            guard genuine >= minimumPairs || set.measuresFalseMatches, impostor >= minimumPairs else {
                throw .tooFewPairs(genuine: genuine, impostor: impostor, minimum: minimumPairs)
            }
            for comparisons in all {
                for distances in [comparisons.genuine, comparisons.impostor, comparisons.skilled] {
                    if let bad = distances.first(where: { !($0.isFinite && $0 >= 0) }) { throw .unusableDistance(bad) }
                }
            }
        } catch {
            throw isOnly ? error : .inSet(name: set.name, reason: error)
        }
    }
}
