// SPDX-License-Identifier: Apache-2.0

import AllocationCounter
import Foundation
import Kernels
import NeuralNet
import ProgramHarness
import Testing

/// Several threads at one run.
@Suite struct SharedRunTests {
    /// Convolutions of each method and what lies between them, large enough to be shared: the last ones of few pixels and
    /// many weights.
    private func graph(_ random: inout SeededGenerator) -> Graph {
        let margin: [String: Attribute] = ["pads": .ints([1, 1, 1, 1])]
        let constants: [String: ConstantTensor] = [
            "first": .floats([48, 3, 5, 5], random.values(48 * 75)),
            "three": .floats([48, 48, 3, 3], random.values(48 * 48 * 9)),
            "each": .floats([48, 1, 3, 3], random.values(48 * 9)),
            "point": .floats([96, 48, 1, 1], random.values(96 * 48)),
            "strided": .floats([128, 96, 3, 3], random.values(128 * 96 * 9)),
            "deep": .floats([128, 128, 3, 3], random.values(128 * 128 * 9)),
            "wide": .floats([160, 128, 1, 1], random.values(160 * 128)),
            "slopes": .floats([48, 1, 1], random.values(48)), "scale": .floats([96], random.values(96)),
            "one": .floats([96], Array(repeating: 1, count: 96)),
        ]
        return .make(
            [
                .make("Conv", ["x", "first"], "a", ["strides": .ints([2, 2])]), .make("PRelu", ["a", "slopes"], "a1"),
                .make("Conv", ["a1", "three"], "b", margin), .make("Add", ["b", "a1"], "b1"),
                .make("Conv", ["b1", "each"], "c", ["pads": .ints([1, 1, 1, 1]), "group": .int(48)]),
                .make("Relu", ["c"], "c1"), .make("Conv", ["c1", "point"], "d"), .make("Tanh", ["d"], "d0"),
                .make("BatchNormalization", ["d0", "scale", "scale", "scale", "one"], "d1"),
                .make("MaxPool", ["d1"], "e", ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
                .make("Conv", ["e", "strided"], "f", ["strides": .ints([2, 2])]),
                .make("Tanh", ["f"], "f1"), .make("Conv", ["f1", "deep"], "g", margin),
                .make("Add", ["g", "f1"], "g1"), .make("Conv", ["g1", "wide"], "y"),
            ],
            inputs: ["x": [.symbolic("n"), .fixed(3), .fixed(61), .fixed(57)]], outputs: ["y"], constants: constants)
    }

    /// Runs until helpers, which take a moment to wake, have taken part.
    private func executeShared(_ run: NetworkRun) throws {
        let before = run.sharedSteps
        while run.sharedSteps < before + 5 { try run.execute() }
    }

    @Test(arguments: [1, 2, 3], [2, 3, 4])
    func `threads together give the numbers of one, bit by bit`(batch: Int, threads: Int) throws {
        var random = SeededGenerator(seed: UInt64(101 + batch))
        let plan = try Network(graph: graph(&random)).plan(inputShapes: ["x": [batch, 3, 61, 57]])
        let values = random.values(batch * 3 * 61 * 57)
        let alone = plan.makeRun(cores: SpareCores())
        try alone.setInput("x", values)
        try alone.execute()
        #expect(alone.sharedSteps == 0)

        let cores = SpareCores()
        cores.use(cores: threads, perRun: threads)
        let shared = plan.makeRun(cores: cores)
        try shared.setInput("x", values)
        for _ in 0..<4 {
            try executeShared(shared)
            #expect(try shared.output("y") == alone.output("y"))
        }
    }

    @Test func `a run gets no helper where every core has a thread that computes`() throws {
        var random = SeededGenerator(seed: 105)
        let plan = try Network(graph: graph(&random)).plan(inputShapes: ["x": [1, 3, 61, 57]])
        let cores = SpareCores()
        cores.use(cores: 2, perRun: 2)
        let run = plan.makeRun(cores: cores)
        try run.setInput("x", random.values(3 * 61 * 57))
        try cores.occupy {
            try cores.occupy {
                for _ in 0..<50 { try run.execute() }
                #expect(run.sharedSteps == 0)
            }
            try executeShared(run)
        }
    }

    @Test func `runs at once share as many cores as there are, with the numbers of one`() async throws {
        var random = SeededGenerator(seed: 106)
        let plan = try Network(graph: graph(&random)).plan(inputShapes: ["x": [1, 3, 61, 57]])
        let values = (0..<4).map { _ in random.values(3 * 61 * 57) }
        let expected = try values.map {
            let run = plan.makeRun(cores: SpareCores())
            try run.setInput("x", $0)
            try run.execute()
            return try run.output("y")
        }
        let cores = SpareCores()
        cores.use(cores: 3, perRun: 3)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (values, expected) in zip(values, expected) {
                group.addTask {
                    let run = plan.makeRun(cores: cores)
                    try run.setInput("x", values)
                    for _ in 0..<100 {
                        try cores.occupy { try run.execute() }
                        #expect(try run.output("y") == expected)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `a shared run allocates nothing`() throws {
        var random = SeededGenerator(seed: 107)
        let plan = try Network(graph: graph(&random)).plan(inputShapes: ["x": [1, 3, 61, 57]])
        let cores = SpareCores()
        cores.use(cores: 2, perRun: 2)
        let run = plan.makeRun(cores: cores)
        try run.setInput("x", random.values(3 * 61 * 57))
        try executeShared(run)
        let before = allocation_count(), shared = run.sharedSteps
        while run.sharedSteps < shared + 20 { try run.execute() }
        #expect(allocation_count() == before)
    }

    @Test func `a thread that is nicer than the process gets no helper`() async throws {
        var random = SeededGenerator(seed: 108)
        let plan = try Network(graph: graph(&random)).plan(inputShapes: ["x": [1, 3, 61, 57]])
        let values = random.values(3 * 61 * 57)
        let sharedSteps = await withCheckedContinuation { continuation in
            ComputeThread.start("nice", niceness: 5) {
                let cores = SpareCores()
                cores.use(cores: 2, perRun: 2)
                let run = plan.makeRun(cores: cores)
                let result = Result {
                    try run.setInput("x", values)
                    for _ in 0..<50 { try run.execute() }
                    return run.sharedSteps
                }
                continuation.resume(returning: result)
            }
        }
        #expect(try sharedSteps.get() == 0)
    }

    @Test func `parts are all of it, once, and as equal as may be`() {
        for total in 0..<20 {
            for count in 1...5 {
                let parts = (0..<count).map { WorkPart(index: $0, count: count).range(of: total) }
                #expect(parts.flatMap(Array.init) == Array(0..<total))
                #expect((parts.map(\.count).max() ?? 0) - (parts.map(\.count).min() ?? 0) <= 1)
            }
        }
    }
}
