// SPDX-License-Identifier: Apache-2.0

import AllocationCounter
import Foundation
import NeuralNet
import ProgramHarness
import Testing

@Suite("Running a plan")
struct RunTests {
    /// One of every kind of step.
    private func graph() -> Graph {
        var random = SeededGenerator(seed: 61)
        let constants: [String: ConstantTensor] = [
            "w": .floats([8, 3, 3, 3], random.values(216)), "b": .floats([8], random.values(8)),
            "d": .floats([8, 1, 3, 3], random.values(72)), "p": .floats([8, 8, 1, 1], random.values(64)),
            "slopes": .floats([8, 1, 1], random.values(8)), "scale": .floats([8], random.values(8)),
            "one": .floats([8], Array(repeating: 1, count: 8)), "g": .floats([8, 4], random.values(32)),
            "scales": .floats([4], [1, 1, 2, 2]), "pads": .integers(0, 0, 1, 1, 0, 0, 0, 0), "starts": .integers(1),
            "ends": .integers(7), "axis": .integers(2), "index": .integers(3, 1),
            "c": .floats([8, 1, 1], random.values(8)),
            "square": .floats([4, 4], random.values(16)), "last": .integers(-1),
        ]
        let margin: [String: Attribute] = ["pads": .ints([1, 1, 1, 1])]
        return .make(
            [
                .make("Conv", ["x", "w", "b"], "a", margin), .make("Relu", ["a"], "a1"),
                .make("Conv", ["a1", "d"], "e", ["pads": .ints([1, 1, 1, 1]), "group": .int(8)]),
                .make("PRelu", ["e", "slopes"], "e1"),
                .make("Conv", ["e1", "p"], "f"), .make("Add", ["f", "a1"], "f1"), .make("Clip", ["f1"], "f2"),
                .make("BatchNormalization", ["a1", "scale", "scale", "scale", "one"], "h"), .make("Tanh", ["h"], "h1"),
                .make("Mul", ["f2", "h1"], "i"), .make("Sub", ["i", "c"], "i1"), .make("Exp", ["h1"], "i2"),
                .make("Div", ["i1", "i2"], "i3"),
                .make("Sqrt", ["i2"], "i4"), .make("Pow", ["i4", "c"], "i5"),
                .make("Concat", ["i3", "i5"], "j", ["axis": .int(1)]),
                .make("MaxPool", ["j"], "k", ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
                .make("AveragePool", ["j"], "k1", ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
                .make("Add", ["k", "k1"], "k2"), .make("Resize", ["k2", "", "scales"], "l"),
                .make("LRN", ["l"], "l1", ["size": .int(3)]),
                .make("Pad", ["l1", "pads"], "m"), .make("Slice", ["m", "starts", "ends", "axis"], "m1"),
                .make("Transpose", ["m1"], "m2", ["perm": .ints([0, 2, 3, 1])]),
                .make("Gather", ["m2", "index"], "m3", ["axis": .int(3)]),
                .make("ReduceMean", ["m3"], "m4", ["axes": .ints([1, 2])]), .make("GlobalAveragePool", ["f2"], "n"),
                .make("Flatten", ["n"], "n1"), .make("Gemm", ["n1", "g"], "o"), .make("Softmax", ["o"], "o1"),
                .make("MatMul", ["o1", "square"], "o2"), .make("LpNormalization", ["o2"], "o3"),
                .make("Sigmoid", ["o3"], "y"),
                .make("ReduceSum", ["m4", "last"], "z"),
            ],
            inputs: ["x": [.symbolic("n"), .fixed(3), .fixed(8), .fixed(8)]], outputs: ["y", "z"], constants: constants)
    }

    @Test("A run allocates nothing")
    func noAllocation() throws {
        BLAS.useSingleThread()
        let plan = try Network(graph: graph()).plan(inputShapes: ["x": [2, 3, 8, 8]])
        #expect(plan.stepCount > 25)
        let run = plan.makeRun()
        var random = SeededGenerator(seed: 62)
        let values = random.values(384)
        func once() throws -> Float {
            try run.setInput("x", values)
            try run.execute()
            return try run.withOutput("y") { $0[0] } + run.withOutput("z") { $0[0] }
        }
        // OpenBLAS takes its buffers the first time.
        let first = try once()
        let before = allocation_count()
        let second = try once()
        let after = allocation_count()
        #expect(after == before)
        #expect(first == second && first.isFinite)
        // The counter counts.
        let array = Array(repeating: second, count: 1000)
        #expect(allocation_count() > after && array.count == 1000)
    }

    @Test("Threads run one plan at once, with the results of one")
    func threads() async throws {
        BLAS.useSingleThread()
        let plan = try Network(graph: graph()).plan(inputShapes: ["x": [1, 3, 8, 8]])
        func results(seed: Int) throws -> [[Float]] {
            var random = SeededGenerator(seed: seed)
            let run = plan.makeRun()
            return try (0..<40).map { _ in
                try run.setInput("x", random.values(192))
                try run.execute()
                return try run.output("y").values + run.output("z").values
            }
        }
        let expected = try (0..<4).map(results)
        let found = try await withThrowingTaskGroup(of: (Int, [[Float]]).self) { group in
            for seed in 0..<4 { group.addTask { (seed, try results(seed: seed)) } }
            return try await group.reduce(into: [Int: [[Float]]]()) { $0[$1.0] = $1.1 }
        }
        for seed in 0..<4 { #expect(found[seed] == expected[seed]) }
        #expect(Set(expected.flatMap(\.self)).count == 160)
    }

    @Test("A batch is the same as its samples one by one")
    func batch() throws {
        let network = try Network(graph: graph())
        var random = SeededGenerator(seed: 63)
        let values = random.values(3 * 192)
        func outputs(_ values: [Float]) throws -> [Float] {
            let run = try network.plan(inputShapes: ["x": [values.count / 192, 3, 8, 8]]).makeRun()
            try run.setInput("x", values)
            try run.execute()
            return try run.output("y").values
        }
        let single = try (0..<3).flatMap { try outputs(Array(values[$0 * 192..<($0 + 1) * 192])) }
        #expect(greatestDifference(try outputs(values), single.map(Double.init)) < 1e-5)
    }

    @Test("Inputs stay until they are set again, and can be written in place")
    func inputs() throws {
        let graph = Graph.make(
            [
                .make("Add", ["a", "b"], "s"), .make("Exp", ["s"], "t"), .make("Exp", ["t"], "u"),
                .make("Add", ["u", "a"], "y"),
            ],
            inputs: ["a": .fixed(2), "b": .fixed(2)], outputs: ["y"])
        let run = try Network(graph: graph).plan().makeRun()
        try run.setInput("a", [0, 1])
        #expect(throws: NetworkError.invalidInputShape(input: "b", reason: "it has been given no values")) {
            try run.execute()
        }
        try run.withInput("b") {
            $0[0] = 0; $0[1] = -1
        }
        try run.execute()
        let first = try run.output("y").values
        try run.execute()
        #expect(try run.output("y").values == first)
        #expect(greatestDifference(first, [exp(1), exp(1) + 1]) < 1e-6)
        try run.setInput("b", [1, 0])
        try run.execute()
        #expect(greatestDifference(try run.output("y").values, [exp(exp(1)), exp(exp(1)) + 1]) < 1e-6)
    }

    @Test("Wrong names and numbers of values are refused")
    func refusals() throws {
        let graph = Graph.make([.make("Relu", ["x"], "y")], inputs: ["x": .fixed(2)], outputs: ["y"])
        let run = try Network(graph: graph).plan().makeRun()
        #expect(throws: NetworkError.unknownInput("y")) { try run.setInput("y", [1, 2]) }
        #expect(throws: NetworkError.unknownInput("y")) { try run.withInput("y") { _ in } }
        #expect(throws: NetworkError.unknownOutput("x")) { try run.output("x") }
        #expect(throws: NetworkError.wrongInputCount(input: "x", expected: 2, given: 3)) {
            try run.setInput("x", [1, 2, 3])
        }
    }
}
