// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Biometrics
import Foundation
import Gallery
import ProgramHarness
import Recognition
import Service

/// Identification in memory against faiss's flat index, in one run.
struct SearchBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract:
            "The search among all enrolled embeddings against faiss's IndexFlatL2 on one thread: medians and their ratio."
    )

    @Option(help: "Numbers of identities, with commas.")
    var identities = "10000,100000"

    @Option(help: "Numbers of an embedding.")
    var columns = 128

    @Option(help: "How many of the nearest are asked for.")
    var limit = 5

    @Option(help: "Turns each gets; they alternate, so that noise falls on both.")
    var turns = 7

    @Option(help: "Timed searches in each turn.")
    var runs = 20

    private static let probes = 16

    func run() async throws {
        guard let python = TestEnvironment.python else {
            throw ValidationError("LIKENESS_PYTHON names no Python with faiss; scripts/benchmark sets it")
        }
        let counts = identities.split(separator: ",").compactMap { Int($0) }
        guard !counts.isEmpty, counts.allSatisfy({ $0 > 0 }), columns > 0, limit > 0, turns > 0, runs > 0 else {
            throw ValidationError("every number has to be above 0")
        }
        print("identities  numbers   likeness     faiss        ratio (least–most)    same answers")
        for count in counts { try measure(count, python: python) }
    }

    private func measure(_ count: Int, python: String) throws {
        var generator = SeededGenerator(seed: 3)
        func unit() -> [Float] {
            let values = (0..<columns).map { _ in Float.random(in: -1...1, using: &generator) }
            let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return values.map { $0 / length }
        }
        guard let digest = ModelDigest(bytes: Array(repeating: 1, count: 32)) else { throw HarnessError("no digest") }
        var index = GalleryIndex(
            model: ModelDescription(
                digest: digest, modality: .face, name: "random", version: "1", embeddingSize: columns), generation: 1,
            rule: .normalizedMean)
        func embedding(_ values: [Float]) throws -> Embedding {
            guard let embedding = Embedding(values: values, model: digest) else { throw HarnessError("no embedding") }
            return embedding
        }
        let rows = (0..<count).map { _ in unit() }, probes = (0..<Self.probes).map { _ in unit() }
        for (number, row) in rows.enumerated() {
            try index.insert(embedding(row), sample: SampleReference(identity: IdentityName("\(number)"), number: 1))
        }
        let asked = try probes.map(embedding)
        let peer = try FaissPeer(
            python: python, rows: rows.flatMap(\.self), probes: probes.flatMap(\.self), columns: columns, threads: 1)
        defer { peer.stop() }
        var agreeing = 0
        for (number, probe) in asked.enumerated() {
            let own = try index.nearest(to: probe, limit: limit).compactMap { Int($0.identity.text) }
            if try own == peer.nearest(to: number, limit: limit) { agreeing += 1 }
        }
        var own: [Duration] = [], theirs: [Duration] = [], ratios: [Double] = []
        for _ in 0..<turns {
            var turn: [Duration] = []
            for run in 0..<runs {
                let start = ContinuousClock.now
                _ = try index.nearest(to: asked[run % asked.count], limit: limit)
                turn.append(ContinuousClock.now - start)
            }
            let peers = try peer.time(runs: runs, limit: limit)
            ratios.append(Durations(turn).quantile(0.5).inSeconds / Durations(peers).quantile(0.5).inSeconds)
            own += turn
            theirs += peers
        }
        ratios.sort()
        func rounded(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
        func column(_ text: String, _ width: Int) -> String {
            text.padding(toLength: width, withPad: " ", startingAt: 0)
        }
        print(
            column("\(count)", 12) + column("\(columns)", 10) + column(Durations(own).quantile(0.5).milliseconds, 13)
                + column(Durations(theirs).quantile(0.5).milliseconds, 13)
                + column(
                    "\(rounded(ratios[ratios.count / 2])) (\(rounded(ratios[0]))–\(rounded(ratios[ratios.count - 1])))",
                    22)
                + "\(agreeing) of \(asked.count)")
    }
}
