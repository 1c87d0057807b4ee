// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Training

@Suite struct SamplerTests {
    /// Images 100·i … of identity i: 4 genuine, and for the even ones 2 forgeries (from 100·i + 50).
    private func table(_ count: Int, forged: Bool = true) -> IdentityTable {
        var identities: [IdentityTable.Identity] = []
        for number in 0..<count {
            let first = 100 * number
            identities.append(
                IdentityTable.Identity(
                    name: String(format: "%03d", number), group: "\(number % 3)", genuine: Array(first..<first + 4),
                    forgeries: forged && number % 2 == 0 ? [first + 50, first + 51] : []))
        }
        return IdentityTable(identities)
    }

    private func list() throws -> PairList {
        let folder = try DataFolder()
        for number in 0..<8 { try folder.image("\(number).png") }
        return try PairList.read(
            try folder.write(
                (0..<7).map { "\($0).png,\($0 + 1).png,\($0 % 2)" }.joined(separator: "\n"), to: "pairs.csv"))
    }

    private func samplers() throws -> [any BatchSampler] {
        [
            try PairSampler(table(9), pairsPerBatch: 5, seed: 3),
            try PairListSampler(try list(), pairsPerBatch: 3, seed: 3),
            try EpisodeSampler(table(9), identities: 3, genuine: 2, forgeries: 1, grouping: .within, seed: 3),
        ]
    }

    @Test func aSamplerGoesOnFromAStateThatWasWrittenAndRead() throws {
        for var sampler in try samplers() {
            for _ in 0..<7 { _ = sampler.next() }
            let written = try JSONEncoder().encode(sampler.state)
            let expected = (0..<20).map { _ in sampler.next() }
            let kind = type(of: sampler)
            var resumed = try #require(try samplers().first { type(of: $0) == kind })
            try resumed.restore(JSONDecoder().decode(SamplerState.self, from: written))
            #expect((0..<20).map { _ in resumed.next() } == expected)
            #expect(resumed.state == sampler.state)
        }
    }

    @Test func theSeedChoosesTheBatches() throws {
        func batches(_ seed: UInt64) throws -> [TrainingBatch] {
            var sampler = try PairSampler(table(9), pairsPerBatch: 5, seed: seed)
            return (0..<3).map { _ in sampler.next() }
        }
        #expect(try batches(1) == batches(1))
        #expect(try batches(1) != batches(2))
    }

    @Test func aStateOfOtherDataOrAnotherSamplerIsRefused() throws {
        var sampler = try PairSampler(table(9), pairsPerBatch: 5, seed: 3)
        #expect(throws: DataSetError.self) {
            try sampler.restore(PairSampler(table(8), pairsPerBatch: 5, seed: 3).state)
        }
        #expect(throws: DataSetError.self) {
            try sampler.restore(EpisodeSampler(table(9), identities: 2, genuine: 2, seed: 3).state)
        }
        let text = String(decoding: try JSONEncoder().encode(sampler.state), as: UTF8.self)
        let damaged = text.replacingOccurrences(of: "[0,1,2,3,4,5,6,7,8]", with: "[0,1,2,3,4,5,6,7,900]")
        #expect(damaged != text)
        #expect(throws: DataSetError.self) {
            try sampler.restore(JSONDecoder().decode(SamplerState.self, from: Data(damaged.utf8)))
        }
    }

    @Test func pairsAreOfTheSortsThatTheirLabelsSayInTheirShares() throws {
        var sampler = try PairSampler(
            table(9), pairsPerBatch: 10, shares: .init(genuine: 0.5, randomImpostor: 0.3, skilledForgery: 0.2), seed: 1)
        var counts = (genuine: 0, random: 0, skilled: 0), timesDrawn = Array(repeating: 0, count: 9)
        for _ in 0..<90 {
            let batch = sampler.next()
            let pairs = try #require(batch.pairs)
            #expect(pairs.count == 10 && batch.images.count == 20)
            #expect((4...6).contains(pairs.count(where: \.isSame)))
            for pair in pairs {
                for position in [pair.first, pair.second] {
                    #expect(batch.images[position] / 100 == batch.labels[position])
                    #expect((batch.images[position] % 100 >= 50) == batch.isForgery[position])
                }
                let isOneLabel = batch.labels[pair.first] == batch.labels[pair.second]
                if pair.isSame {
                    #expect(isOneLabel && !batch.isForgery[pair.first] && !batch.isForgery[pair.second])
                    #expect(batch.images[pair.first] != batch.images[pair.second])
                    counts.genuine += 1
                    timesDrawn[batch.labels[pair.first]] += 1
                } else if isOneLabel {
                    #expect(!batch.isForgery[pair.first] && batch.isForgery[pair.second])
                    counts.skilled += 1
                } else {
                    #expect(!batch.isForgery[pair.first] && !batch.isForgery[pair.second])
                    counts.random += 1
                }
            }
        }
        #expect(abs(counts.genuine - 450) <= 20 && abs(counts.random - 270) <= 20 && abs(counts.skilled - 180) <= 20)
        // Every identity as often as any other, to within the round that is not done.
        #expect((timesDrawn.max() ?? 0) - (timesDrawn.min() ?? 0) <= 1)
    }

    @Test func withoutForgeriesRandomImpostorsTakeTheirShare() throws {
        var sampler = try PairSampler(table(9, forged: false), pairsPerBatch: 8, seed: 1)
        let batch = sampler.next()
        #expect(batch.pairs?.count(where: \.isSame) == 4)
        #expect(batch.isForgery.allSatisfy { !$0 })
    }

    @Test func pairsThatCannotBeMadeAreRefused() {
        let single = IdentityTable([.init(name: "a", genuine: [0]), .init(name: "b", genuine: [1])])
        #expect(throws: DataSetError.self) { try PairSampler(single, pairsPerBatch: 2, seed: 1) }
        let one = IdentityTable([.init(name: "a", genuine: [0, 1])])
        #expect(throws: DataSetError.self) { try PairSampler(one, pairsPerBatch: 2, seed: 1) }
    }

    @Test func listedPairsAreAllDrawnBeforeOneIsDrawnAgain() throws {
        let list = try list()
        var sampler = try PairListSampler(list, pairsPerBatch: 7, seed: 2)
        #expect(sampler.batchesPerEpoch == 1)
        var orders: Set<[Int]> = []
        for _ in 0..<4 {
            let batch = sampler.next()
            orders.insert(batch.images)
            let drawn = try #require(batch.pairs).map {
                LabeledPair(first: batch.images[$0.first], second: batch.images[$0.second], isSame: $0.isSame)
            }
            #expect(Set(drawn) == Set(list.pairs))
        }
        #expect(orders.count == 4)
        #expect(try PairListSampler(list, pairsPerBatch: 3, seed: 2).batchesPerEpoch == 3)
    }

    @Test func episodesHaveTheirShapeAndDifferentSamplesOfDifferentIdentities() throws {
        var sampler = try EpisodeSampler(table(9), identities: 4, genuine: 2, forgeries: 1, seed: 1)
        var timesDrawn = Array(repeating: 0, count: 9)
        for _ in 0..<45 {
            let batch = sampler.next()
            #expect(batch.images.count == 12 && batch.pairs == nil && Set(batch.labels).count == 4)
            #expect(Set(batch.images).count == 12)
            for position in stride(from: 0, to: 12, by: 3) {
                let label = batch.labels[position]
                timesDrawn[label] += 1
                #expect(batch.labels[position..<position + 3].allSatisfy { $0 == label })
                // Odd identities have no forgery: a third genuine sample takes its place.
                #expect(Array(batch.isForgery[position..<position + 3]) == [false, false, label % 2 == 0])
                #expect(batch.images[position..<position + 3].allSatisfy { $0 / 100 == label })
            }
        }
        #expect((timesDrawn.max() ?? 0) - (timesDrawn.min() ?? 0) <= 1)
    }

    @Test func episodesWithinAGroupStayInIt() throws {
        var sampler = try EpisodeSampler(table(9), identities: 3, genuine: 4, grouping: .within, seed: 1)
        var groups: Set<Int> = []
        for _ in 0..<30 {
            let drawn = Set(sampler.next().labels.map { $0 % 3 })
            #expect(drawn.count == 1)
            groups.formUnion(drawn)
        }
        #expect(groups == [0, 1, 2])
        #expect(throws: DataSetError.self) {
            try EpisodeSampler(table(9), identities: 4, genuine: 2, grouping: .within, seed: 1)
        }
        #expect(throws: DataSetError.self) { try EpisodeSampler(table(9), identities: 2, genuine: 5, seed: 1) }
    }

    @Test func episodesOfEachGroupHaveAsManyIdentitiesOfEveryGroupHoweverLargeItIs() throws {
        var identities: [IdentityTable.Identity] = []
        for (group, count) in [("a", 8), ("b", 3)] {
            for number in 0..<count {
                identities.append(
                    IdentityTable.Identity(name: "\(group)\(number)", group: group, genuine: [0, 1, 2], forgeries: [3]))
            }
        }
        let table = IdentityTable(identities)
        var sampler = try EpisodeSampler(table, identities: 3, genuine: 2, forgeries: 1, grouping: .each, seed: 1)
        for _ in 0..<20 {
            let batch = sampler.next()
            let episodes = try #require(batch.episodes)
            #expect(batch.images.count == 18)
            for (label, episode) in zip(batch.labels, episodes) {
                #expect(table.identities[label].group == (episode == 0 ? "a" : "b"))
            }
            let small = zip(batch.labels, episodes).filter { $0.1 == 1 }.map { $0.0 }
            #expect(Set(small).count == 3)
        }
        let state = sampler.state, expected = sampler.next()
        var again = try EpisodeSampler(table, identities: 3, genuine: 2, forgeries: 1, grouping: .each, seed: 9)
        try again.restore(state)
        #expect(again.next() == expected)
        // A group that cannot fill its episode is not left out in silence.
        #expect(throws: DataSetError.self) {
            try EpisodeSampler(table, identities: 4, genuine: 2, grouping: .each, seed: 1)
        }
    }
}
