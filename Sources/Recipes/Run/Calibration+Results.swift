import Recognition

extension Calibration {
    /// The calibration that holds for references of all numbers of samples that were measured: a and d₀ are fitted to
    /// all comparisons together, and each rate's threshold is the strictest that a number of samples asks for.
    ///
    /// As with a model that is calibrated in use, impostors are other people's samples, and what share of forgeries
    /// matches at a threshold is stated beside it.
    /// - Parameter results: of one draw each, so that no comparison counts twice.
    static func fit(
        _ results: [VerificationResult], set: String, rates: [Double] = standardRates
    ) throws(CalibrationError) -> Calibration {
        func distances(_ trials: [VerificationTrial]) -> [Double] { trials.map { Double($0.distance) } }
        let evaluations = results.filter { !$0.trials.genuine.isEmpty && !$0.trials.random.isEmpty }.map {
            Evaluation(genuine: distances($0.trials.genuine), impostor: distances($0.trials.random))
        }
        let fitted = try fit(
            genuine: evaluations.flatMap(\.genuine), impostor: evaluations.flatMap(\.impostor), set: set, rates: rates)
        let forgeries = results.map { distances($0.trials.skilled) }.filter { !$0.isEmpty }
        let points = fitted.operatingPoints.map { point in
            let strictest = evaluations.map { $0.operatingPoint(falseMatchRate: point.falseMatchRate) }.min { $0.threshold < $1.threshold } ?? point
            return OperatingPoint(
                falseMatchRate: strictest.falseMatchRate, threshold: strictest.threshold, upperBound: strictest.upperBound,
                skilledFalseMatchRate: forgeries.map { $0.share(upTo: strictest.threshold) }.max())
        }
        return try Calibration(
            a: fitted.a, d0: fitted.d0, operatingPoints: points, set: set, genuineCount: fitted.genuineCount,
            impostorCount: fitted.impostorCount)
    }
}

extension [Double] {
    /// - Precondition: it is not empty.
    fileprivate func share(upTo limit: Double) -> Double { Double(count { $0 <= limit }) / Double(count) }
}
