// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import ProgramHarness
import Testing

@Suite("Kernels that move data")
struct DataMovementTests {
    private func numbered(_ shape: [Int]) -> [Int64] { (0..<product(shape)).map(Int64.init) }

    private func moved(_ count: Int, _ body: (UnsafeMutablePointer<Int64>) -> Void) -> [Int64] {
        [Int64](unsafeUninitializedCapacity: max(count, 1)) { buffer, initialized in
            buffer.initialize(repeating: .min)
            if let base = buffer.baseAddress { body(base) }
            initialized = count
        }
    }

    @Test("Transpose puts each element where its indices say")
    func transpose() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<60 {
            let shape = random.shape(rank: random.int(0...5))
            let permutation = shape.indices.shuffled(using: &random)
            let transposed = try #require(TransposeShape(shape, permutation: permutation))
            let input = numbered(shape)
            let expected = indices(of: transposed.outputShape).map { tuple in
                var source = tuple
                for (axis, from) in permutation.enumerated() { source[from] = tuple[axis] }
                return input[position(source, in: shape)]
            }
            #expect(moved(input.count) { TransposeKernel.run(transposed, input: input, output: $0) } == expected)
        }
        #expect(TransposeShape([2, 3], permutation: [0, 0]) == nil)
    }

    @Test("Concatenation lays parts end to end")
    func concatenation() throws {
        var random = SeededGenerator(seed: 12)
        for _ in 0..<40 {
            let base = random.shape(rank: random.int(1...4)), axis = random.int(0...base.count - 1)
            let shapes = (0..<random.int(1...4)).map { _ in
                var shape = base
                shape[axis] = random.int(0...4)
                return shape
            }
            let joined = try #require(ConcatenationShape(shapes, axis: axis))
            let parts = shapes.enumerated().map { part, shape in numbered(shape).map { $0 + Int64(1000 * part) } }
            let expected = indices(of: joined.outputShape).map { tuple in
                var tuple = tuple, part = 0
                while tuple[axis] >= shapes[part][axis] {
                    tuple[axis] -= shapes[part][axis]
                    part += 1
                }
                return parts[part][position(tuple, in: shapes[part])]
            }
            let result = moved(expected.count) { output in
                for (index, part) in parts.enumerated() {
                    ConcatenationKernel.copy(part: index, of: joined, from: part, into: output)
                }
            }
            #expect(result == expected)
        }
        #expect(ConcatenationShape([[2, 3], [3, 3]], axis: 1) == nil)
    }

    @Test("Slices follow ONNX's rules for ends, negative places and steps")
    func slice() throws {
        var random = SeededGenerator(seed: 13)
        for _ in 0..<200 {
            let extent = random.int(0...7), inner = random.int(1...3)
            let start = random.int(-10...10), end = random.int(-10...10),
                step = [-3, -2, -1, 1, 2, 3][random.int(0...5)]
            let shape = try #require(
                SliceShape([2, extent, inner], starts: [start], ends: [end], axes: [1], steps: [step]))
            // The rule of the specification: count from the end, then draw in.
            let from = min(max(start < 0 ? start + extent : start, 0), step > 0 ? extent : extent - 1)
            let to = min(max(end < 0 ? end + extent : end, step > 0 ? 0 : -1), step > 0 ? extent : extent - 1)
            let chosen = extent == 0 ? [] : Array(stride(from: from, to: to, by: step))
            #expect(shape.outputShape == [2, chosen.count, inner], "\(extent) \(start) \(end) \(step)")
            let input = numbered([2, extent, inner])
            let expected = (0..<2).flatMap { a in
                chosen.flatMap { b in (0..<inner).map { input[position([a, b, $0], in: [2, extent, inner])] } }
            }
            #expect(moved(expected.count) { SliceKernel.run(shape, input: input, output: $0) } == expected)
        }
        let whole = try #require(SliceShape([4], starts: [.max], ends: [.min], axes: [0], steps: [-1]))
        #expect(whole.outputShape == [4])
        #expect(SliceShape([4], starts: [0], ends: [1], axes: [0], steps: [0]) == nil)
        #expect(SliceShape([4], starts: [0], ends: [1], axes: [1], steps: [1]) == nil)
    }

    @Test("Padding fills, mirrors, repeats the edge and wraps; a negative margin crops")
    func pad() throws {
        func padded(_ mode: PadMode, _ before: Int, _ after: Int) throws -> [Int64] {
            let shape = try #require(PadShape([4], before: [before], after: [after], mode: mode))
            return moved(shape.outputShape[0]) { PadKernel.run(shape, value: 9, input: [0, 1, 2, 3], output: $0) }
        }
        #expect(try padded(.constant, 2, 1) == [9, 9, 0, 1, 2, 3, 9])
        #expect(try padded(.reflect, 2, 3) == [2, 1, 0, 1, 2, 3, 2, 1, 0])
        #expect(try padded(.edge, 2, 1) == [0, 0, 0, 1, 2, 3, 3])
        #expect(try padded(.wrap, 2, 1) == [2, 3, 0, 1, 2, 3, 0])
        #expect(try padded(.constant, -1, -2) == [1])
        let grid = try #require(PadShape([2, 2], before: [1, 0], after: [0, 1], mode: .constant))
        #expect(
            moved(9) { PadKernel.run(grid, value: 7, input: [1, 2, 3, 4], output: $0) } == [7, 7, 7, 1, 2, 7, 3, 4, 7])
        #expect(PadShape([4], before: [4], after: [0], mode: .reflect) == nil)
        #expect(PadShape([4], before: [.max], after: [0], mode: .constant) == nil)
        #expect(PadShape([4], before: [-5], after: [0], mode: .constant) == nil)
    }

    @Test("Gather picks entries, counts from the end, and tells an index that does not exist")
    func gather() throws {
        let shape = try #require(GatherShape([2, 3, 2], axis: 1, indexCount: 3))
        let input = numbered([2, 3, 2])
        var found = false
        let result = moved(12) { found = GatherKernel.run(shape, indices: [2, 0, -1], input: input, output: $0) }
        #expect(found && result == [4, 5, 0, 1, 4, 5, 10, 11, 6, 7, 10, 11])
        for index in [Int64(3), -4, .max, .min] {
            _ = moved(12) { found = GatherKernel.run(shape, indices: [0, 0, index], input: input, output: $0) }
            #expect(!found)
        }
    }
}
