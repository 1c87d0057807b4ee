import Recognition

extension Calibration {
    /// The calibration that holds for references of all numbers of samples that were measured: a and d₀ are fitted to
    /// all comparisons together, and each rate's threshold is the strictest that a number of samples asks for.
    ///
    /// - Parameter results: of one draw each, so that no comparison counts twice.
    static func fit(
        _ results: [VerificationResult], impostors: PackageRecipe.Impostors, set: String, rates: [Double] = standardRates
    ) throws(CalibrationError) -> Calibration {
        let evaluations = results.map { result in
            let compared = switch impostors {
            case .random: result.trials.random
            case .skilled: result.trials.skilled
            case .both: result.trials.random + result.trials.skilled
            }
            return Evaluation(genuine: result.trials.genuine.map { Double($0.distance) }, impostor: compared.map { Double($0.distance) })
        }.filter { !$0.genuine.isEmpty && !$0.impostor.isEmpty }
        let fitted = try fit(
            genuine: evaluations.flatMap(\.genuine), impostor: evaluations.flatMap(\.impostor), set: set, rates: rates)
        let points = fitted.operatingPoints.map { point in
            evaluations.map { $0.operatingPoint(falseMatchRate: point.falseMatchRate) }.min { $0.threshold < $1.threshold } ?? point
        }
        return try Calibration(
            a: fitted.a, d0: fitted.d0, operatingPoints: points, set: set, genuineCount: fitted.genuineCount,
            impostorCount: fitted.impostorCount)
    }
}

extension PackageRecipe.Impostors {
    /// For the calibration's `set`.
    var words: String {
        switch self {
        case .random: "other people's samples"
        case .skilled: "forgeries"
        case .both: "other people's samples and forgeries"
        }
    }
}
