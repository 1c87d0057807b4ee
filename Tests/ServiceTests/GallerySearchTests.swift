// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import ProgramHarness
import Recognition
import Service
import Testing
import VectorMath

/// What a search finds against what comparing with everybody finds.
@Suite struct GallerySearchTests {
    private let digest: ModelDigest

    init() throws {
        digest = try #require(ModelDigest(bytes: [UInt8](repeating: 3, count: 32)))
    }

    private func content(_ samples: [[[Float]]]) throws -> GenerationEmbeddings {
        let model = ModelDescription(
            digest: digest, modality: .face, name: "m", version: "1", embeddingSize: samples.first?.first?.count ?? 1)
        return GenerationEmbeddings(
            generation: Generation(id: 7, model: model, state: .active, created: Date()),
            identities: try samples.enumerated().map { number, vectors in
                IdentityEmbeddings(
                    name: try IdentityName("n\(number)"),
                    samples: try vectors.enumerated().map {
                        NumberedEmbedding(number: $0.offset + 1, embedding: try embedding($0.element))
                    })
            }, refusals: [:], damage: [])
    }

    private func embedding(_ values: [Float]) throws -> Embedding {
        try #require(Embedding(values: values, model: digest))
    }

    private func expected(
        _ content: GenerationEmbeddings, _ probe: Embedding, _ rule: IdentityReference.Rule
    ) throws -> [GalleryIndex.Neighbor] {
        try content.identities.map { identity in
            let reference = try IdentityReference(samples: identity.samples.map(\.embedding), rule: rule)
            return GalleryIndex.Neighbor(identity: identity.name, distance: try reference.distance(to: probe))
        }.sorted { ($0.distance, $0.identity.text) < ($1.distance, $1.identity.text) }
    }

    /// In both precisions, and both as it is made at once and as it grows.
    private func compare(
        _ content: GenerationEmbeddings, _ probes: [Embedding], _ rule: IdentityReference.Rule, limits: [Int],
        _ comment: Comment
    ) throws {
        let all = try probes.map { try expected(content, $0, rule) }
        for precision in RowPrecision.allCases {
            let whole = try GalleryIndex(content, rule: rule, precision: precision)
            var grown = GalleryIndex(
                model: content.generation.model, generation: 7, rule: rule, precision: precision)
            for enrolled in content.embeddings { try grown.insert(enrolled.embedding, sample: enrolled.sample) }
            for (probe, everybody) in zip(probes, all) {
                for limit in limits {
                    let nearest = Array(everybody.prefix(limit))
                    #expect(try whole.nearest(to: probe, limit: limit) == nearest, comment)
                    #expect(try grown.nearest(to: probe, limit: limit) == nearest, comment)
                }
            }
        }
    }

    /// Vectors that lie together, among them some that are the same or differ by the least there is.
    private func samples(
        _ count: Int, of columns: Int, size: Float, _ generator: inout SeededGenerator
    ) -> [[[Float]]] {
        let middle = (0..<columns).map { _ in Float.random(in: -size...size, using: &generator) }
        var samples: [[[Float]]] = []
        for number in 0..<count {
            let spread: Float = number % 3 == 0 ? 0.001 : 0.5
            var vectors = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                middle.map { $0 + Float.random(in: -spread...spread, using: &generator) * size }
            }
            if number % 5 == 4, let other = samples.randomElement(using: &generator) {
                vectors = other
                if number % 2 == 0 { vectors[0][columns / 2] = vectors[0][columns / 2].nextUp }
            }
            samples.append(vectors)
        }
        return samples
    }

    @Test(
        arguments: IdentityReference.Rule.allKinds, [1, 2, 3, 13, 16, 31, 128, 512])
    func `it is the same for galleries of any size and vectors of any length`(
        rule: IdentityReference.Rule, columns: Int
    ) throws {
        var generator = SeededGenerator(seed: UInt64(columns))
        for count in [1, 2, 15, 16, 17, 63, 65, 255, 300] {
            // What counts by spread has samples of length 1.
            let size: Float = rule.spread == nil ? [1e-6, 0.1, 1, 30, 1e4].randomElement(using: &generator) ?? 1 : 1
            var samples = samples(count, of: columns, size: size, &generator)
            if rule.spread != nil { samples = samples.map { $0.map(Self.unit) } }
            let probes = [
                samples[count / 2][0], samples[0][0].map { $0 * 0.9 }, samples[count - 1][0].map { $0.nextUp },
            ]
            try compare(
                content(samples), probes.map(embedding), rule, limits: [0, 1, 5, count + 1],
                "\(count) of \(columns) × \(size)")
        }
    }

    private static func unit(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? vector.map { $0 / length } : vector
    }

    @Test(arguments: [IdentityReference.Rule.mean, .minimum])
    func `it is the same for numbers of any size beside one another`(rule: IdentityReference.Rule) throws {
        var generator = SeededGenerator(seed: 12)
        let sizes: [Float] = [0, .leastNonzeroMagnitude, 1e-38, 1e-30, 1e-22, 1e-10, 1, 1e5, 1e15, 1e19, 1e25, 3e38]
        for first in sizes {
            let samples = ([first] + (0..<60).map { _ in sizes.randomElement(using: &generator) ?? 1 }).map { size in
                [(0..<5).map { _ in Float.random(in: -1...1, using: &generator) * size }]
            }
            let probes = sizes.map { size in (0..<5).map { _ in Float.random(in: -1...1, using: &generator) * size } }
            try compare(content(samples), probes.map(embedding), rule, limits: [1, 4, 61], "the first is \(first)")
        }
    }

    @Test func `it is the same however many threads search`() throws {
        var generator = SeededGenerator(seed: 4)
        let samples = (0..<20_000).map { number -> [[Float]] in
            [Self.unit((0..<128).map { _ in Float.random(in: -1...1, using: &generator) })]
        }
        // The same vectors at both ends, so that every thread finds of the nearest.
        let content = try content(samples + samples.prefix(100))
        for rule in [IdentityReference.Rule.normalizedMean, .minimum] {
            for precision in RowPrecision.allCases {
                let index = try GalleryIndex(content, rule: rule, precision: precision)
                for number in [0, 99, 10_000] {
                    let probe = try embedding(samples[number][0].map { $0 + 0.01 })
                    let nearest = Array(try expected(content, probe, rule).prefix(8))
                    for cores in [1, 2, 3, 7] {
                        #expect(try index.nearest(to: probe, limit: 8, cores: cores) == nearest)
                    }
                    let first = try #require(nearest.first).identity
                    #expect(
                        try index.nearest(to: probe, limit: 7, excluding: first, cores: 2)
                            == Array(nearest.dropFirst()))
                }
            }
        }
    }

    @Test func `a gallery that holds nobody has nobody near`() throws {
        let index = try GalleryIndex(content([]), rule: .mean)
        #expect(try index.nearest(to: embedding([1]), limit: 3).isEmpty)
    }

    @Test func `another model's embedding does not come in`() throws {
        let other = try #require(ModelDigest(bytes: [UInt8](repeating: 4, count: 32)))
        let one = try content([[[1, 2]]])
        let mixed = GenerationEmbeddings(
            generation: one.generation,
            identities: [
                IdentityEmbeddings(
                    name: try IdentityName("x"),
                    samples: [
                        NumberedEmbedding(
                            number: 1, embedding: try #require(Embedding(values: [1, 2], model: other)))
                    ])
            ], refusals: [:], damage: [])
        #expect(throws: GalleryError.self) { try GalleryIndex(mixed, rule: .mean) }
    }
}
