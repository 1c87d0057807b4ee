// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import ProgramHarness
import Recognition
import Service
import Testing
import VectorMath

/// The index against a plain copy of what it should hold.
@Suite struct GalleryIndexTests {
    private let description: ModelDescription

    init() throws {
        let digest = try #require(ModelDigest(bytes: [UInt8](repeating: 3, count: 32)))
        // No multiple of eight, so that the last lanes of a row are filled up.
        description = ModelDescription(digest: digest, modality: .face, name: "m", version: "1", embeddingSize: 13)
    }

    private func embedding(_ generator: inout SeededGenerator) throws -> Embedding {
        let values = (0..<13).map { _ in Float.random(in: -1...1, using: &generator) }
        return try #require(Embedding(values: values, model: description.digest))
    }

    private func expected(
        _ plain: [IdentityName: [Int: Embedding]], _ probe: Embedding, rule: IdentityReference.Rule
    ) throws -> [GalleryIndex.Neighbor] {
        try plain.map { name, samples in
            let ordered = samples.sorted { $0.key < $1.key }.map(\.value)
            return GalleryIndex.Neighbor(
                identity: name, distance: try IdentityReference(samples: ordered, rule: rule).distance(to: probe))
        }.sorted { ($0.distance, $0.identity.text) < ($1.distance, $1.identity.text) }
    }

    @Test(arguments: IdentityReference.Rule.allKinds, RowPrecision.allCases)
    func `any order of insertions and removals leaves what is enrolled`(
        _ rule: IdentityReference.Rule, precision: RowPrecision
    ) throws {
        var generator = SeededGenerator(seed: 5)
        var index = GalleryIndex(model: description, generation: 1, rule: rule, precision: precision)
        var plain: [IdentityName: [Int: Embedding]] = [:]
        let names = try (0..<400).map { try IdentityName("n\($0)") }
        for step in 0..<3000 {
            let name = try #require(names.randomElement(using: &generator))
            switch Int.random(in: 0..<5, using: &generator) {
            case 0:
                index.remove(name)
                plain[name] = nil
            case 1:
                guard let number = plain[name]?.keys.sorted().randomElement(using: &generator) else { continue }
                try index.remove(sample: SampleReference(identity: name, number: number))
                plain[name]?[number] = nil
                if plain[name]?.isEmpty ?? false { plain[name] = nil }
            default:
                guard (plain[name]?.count ?? 0) < 5 else { continue }
                let number = (plain[name]?.keys.max() ?? 0) + 1, embedding = try embedding(&generator)
                try index.insert(embedding, sample: SampleReference(identity: name, number: number))
                plain[name, default: [:]][number] = embedding
            }
            if step % 300 == 0 || step == 2999 {
                let probe = try embedding(&generator)
                #expect(try index.nearest(to: probe, limit: 1000) == expected(plain, probe, rule: rule), "step \(step)")
            }
        }
        #expect(plain.count > 256, "more than a block of rows")
        let probe = try embedding(&generator)
        let all = try expected(plain, probe, rule: rule)
        #expect(try index.nearest(to: probe, limit: 7) == Array(all.prefix(7)))
        let first = try #require(all.first).identity
        #expect(try index.nearest(to: probe, limit: 7, excluding: first) == Array(all.dropFirst().prefix(7)))
        for name in plain.keys { index.remove(name) }
        #expect(try index.nearest(to: probe, limit: 7).isEmpty)
        #expect(index.identities.isEmpty)
    }

    @Test func `an older value stays as it was`() throws {
        var generator = SeededGenerator(seed: 6)
        var index = GalleryIndex(model: description, generation: 1, rule: .minimum)
        let names = try (0..<300).map { try IdentityName("n\($0)") }
        for name in names {
            try index.insert(embedding(&generator), sample: SampleReference(identity: name, number: 1))
        }
        let probe = try embedding(&generator)
        let older = index, before = try older.nearest(to: probe, limit: 300)
        for name in names.dropFirst(10) { index.remove(name) }
        try index.insert(probe, sample: SampleReference(identity: names[0], number: 2))
        #expect(try older.nearest(to: probe, limit: 300) == before)
        #expect(try index.nearest(to: probe, limit: 300).count == 10)
    }

    @Test func `another model's embedding is not compared`() throws {
        let index = GalleryIndex(model: description, generation: 1, rule: .mean)
        let digest = try #require(ModelDigest(bytes: [UInt8](repeating: 4, count: 32)))
        let foreign = try #require(Embedding(values: [Float](repeating: 1, count: 13), model: digest))
        let short = try #require(Embedding(values: [1, 2], model: description.digest))
        #expect(throws: IncomparableEmbeddings.self) { try index.nearest(to: foreign, limit: 1) }
        #expect(!index.accepts(short))
    }

    @Test func `equal distances are listed by name`() throws {
        var index = GalleryIndex(model: description, generation: 1, rule: .mean), generator = SeededGenerator(seed: 8)
        let same = try embedding(&generator)
        for name in ["d", "b", "e", "a", "c"] {
            try index.insert(same, sample: SampleReference(identity: IdentityName(name), number: 1))
        }
        #expect(try index.nearest(to: same, limit: 3).map(\.identity.text) == ["a", "b", "c"])
    }
}

extension IdentityReference.Rule {
    /// Of every point, and by spread.
    static var allKinds: [IdentityReference.Rule] {
        Point.allCases.map { IdentityReference.Rule($0) }
            + [IdentityReference.Rule(.normalizedMean, spread: ReferenceSpread(usual: 0.4))]
            + [IdentityReference.Rule(.mean, countScale: SampleCountScale(gain: 0.1))]
    }
}
