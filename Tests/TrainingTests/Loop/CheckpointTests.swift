// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Testing
import Training

@Suite struct CheckpointTests {
    private static func checkpoint(step: Int = 3, recipe: String = "recipe") -> Checkpoint {
        var dropout = RandomSource(seed: 1)
        _ = dropout.next()
        var state = Checkpoint.State(
            recipe: recipe, data: "data", stage: 0, dropout: dropout, augmentation: RandomSource(seed: .max))
        state.step = step
        state.lossSum = 0.1 + 0.2
        return Checkpoint(
            state: state, arrays: ["weight/a": [1, -0.0, .leastNonzeroMagnitude, 3.1415927], "weight/b": []])
    }

    @Test func `a checkpoint reads back as it was written`() throws {
        let folder = try TemporaryFolder(), path = folder.appending("one")
        let checkpoint = Self.checkpoint()
        try checkpoint.write(to: path)
        #expect(try Checkpoint.read(path) == checkpoint)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["one"])
    }

    @Test func `every flipped byte and every truncation is refused`() throws {
        let folder = try TemporaryFolder(), path = folder.appending("one")
        try Self.checkpoint().write(to: path)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x10
            try Data(damaged).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: CheckpointError.self) { try Checkpoint.read(path) }
            switch try #require(error) {
            case .damaged, .foreign, .otherVersion: break
            default: Issue.record("\(error.debugDescription)")
            }
        }
        for count in stride(from: 0, to: bytes.count, by: 7) {
            try Data(bytes[..<count]).write(to: URL(fileURLWithPath: path))
            #expect(throws: CheckpointError.self) { try Checkpoint.read(path) }
        }
    }

    @Test func `a foreign file is said to be none`() throws {
        let folder = try TemporaryFolder(), path = folder.appending("one")
        try Data("a text that has nothing to do with training, and is long enough".utf8).write(
            to: URL(fileURLWithPath: path))
        #expect(throws: CheckpointError.foreign(path: path)) { try Checkpoint.read(path) }
    }

    @Test func `the last two and the best are kept`() throws {
        let folder = try TemporaryFolder(), checkpoints = CheckpointFolder(path: folder.appending("checkpoints"))
        #expect(throws: CheckpointError.none(folder: checkpoints.path)) {
            try checkpoints.latest(recipe: "recipe", data: "data")
        }
        for step in [5, 50, 500] { try checkpoints.save(Self.checkpoint(step: step)) }
        try checkpoints.saveBest(Self.checkpoint(step: 5))
        #expect(try FileManager.default.contentsOfDirectory(atPath: checkpoints.path).count == 3)
        #expect(try checkpoints.latest(recipe: "recipe", data: "data").state.step == 500)
        #expect(try checkpoints.best(recipe: "recipe", data: "data").state.step == 5)
    }

    @Test func `another run's checkpoint is refused`() throws {
        let folder = try TemporaryFolder(), checkpoints = CheckpointFolder(path: folder.path)
        let path = try checkpoints.save(Self.checkpoint(recipe: "other"))
        #expect(throws: CheckpointError.otherRun(path: path, reason: "it was made by another recipe")) {
            try checkpoints.latest(recipe: "recipe", data: "data")
        }
        #expect(throws: CheckpointError.otherRun(path: path, reason: "the images have changed since")) {
            try checkpoints.latest(recipe: "other", data: "other data")
        }
    }
}
