// SPDX-License-Identifier: Apache-2.0

/// The draws of an evaluation, which depend on a seed and nothing else: SplitMix64 (Steele, Lea and Flood 2014).
struct EvaluationRandom {
    private var state: UInt64

    /// A stream of its own for each list of numbers.
    init(_ seeds: UInt64...) {
        state = 0
        for seed in seeds { state = Self.mixed(state &+ seed &+ 0x9E37_79B9_7F4A_7C15) }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(state)
    }

    private static func mixed(_ state: UInt64) -> UInt64 {
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Uniform in 0..<bound; the bias of less than bound/2⁶⁴ is nothing here.
    mutating func index(below bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// The first `count` of a random order.
    mutating func sample<Element>(_ elements: [Element], count: Int) -> [Element] {
        var elements = elements
        let count = min(count, elements.count)
        for index in 0..<count { elements.swapAt(index, index + self.index(below: elements.count - index)) }
        return Array(elements.prefix(count))
    }
}
