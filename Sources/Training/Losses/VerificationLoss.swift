// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What verification with one global threshold asks of embeddings of length 1: a genuine sample is nearer to the other
/// samples of its identity than ``threshold``, and a forgery and everybody else are farther.
///
/// The prototype p of an identity is the mean of its genuine samples brought to length 1, as a reference of an enrolled
/// identity is; a genuine sample z that is compared with its own identity is left out of it. With squared distances
/// d² = |z − p|², the scale s, the threshold t and softplus x = ln(1 + eˣ), the loss is the weighted sum of
///
/// - *identification*: the mean over genuine samples of the cross-entropy of a softmax over −s·d² to every identity's
///   prototype (Snell, Swersky and Zemel, *Prototypical Networks for Few-shot Learning*, 2017);
/// - *genuine*: the mean over genuine samples of softplus(s·(d² − t)), d² being that to their own prototype;
/// - *forgery*: the mean over forgeries of softplus(s·(t − d²)), d² being that to the prototype they imitate;
/// - *impostor*: the mean over genuine samples of softplus(s·(t − h)), h being a soft minimum of d² to all others'
///   prototypes: −ln Σ exp(−8·d²) / 8.
///
/// With *varied* references a prototype is the mean of one sample, of two, and so on up to all there are, in turn, as
/// an enrolled identity's reference may be: a genuine sample and a forgery are compared with prototypes of all sizes.
///
/// The first is relative to the batch; the others tie distances of all identities to one threshold. Samples of an
/// identity with one genuine sample are only compared with others; forgeries of an identity without one are not looked
/// at, nor are pairs that the batch states.
public struct VerificationLoss: EmbeddingLoss, Sendable, Hashable {
    /// What each part of the sum counts.
    public struct Weights: Sendable, Hashable {
        public var identification: Double
        public var genuine: Double
        public var forgery: Double
        public var impostor: Double

        /// - Parameters: each at least 0.
        public init(identification: Double = 0.5, genuine: Double = 2, forgery: Double = 1, impostor: Double = 1) {
            self.identification = identification
            self.genuine = genuine
            self.forgery = forgery
            self.impostor = impostor
        }

        fileprivate var isValid: Bool {
            [identification, genuine, forgery, impostor].allSatisfy { $0 >= 0 && $0.isFinite }
        }
    }

    /// Of how many samples prototypes are made.
    public enum References: String, Sendable, Hashable, CaseIterable {
        /// Of all genuine samples of the identity in the batch.
        case all
        /// Of one, two, … all of them.
        case varied
    }

    /// How steeply distances count.
    public let scale: Double
    /// A squared distance: of vectors of length 1, from 0 to 4.
    public let threshold: Double
    public let weights: Weights
    public let references: References
    private static let hardness = 8.0

    /// - Throws: ``TrainingError/invalidInput(reason:)`` when scale or threshold is not above 0, or a weight is below
    ///   0.
    public init(
        scale: Double = 6, threshold: Double = 0.5, weights: Weights = Weights(), references: References = .all
    ) throws(TrainingError) {
        guard scale > 0, scale.isFinite, threshold > 0, threshold.isFinite, weights.isValid else {
            throw .invalidInput(
                reason:
                    "the verification loss has the scale \(scale), the threshold \(threshold) and the weights \(weights); "
                    + "the first two have to be above 0, and no weight below")
        }
        self.scale = scale
        self.threshold = threshold
        self.weights = weights
        self.references = references
    }

    public func evaluate(_ batch: EmbeddingBatch) throws(TrainingError) -> LossValue {
        let rows = try EmbeddingRows(batch).values
        var sums = PrototypeDistances(rows: rows, dimension: batch.dimension)
        let identities = identities(of: batch)
        let full = identities.enumerated().map { number, identity in
            sums.addPrototype(members(of: identity.genuine, number))
        }
        // Nobody is compared with an identity's only sample but others.
        var queries: [Query] = [], forgeries: [(row: Int, prototype: Int)] = []
        for (own, identity) in identities.enumerated() {
            let genuine = identity.genuine
            // Those that follow, around the end, so that each is in as many prototypes.
            if genuine.count > 1 {
                for (number, row) in genuine.enumerated() {
                    let others = Array(genuine[(number + 1)...] + genuine[..<number])
                    queries.append(Query(row: row, own: own, prototype: sums.addPrototype(members(of: others, number))))
                }
            }
            for (number, row) in identity.forgeries.enumerated() {
                let first = number % genuine.count
                let prototype =
                    references == .all
                    ? full[own] : sums.addPrototype(members(of: Array(genuine[first...] + genuine[..<first]), number))
                forgeries.append((row, prototype))
            }
        }
        var loss = 0.0
        for query in queries { loss += add(query, full, share: 1 / Double(queries.count), to: &sums) }
        for forgery in forgeries {
            let squared = sums.squaredDistance(forgery.row, forgery.prototype), excess = scale * (threshold - squared)
            let share = weights.forgery / Double(forgeries.count)
            loss += share * softplus(excess)
            sums.add(forgery.row, forgery.prototype, slope: -share * scale * sigmoid(excess))
        }
        return try LossValue(checking: loss, gradient: sums.gradient())
    }

    /// The samples of which the prototype with a number is made.
    private func members(of genuine: [Int], _ number: Int) -> [Int] {
        switch references {
        case .all: genuine
        case .varied: Array(genuine.prefix(1 + number % genuine.count))
        }
    }

    private struct Query {
        let row: Int
        let own: Int
        /// That of its identity without it.
        let prototype: Int
    }

    /// The parts of the loss that a genuine sample has.
    private func add(_ query: Query, _ full: [Int], share: Double, to sums: inout PrototypeDistances) -> Double {
        let compared = full.indices.map { $0 == query.own ? query.prototype : full[$0] }
        let squared = compared.map { sums.squaredDistance(query.row, $0) }
        var slopes = Array(repeating: 0.0, count: compared.count), loss = 0.0

        let softmax = Softmax(squared.map { -scale * $0 })
        loss += weights.identification * (softmax.logSum + scale * squared[query.own])
        for position in slopes.indices {
            slopes[position] -=
                weights.identification * scale * (softmax.probabilities[position] - (position == query.own ? 1 : 0))
        }
        let excess = scale * (squared[query.own] - threshold)
        loss += weights.genuine * softplus(excess)
        slopes[query.own] += weights.genuine * scale * sigmoid(excess)

        let others = compared.indices.filter { $0 != query.own }
        if !others.isEmpty {
            let nearest = Softmax(others.map { -Self.hardness * squared[$0] })
            let lack = scale * (threshold + nearest.logSum / Self.hardness)
            loss += weights.impostor * softplus(lack)
            for (position, probability) in zip(others, nearest.probabilities) {
                slopes[position] -= weights.impostor * scale * sigmoid(lack) * probability
            }
        }
        for (position, slope) in zip(compared, slopes) { sums.add(query.row, position, slope: share * slope) }
        return share * loss
    }

    private struct Identity {
        var genuine: [Int] = []
        var forgeries: [Int] = []
    }

    /// In the order in which labels first have a genuine sample.
    private func identities(of batch: EmbeddingBatch) -> [Identity] {
        var identities: [Identity] = [], positions: [Int: Int] = [:]
        for row in 0..<batch.count where !batch.isForgery[row] {
            let position = positions[batch.labels[row], default: identities.count]
            if position == identities.count {
                positions[batch.labels[row]] = position
                identities.append(Identity())
            }
            identities[position].genuine.append(row)
        }
        for row in 0..<batch.count where batch.isForgery[row] {
            if let position = positions[batch.labels[row]] { identities[position].forgeries.append(row) }
        }
        return identities
    }

    private func softplus(_ value: Double) -> Double { max(value, 0) + log1p(exp(-abs(value))) }
    private func sigmoid(_ value: Double) -> Double {
        value >= 0 ? 1 / (1 + exp(-value)) : exp(value) / (1 + exp(value))
    }
}

/// Squared distances of rows to directions of means of rows, and the derivative gathered through both.
private struct PrototypeDistances {
    let rows: [Double]
    let dimension: Int
    private var rowGradient: [Double]
    private var members: [[Int]] = []
    private var lengths: [Double] = []
    /// Prototype by prototype, and the derivatives with respect to them.
    private var directions: [Double] = []
    private var directionGradient: [Double] = []

    init(rows: [Double], dimension: Int) {
        self.rows = rows
        self.dimension = dimension
        rowGradient = Array(repeating: 0, count: rows.count)
    }

    /// - Returns: its number.
    mutating func addPrototype(_ members: [Int]) -> Int {
        let mean = (0..<dimension).map { position in
            members.reduce(0.0) { $0 + rows[$1 * dimension + position] } / Double(members.count)
        }
        let length = mean.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
        let factor = Normalization.isDirected(length) ? 1 / length : 0
        self.members.append(members)
        lengths.append(length)
        directions += mean.map { $0 * factor }
        directionGradient += Array(repeating: 0, count: dimension)
        return self.members.count - 1
    }

    func squaredDistance(_ row: Int, _ prototype: Int) -> Double {
        var sum = 0.0
        for position in 0..<dimension {
            let difference = rows[row * dimension + position] - directions[prototype * dimension + position]
            sum += difference * difference
        }
        return sum
    }

    /// Adds the derivative of `slope` times the squared distance.
    mutating func add(_ row: Int, _ prototype: Int, slope: Double) {
        if slope == 0 { return }
        for position in 0..<dimension {
            let change = 2 * slope * (rows[row * dimension + position] - directions[prototype * dimension + position])
            rowGradient[row * dimension + position] += change
            directionGradient[prototype * dimension + position] -= change
        }
    }

    /// The derivative with respect to the rows.
    func gradient() -> [Double] {
        var gradient = rowGradient, pulled = directionGradient
        for (prototype, members) in members.enumerated() {
            let range = prototype * dimension..<(prototype + 1) * dimension
            Normalization.pullBack(&pulled, range, direction: directions, length: lengths[prototype])
            for row in members {
                for position in 0..<dimension {
                    gradient[row * dimension + position] += pulled[range.lowerBound + position] / Double(members.count)
                }
            }
        }
        return gradient
    }
}
