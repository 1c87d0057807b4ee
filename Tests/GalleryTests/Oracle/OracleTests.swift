// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import PostgreSQLHarness
import ProgramHarness
import Synchronization
import Testing

/// Random operations on a gallery and on an oracle: every answer and every refusal is compared, and time and again
/// everything there is. `LIKENESS_FAULT_RUNS` says how many, in five hundreds.
@Suite struct OracleTests {
    private static let steps = FaultRuns.count(normally: 3) * 500

    @Test(arguments: [1, 2]) func `a gallery answers as the oracle does, whatever comes`(seed: UInt64) async throws {
        let folder = try TemporaryFolder(isInMemory: true)
        try await Self.compare(seed: seed, steps: Self.steps / 2, isEncrypted: seed == 1) { options in
            try await SQLiteGallery.open(path: folder.appending("gallery.sqlite"), options: options)
        }
    }

    @Test(.enabled(if: PostgreSQLServer.isPresent, Comment(rawValue: PostgreSQLServer.missing)))
    func `a gallery in PostgreSQL answers as the oracle does too`() async throws {
        let fixture = try GalleryFixture(.postgreSQL)
        try await Self.compare(seed: 3, steps: max(500, Self.steps / 20), isEncrypted: true) {
            try await fixture.open($0)
        }
    }

    /// - Parameter open: opens a gallery that is empty the first time, and the same later.
    static func compare(
        seed: UInt64, steps: Int, isEncrypted: Bool, open: (SQLGallery.Options) async throws -> any GalleryStore
    ) async throws {
        let clock = HandSetClock()
        var options = FaultRuns.options(isEncrypted ? 5 : 0, 0)
        options.clock = { clock.now }
        var tested = OperatedGallery(gallery: try await open(options))
        let key = try await tested.gallery.encryption().configured.map { "key \($0)" } ?? "no key"
        var expected = OperatedOracle(oracle: OracleGallery(options: options, key: key))
        var operations = try RandomOperations(seed: seed), done: [String: Int] = [:], refused: [String: Int] = [:]
        for step in 0..<steps {
            clock.advance(by: Int(operations.random.next() % 60))
            expected.oracle.now = clock.now
            if step % 200 == 199 {
                try await tested.gallery.close()
                // Most of the time images are kept, so that a rotation is possible.
                options.keepsSamples = operations.random.next() % 12 > 0
                options.maximumSamples = Int(operations.random.next() % 4) + 3
                tested = OperatedGallery(gallery: try await open(options), embedded: tested.embedded)
                (expected.oracle.keepsSamples, expected.oracle.maximumSamples) = (
                    options.keepsSamples, options.maximumSamples
                )
            }
            let operation = step % 40 == 39 ? .compare : operations.next(on: expected.oracle)
            let right = expected.answer(to: operation), answer = await tested.answer(to: operation)
            let kind = String("\(operation)".prefix { $0.isLetter })
            if right.first?.hasPrefix("error") == true {
                refused[kind, default: 0] += 1
            } else {
                done[kind, default: 0] += 1
            }
            guard answer != right else { continue }
            let difference = answer.difference(from: right).map { "\($0)" }.prefix(60).joined(separator: "\n")
            Issue.record("seed \(seed), step \(step), \(operation):\n\(difference)")
            return
        }
        try await tested.gallery.close()
        let words = done.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value) and \(refused[$0.key] ?? 0) refused" }
        print("oracle: seed \(seed), \(steps) operations: \(words.joined(separator: ", "))")
        // Every kind of operation has been possible, and most of those that can be refused have been.
        #expect(done.count == 26 && refused.count >= 9)
    }
}

/// A time that goes on when it is told to.
private final class HandSetClock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_700_000_000))

    var now: Date { time.withLock { $0 } }
    func advance(by seconds: Int) { time.withLock { $0 += TimeInterval(seconds) } }
}
