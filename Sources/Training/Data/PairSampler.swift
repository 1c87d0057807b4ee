// SPDX-License-Identifier: Apache-2.0

/// Pairs of chosen sorts, drawn so that every identity takes part equally often.
///
/// In the batch the first pair is images 0 and 1, the second 2 and 3, and so on. Each batch has each sort's share of
/// the pairs to within one pair, and over many batches exactly that share on average.
public struct PairSampler: BatchSampler {
    /// The shares of the three sorts of pairs; they need not sum to 1.
    public struct Shares: Sendable, Hashable, Codable {
        /// Two genuine samples of one identity.
        public var genuine: Double
        /// Genuine samples of two identities.
        public var randomImpostor: Double
        /// A genuine sample and a forgery of the same identity.
        public var skilledForgery: Double

        public init(genuine: Double = 0.5, randomImpostor: Double = 0.25, skilledForgery: Double = 0.25) {
            self.genuine = genuine
            self.randomImpostor = randomImpostor
            self.skilledForgery = skilledForgery
        }
    }

    public let batchesPerEpoch: Int
    public private(set) var state: SamplerState
    private let table: IdentityTable
    private let pairsPerBatch: Int
    /// Where in 0…1 the genuine pairs end, and where the random impostors do.
    private let bounds: (genuine: Double, randomImpostor: Double)
    /// The identities with two genuine samples, with one, and with one and a forgery; a deck for each.
    private let repeated: [Int]
    private let present: [Int]
    private let forged: [Int]

    /// - Parameters:
    ///   - shares: Where no identity has a forgery, random impostors take the forgeries' share.
    ///   - batchesPerEpoch: When nil, as many as it takes to draw as many pairs as there are images.
    /// - Throws: ``DataSetError/tooLittle(reason:)`` when a sort of pair with a share cannot be made.
    public init(
        _ table: IdentityTable, pairsPerBatch: Int, shares: Shares = Shares(), batchesPerEpoch: Int? = nil, seed: UInt64
    ) throws(DataSetError) {
        precondition(pairsPerBatch > 0 && (batchesPerEpoch ?? 1) > 0)
        let sum = shares.genuine + shares.randomImpostor + shares.skilledForgery
        precondition(min(shares.genuine, shares.randomImpostor, shares.skilledForgery) >= 0 && sum > 0 && sum.isFinite)
        let identities = table.identities
        repeated = identities.indices.filter { identities[$0].genuine.count >= 2 }
        present = identities.indices.filter { !identities[$0].genuine.isEmpty }
        forged = present.filter { !identities[$0].forgeries.isEmpty }
        bounds = (
            shares.genuine / sum,
            // All that is left is random impostors where nothing was forged.
            forged.isEmpty && shares.genuine < sum ? 1 : (shares.genuine + shares.randomImpostor) / sum
        )
        guard shares.genuine == 0 || !repeated.isEmpty else {
            throw .tooLittle(
                reason: "no identity has two genuine samples, and genuine pairs are asked for; add samples")
        }
        guard bounds.randomImpostor == bounds.genuine || present.count >= 2 else {
            throw .tooLittle(
                reason: "two identities with genuine samples are needed for impostor pairs; add identities")
        }
        self.table = table
        self.pairsPerBatch = pairsPerBatch
        self.batchesPerEpoch = batchesPerEpoch ?? max(1, (table.images.count + pairsPerBatch - 1) / pairsPerBatch)
        state = SamplerState(
            kind: "pair", random: RandomSource(seed: seed),
            decks: [
                ShuffledDeck(count: repeated.count), ShuffledDeck(count: present.count),
                ShuffledDeck(count: forged.count),
            ])
    }

    public mutating func next() -> TrainingBatch {
        var images: [Int] = [], labels: [Int] = [], isForgery: [Bool] = [], pairs: [LabeledPair] = []
        let offset = Double(state.random.uniform())
        for number in 0..<pairsPerBatch {
            let position = (Double(number) + offset) / Double(pairsPerBatch)
            let drawn: [(image: Int, label: Int, isForgery: Bool)]
            if position < bounds.genuine {
                drawn = genuinePair()
            } else if position < bounds.randomImpostor || forged.isEmpty {
                drawn = impostorPair()
            } else {
                drawn = forgeryPair()
            }
            for sample in drawn {
                images.append(sample.image)
                labels.append(sample.label)
                isForgery.append(sample.isForgery)
            }
            pairs.append(LabeledPair(first: 2 * number, second: 2 * number + 1, isSame: position < bounds.genuine))
        }
        return TrainingBatch(images: images, labels: labels, isForgery: isForgery, pairs: pairs)
    }

    public mutating func restore(_ state: SamplerState) throws(DataSetError) {
        try self.state.replace(with: state)
    }

    private mutating func genuinePair() -> [(image: Int, label: Int, isForgery: Bool)] {
        let label = repeated[state.decks[0].draw(&state.random)]
        let genuine = table.identities[label].genuine
        return state.random.sample(2, below: genuine.count).map { (genuine[$0], label, false) }
    }

    private mutating func impostorPair() -> [(image: Int, label: Int, isForgery: Bool)] {
        let first = state.decks[1].draw(&state.random)
        // One of the others: those behind the first move up by one.
        let other = state.random.index(below: present.count - 1)
        return [first, other < first ? other : other + 1].map { position in
            let label = present[position], genuine = table.identities[label].genuine
            return (genuine[state.random.index(below: genuine.count)], label, false)
        }
    }

    private mutating func forgeryPair() -> [(image: Int, label: Int, isForgery: Bool)] {
        let label = forged[state.decks[2].draw(&state.random)]
        let identity = table.identities[label]
        return [
            (identity.genuine[state.random.index(below: identity.genuine.count)], label, false),
            (identity.forgeries[state.random.index(below: identity.forgeries.count)], label, true),
        ]
    }
}

extension RandomSource {
    /// So many different numbers below a count, in random order; each choice is equally likely.
    ///
    /// - Precondition: there are as many.
    mutating func sample(_ wanted: Int, below count: Int) -> [Int] {
        precondition(wanted <= count)
        // R. Floyd's way costs as much as is wanted, not as there are; the order is shuffled after it.
        var chosen: [Int] = []
        for bound in count - wanted..<count {
            let number = index(below: bound + 1)
            chosen.append(chosen.contains(number) ? bound : number)
        }
        chosen.shuffle(using: &self)
        return chosen
    }
}
