// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import ProgramHarness

extension SeededGenerator {
    init(seed: Int) { self.init(seed: UInt64(bitPattern: Int64(seed))) }

    mutating func int(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &self) }

    mutating func values(_ count: Int) -> [Float] { (0..<count).map { _ in .random(in: -2...2, using: &self) } }

    mutating func shape(rank: Int, upTo limit: Int = 6) -> [Int] { (0..<rank).map { _ in int(1...limit) } }
}

/// Runs a kernel into a fresh array that holds no numbers before.
func output(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
    [Float](unsafeUninitializedCapacity: max(count, 1)) { buffer, initialized in
        buffer.initialize(repeating: .nan)
        if let base = buffer.baseAddress { body(base) }
        initialized = count
    }
}

/// The greatest difference, relative to 1 or to the value where that is greater; infinite for what is no number.
func greatestDifference(_ values: [Float], _ expected: [Double]) -> Double {
    guard values.count == expected.count else { return .infinity }
    return zip(values, expected).reduce(0) { most, pair in
        let (value, reference) = (Double(pair.0), pair.1)
        if value == reference { return most }
        let difference = abs(value - reference) / max(1, abs(reference))
        return difference.isNaN ? .infinity : max(most, difference)
    }
}

func product(_ extents: some Sequence<Int>) -> Int { extents.reduce(1, *) }

/// All index tuples of a shape, the last axis fastest.
func indices(of shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { tuples, extent in tuples.flatMap { tuple in (0..<extent).map { tuple + [$0] } } }
}

/// Where a tuple lies in a dense tensor of the shape.
func position(_ tuple: [Int], in shape: [Int]) -> Int {
    zip(tuple, shape).reduce(0) { $0 * $1.1 + $1.0 }
}
