// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import GalleryChurn
import ProgramHarness
import Testing

/// Kills a process that changes a gallery in every way there is, at random points, and compares what is left with what
/// was acknowledged. `LIKENESS_FAULT_RUNS` says how often.
@Suite(
    .serialized, .enabled(if: Products.contains(CrashWriter.name), "gallery-crash-writer is not built beside the tests")
)
struct KillFaultTests {
    @Test(arguments: GalleryKind.available)
    func `kill -9 amid enrolments, removals, rotations, rekeys and backups leaves all of a change or nothing`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let runs = FaultRuns.count(normally: kind == .sqlite ? 40 : 10)
        var random = SeededGenerator(seed: 20_261_125)
        var expected = GalleryState(), interrupted: [String: Int] = [:], acknowledged = 0
        for run in 0..<runs {
            let seed = random.next(), lines = Int(random.next() % 30) + 1, pause = UInt32(random.next() % 6000)
            // The keys change places, so that every rekey is one to another key.
            let (current, previous) = run % 2 == 0 ? (1, 2) : (2, 1)
            let said = try await OwnThread.run {
                try CrashWriter.killed(
                    [fixture.path, "\(seed)", "\(current)", "\(previous)"], afterLines: lines, pause: pause)
            }
            try fixture.settle()
            let gallery = try await fixture.open(FaultRuns.options(current, previous))
            let (found, problems) = try await GalleryState.read(gallery)
            acknowledged += said.count { $0.hasPrefix("< ") }
            if let last = said.last, last.hasPrefix("> ") {
                interrupted[String(last.dropFirst(2).prefix { $0 != "\t" }), default: 0] += 1
            }
            let isKept = expected.follow(said, to: found)
            #expect(isKept, "run \(run), seed \(seed)")
            #expect(problems.isEmpty, "run \(run), seed \(seed)")
            expected = found
            try await gallery.close()
        }
        print(
            "kill -9: \(kind), \(runs) runs, \(acknowledged) acknowledged changes, interrupted: \(interrupted.sorted { $0.key < $1.key })"
        )
        #expect(interrupted.values.reduce(0, +) > runs / 4)
    }
}
