// SPDX-License-Identifier: Apache-2.0

/// Episodes: some identities, and of each some genuine samples and some forgeries.
///
/// Every batch has `identities` × (`genuine` + `forgeries`) images, identity by identity, genuine samples first. Where
/// an identity has too few forgeries, more genuine samples of it take their place: ones that the episode does not have
/// yet, and when there is none, some of them again (which augmentation makes look otherwise).
public struct EpisodeSampler: BatchSampler {
    /// What an episode's identities have to do with the groups of the table.
    public enum Grouping: String, Sendable, Hashable, CaseIterable {
        /// They are any.
        case none
        /// All are of one group, which a large group is more often than a small one.
        case within
        /// A batch has an episode of every group: all count the same, however large they are.
        case each
    }

    public let batchesPerEpoch: Int
    public private(set) var state: SamplerState
    /// The names of the identities that are never drawn, because they have too few genuine samples or their group has
    /// too few identities.
    public let leftOut: [String]
    private let table: IdentityTable
    private let shape: Shape
    /// The numbers of the identities that an episode may be drawn from together.
    private let groups: [[Int]]
    /// The group of each card of the first deck: a group has as many as it has episodes' worth of identities.
    private let cards: [Int]
    private let grouping: Grouping

    private struct Shape {
        let identities: Int
        let genuine: Int
        let forgeries: Int
    }

    /// - Parameters:
    ///   - identities: How many identities an episode has; at least 2.
    ///   - genuine: How many genuine samples of each; at least 1. Identities with fewer are left out.
    ///   - batchesPerEpoch: When nil, as many as it takes to draw as many genuine samples as there are.
    /// - Throws: ``DataSetError/tooLittle(reason:)`` when no episode can be drawn, or one of a group that every batch
    ///   is to have an episode of.
    public init(
        _ table: IdentityTable, identities: Int, genuine: Int, forgeries: Int = 0, grouping: Grouping = .none,
        batchesPerEpoch: Int? = nil, seed: UInt64
    ) throws(DataSetError) {
        precondition(identities >= 2 && genuine >= 1 && forgeries >= 0 && (batchesPerEpoch ?? 1) > 0)
        let isGrouped = grouping != .none
        let candidates = Dictionary(grouping: table.identities.indices) {
            isGrouped ? table.identities[$0].group ?? "" : ""
        }
        .mapValues { $0.filter { table.identities[$0].genuine.count >= genuine } }.sorted { $0.key < $1.key }
        if grouping == .each, let lacking = candidates.first(where: { $0.value.count < identities }) {
            throw .tooLittle(
                reason:
                    "each batch has an episode of \(identities) identities of “\(lacking.key)” with \(genuine) genuine samples each, and "
                    + "\(lacking.value.count) have as many; ask for smaller episodes or add samples")
        }
        let groups = candidates.map(\.value).filter { $0.count >= identities }
        guard !groups.isEmpty else {
            throw .tooLittle(
                reason:
                    "an episode has \(identities) identities\(isGrouped ? " of one group" : "") with \(genuine) genuine "
                    + "samples each, and at most \(candidates.map(\.value.count).max() ?? 0) have as many; "
                    + "ask for smaller episodes or add samples")
        }
        let drawn = Set(groups.joined())
        leftOut = table.identities.indices.filter { !drawn.contains($0) }.map { table.identities[$0].name }
        cards = groups.indices.flatMap { Array(repeating: $0, count: groups[$0].count / identities) }
        self.groups = groups
        self.table = table
        self.grouping = grouping
        shape = Shape(identities: identities, genuine: genuine, forgeries: forgeries)
        let samples = drawn.reduce(0) { $0 + table.identities[$1].genuine.count }
        let drawnAtOnce = identities * genuine * (grouping == .each ? groups.count : 1)
        self.batchesPerEpoch = batchesPerEpoch ?? max(1, (samples + drawnAtOnce - 1) / drawnAtOnce)
        state = SamplerState(
            kind: "episode", random: RandomSource(seed: seed),
            decks: [ShuffledDeck(count: cards.count)] + groups.map { ShuffledDeck(count: $0.count) })
    }

    public mutating func next() -> TrainingBatch {
        guard grouping == .each else {
            let episode = draw(from: cards[state.decks[0].draw(&state.random)])
            return TrainingBatch(images: episode.images, labels: episode.labels, isForgery: episode.isForgery)
        }
        var images: [Int] = [], labels: [Int] = [], isForgery: [Bool] = [], episodes: [Int] = []
        for group in groups.indices {
            let episode = draw(from: group)
            images += episode.images
            labels += episode.labels
            isForgery += episode.isForgery
            episodes += episode.images.map { _ in group }
        }
        return TrainingBatch(images: images, labels: labels, isForgery: isForgery, episodes: episodes)
    }

    private mutating func draw(from group: Int) -> (images: [Int], labels: [Int], isForgery: [Bool]) {
        let chosen = state.decks[1 + group].draw(shape.identities, &state.random).map { groups[group][$0] }
        var images: [Int] = [], labels: [Int] = [], isForgery: [Bool] = []
        for label in chosen {
            let identity = table.identities[label]
            let forgeries = state.random.sample(
                min(shape.forgeries, identity.forgeries.count), below: identity.forgeries.count)
            let wanted = shape.genuine + shape.forgeries - forgeries.count
            var genuine = state.random.sample(min(wanted, identity.genuine.count), below: identity.genuine.count)
            while genuine.count < wanted { genuine.append(state.random.index(below: identity.genuine.count)) }
            images += genuine.map { identity.genuine[$0] } + forgeries.map { identity.forgeries[$0] }
            isForgery += genuine.map { _ in false } + forgeries.map { _ in true }
            labels += Array(repeating: label, count: wanted + forgeries.count)
        }
        return (images, labels, isForgery)
    }

    public mutating func restore(_ state: SamplerState) throws(DataSetError) {
        try self.state.replace(with: state)
    }
}
