// SPDX-License-Identifier: Apache-2.0

/// Draws the batches of training, one after another, without end.
///
/// The same seed gives the same batches, and a sampler whose state is restored goes on as the one it was taken from.
public protocol BatchSampler: Sendable {
    /// How many batches one epoch has; at least 1.
    var batchesPerEpoch: Int { get }
    /// All that the next batches depend on, beside the data and the parameters.
    var state: SamplerState { get }
    mutating func next() -> TrainingBatch
    /// Goes on from a state that a sampler over the same data had.
    ///
    /// - Throws: ``DataSetError/stateMismatch(reason:)`` when the state is that of another sampler or of other data.
    mutating func restore(_ state: SamplerState) throws(DataSetError)
}

/// What a sampler has yet to draw; for checkpoints.
public struct SamplerState: Sendable, Hashable, Codable {
    /// The sort of sampler.
    public let kind: String
    var random: RandomSource
    var decks: [ShuffledDeck]

    /// Takes another's state where it is one of the same sort over as many things.
    mutating func replace(with other: SamplerState) throws(DataSetError) {
        guard other.kind == kind else {
            throw .stateMismatch(reason: "it is the state of a \(other.kind) sampler, and this is a \(kind) sampler")
        }
        guard other.decks.map(\.count) == decks.map(\.count), other.decks.allSatisfy(\.isWhole) else {
            throw .stateMismatch(reason: "it was drawing from other data")
        }
        self = other
    }
}

/// The numbers below a count in random order, and in another order each time that they have all been drawn, so that
/// each is drawn as often as any other.
struct ShuffledDeck: Sendable, Hashable, Codable {
    private var order: [Int]
    private var position: Int

    init(count: Int) {
        order = Array(0..<count)
        position = count
    }

    var count: Int { order.count }

    /// Whether each number below the count is there once: what is decoded from a file may be anything.
    var isWhole: Bool { (0...count).contains(position) && order.sorted() == Array(0..<count) }

    /// - Precondition: the deck has numbers.
    mutating func draw(_ random: inout RandomSource) -> Int {
        if position == order.count {
            order.shuffle(using: &random)
            position = 0
        }
        position += 1
        return order[position - 1]
    }

    /// As many different numbers as asked for, or all there are.
    ///
    /// What is drawn twice because the deck was shuffled in between goes back to its end.
    mutating func draw(_ wanted: Int, _ random: inout RandomSource) -> [Int] {
        let wanted = min(wanted, count)
        var drawn: [Int] = []
        while drawn.count < wanted {
            if position == order.count {
                order.shuffle(using: &random)
                // Those just drawn last, so that none is drawn again before all others were.
                let again = order.filter(drawn.contains)
                order = order.filter { !drawn.contains($0) } + again
                position = 0
            }
            drawn.append(order[position])
            position += 1
        }
        return drawn
    }
}
