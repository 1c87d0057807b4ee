// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness
import Testing

/// Networks whose damaged copies are read and run: of each, what the environment asks for.
@Suite("Mutated networks", .serialized, .enabled(if: !Mutations.files.isEmpty, ExportedNetworks.missing))
struct MutationTests {
    /// `scripts/check-exports` asks for 300.
    private static let count = ProcessInfo.processInfo.environment["LIKENESS_MUTATIONS"].flatMap(Int.init) ?? 20
    /// What no copy may take, whatever its file says.
    private static let mostSeconds = 1.0
    /// Of the sound file's memory, what any network may take, and what pages and the allocator's own tables may come to on
    /// top.
    private static let mostMemory = 2.0
    private static let smallMemory = 64 << 20
    private static let slack = 8 << 20

    @Test(
        "No mutated network crashes, takes long or takes much more memory than the sound one",
        arguments: Mutations.files)
    func mutations(_ file: URL) throws {
        BLAS.useSingleThread()
        let mutations = try Mutations(file)
        // The first pays for the vector code and the library.
        _ = try mutations.soundCost()
        let sound = try mutations.soundCost()
        let bound = max(Self.smallMemory, Int(Double(sound.memory) * Self.mostMemory)) + Self.slack
        var slowest = 0.0, largest = 0, ran = 0
        for trial in 0..<Self.count {
            let cost = Mutations.cost(of: try mutations.mutated(trial))
            slowest = max(slowest, cost.seconds)
            largest = max(largest, cost.memory)
            ran += cost.ran ? 1 : 0
            #expect(cost.seconds <= Self.mostSeconds, "\(mutations.name), mutation \(trial)")
            #expect(cost.memory <= bound, "\(mutations.name), mutation \(trial): the sound file takes \(sound.memory)")
        }
        func text(_ number: Double) -> String { String(format: "%.2f", number) }
        print(
            "\(mutations.name): \(Self.count) mutations, \(ran) ran; slowest \(text(slowest)) s (sound \(text(sound.seconds))), "
                + "most memory \(text(Double(largest) / 1e6)) MB (sound \(text(Double(sound.memory) / 1e6)))")
    }
}
