// SPDX-License-Identifier: Apache-2.0

/// The errors over listed pairs of images.
public struct PairEvaluation: Sendable {
    public let rates: ErrorRates
    /// The pairs with their distances, by their number in the list.
    public let genuine: [VerificationTrial]
    public let impostor: [VerificationTrial]

    /// - Parameters:
    ///   - distances: one for each pair; infinite or not a number where there is none.
    ///   - isSame: whether a pair is of one identity.
    ///   - identities: for each pair what it belongs to in the bootstrap, from 0: the identity of its first image.
    ///     Nil where identities are unknown; pairs are then drawn one by one, which takes them for independent and
    ///     makes the interval too narrow where images occur in several.
    /// - Throws: ``EvaluationError/mismatch(_:)`` when the lengths differ; ``EvaluationError/tooLittle(_:)`` without
    ///   pairs of both kinds.
    public init(
        distances: [Float], isSame: [Bool], identities: [Int]? = nil, bootstrap: BootstrapSettings = BootstrapSettings()
    ) throws(EvaluationError) {
        guard distances.count == isSame.count, identities.map({ $0.count == isSame.count }) ?? true else {
            throw .mismatch(
                "\(distances.count) distances, \(isSame.count) labels"
                    + (identities.map { " and \($0.count) identities" } ?? ""))
        }
        guard (identities ?? []).allSatisfy({ (0..<Int(Int32.max)).contains($0) }) else {
            throw .mismatch("an identity is not a number from 0")
        }
        let trials = distances.indices.map {
            VerificationTrial(distance: distances[$0], identity: identities?[$0] ?? $0, probe: $0)
        }
        genuine = trials.filter { isSame[Int($0.probe)] }
        impostor = trials.filter { !isSame[Int($0.probe)] }
        guard
            let rates = ErrorRates(
                genuine: genuine, impostor: impostor, bootstrap: bootstrap,
                unit: identities == nil ? .pairs : .identities)
        else {
            throw .tooLittle(
                "\(genuine.count) pairs of one identity and \(impostor.count) of two have a distance; both kinds are needed"
            )
        }
        self.rates = rates
    }
}
