// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Biometrics
import Foundation
import Gallery
import ProgramHarness
import Recognition
import Service
import VectorMath

/// Identification in memory against faiss's flat index, in one run.
struct SearchBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "The search among all enrolled embeddings against faiss's IndexFlatL2 on one thread.",
        discussion: """
            Both are asked in turn, each twice, and the second time counts. Of ten turns the least of each is taken, because a search is \
            shorter than what the system gives to others in between; the ratio is the median of these. It ends with 1 when the ratio of a \
            gallery and a way of keeping it is worse than the recorded one by more than 3 % and by more than its noise, or when an answer \
            differs from faiss's.
            """)

    @Option(help: "Numbers of identities, with commas.")
    var identities = "10000,100000,1000000"

    @Option(help: "Numbers of an embedding.")
    var columns = 128

    @Option(help: "How many of the nearest are asked for.")
    var limit = 5

    @Option(help: "Rounds of ten turns, after one that does not count.")
    var rounds = 20

    @Option(help: "The file with the ratios that are recorded.")
    var ratios = "Benchmarks/search-ratios.json"

    @Flag(help: "Write the ratios of this run to the file.")
    var record = false

    private static let probes = 16
    private static let turns = 10

    func run() async throws {
        guard let python = TestEnvironment.python else {
            throw ValidationError("LIKENESS_PYTHON names no Python with faiss; scripts/benchmark sets it")
        }
        let counts = identities.split(separator: ",").compactMap { Int($0) }
        guard !counts.isEmpty, counts.allSatisfy({ $0 > 0 }), columns > 0, limit > 0, rounds > 0 else {
            throw ValidationError("every number has to be above 0")
        }
        var recorded = try RecordedRatios(file: ratios, allowsNone: record), worse: [String] = []
        print(Self.line("gallery", "Likeness", "faiss", "ratio", "95 %", "p95", "same answers"))
        for count in counts {
            worse += try measure(count, python: python, &recorded)
        }
        if record { return try recorded.write(to: ratios) }
        guard worse.isEmpty else {
            print("slower than recorded in \(ratios), or answered otherwise: \(worse.joined(separator: ", "))")
            throw ExitCode(1)
        }
    }

    fileprivate static func line(_ words: String...) -> String {
        zip(words, [36, 12, 12, 8, 14, 8, 12]).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined()
    }

    private func measure(_ count: Int, python: String, _ recorded: inout RecordedRatios) throws -> [String] {
        var generator = SeededGenerator(seed: 3)
        func unit() -> [Float] {
            let values = (0..<columns).map { _ in Float.random(in: -1...1, using: &generator) }
            let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return values.map { $0 / length }
        }
        guard let digest = ModelDigest(bytes: Array(repeating: 1, count: 32)) else { throw HarnessError("no digest") }
        func embedding(_ values: [Float]) throws -> Embedding {
            guard let embedding = Embedding(values: values, model: digest) else { throw HarnessError("no embedding") }
            return embedding
        }
        let rows = try (0..<count).map { _ in try embedding(unit()) }
        let probes = try (0..<Self.probes).map { _ in try embedding(unit()) }
        let content = GenerationEmbeddings(
            generation: Generation(
                id: 1,
                model: ModelDescription(
                    digest: digest, modality: .face, name: "random", version: "1", embeddingSize: columns),
                state: .active, created: Date()),
            identities: try rows.enumerated().map { number, row in
                IdentityEmbeddings(
                    name: try IdentityName("\(number)"), samples: [NumberedEmbedding(number: 1, embedding: row)])
            }, refusals: [:], damage: [])
        let peer = try FaissPeer(
            python: python, rows: rows.flatMap(\.values), probes: probes.flatMap(\.values), columns: columns,
            threads: 1)
        defer { peer.stop() }
        let expected = try (0..<Self.probes).map { try peer.nearest(to: $0, limit: limit) }
        var worse: [String] = []
        for precision in RowPrecision.allCases {
            let index = try GalleryIndex(content, rule: .normalizedMean, precision: precision)
            let kept = precision == .single ? "single" : "half"
            for cores in Set([1, Cores.count]).sorted() {
                let name = "\(count) × \(columns), \(kept), \(cores == 1 ? "one core" : "all cores")"
                let result = try compare(index, probes, cores, peer)
                var agreeing = 0
                for (probe, nearest) in zip(probes, expected) {
                    let own = try index.nearest(to: probe, limit: limit, cores: cores)
                    if own.compactMap({ Int($0.identity.text) }) == nearest { agreeing += 1 }
                }
                print(result.line(name, "\(agreeing) of \(Self.probes)"))
                if recorded.isWorse(result, network: name) || agreeing < Self.probes { worse.append(name) }
                recorded.set(result, network: name)
            }
        }
        return worse
    }

    private func compare(
        _ index: GalleryIndex, _ probes: [Embedding], _ cores: Int, _ peer: FaissPeer
    ) throws -> EngineResult {
        var own: [Duration] = [], theirs: [Duration] = []
        for round in 0..<rounds + 1 {
            var least = (own: Duration.seconds(3600), theirs: Duration.seconds(3600))
            for turn in 0..<Self.turns {
                _ = try index.nearest(to: probes[turn % probes.count], limit: limit, cores: cores)
                let start = ContinuousClock.now
                _ = try index.nearest(to: probes[(turn + 1) % probes.count], limit: limit, cores: cores)
                least.own = min(least.own, ContinuousClock.now - start)
                if let last = try peer.time(runs: 2, limit: limit).last { least.theirs = min(least.theirs, last) }
            }
            guard round > 0 else { continue }
            own.append(least.own)
            theirs.append(least.theirs)
        }
        return EngineResult(peer: "faiss", own: own, theirs: theirs, difference: 0)
    }
}

extension EngineResult {
    /// The result of a search.
    fileprivate func line(_ gallery: String, _ answers: String) -> String {
        func ratio(_ value: Double) -> String { String(format: "%.2f", value) }
        func time(_ value: Duration) -> String { String(format: "%.2f ms", value.inSeconds * 1000) }
        return SearchBenchmark.line(
            gallery, time(own), time(theirs), ratio(self.ratio),
            "\(ratio(interval.lowerBound))–\(ratio(interval.upperBound))", ratio(high), answers)
    }
}
