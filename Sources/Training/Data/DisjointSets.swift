// SPDX-License-Identifier: Apache-2.0

/// Sets of the numbers below a count that can only be joined (Tarjan, 1975).
struct DisjointSets {
    private var parents: [Int]

    init(count: Int) {
        parents = Array(0..<count)
    }

    /// The smallest number in the same set.
    mutating func root(of number: Int) -> Int {
        var root = number
        while parents[root] != root { root = parents[root] }
        var position = number
        while parents[position] != root { (parents[position], position) = (root, parents[position]) }
        return root
    }

    mutating func join(_ first: Int, _ second: Int) {
        let (first, second) = (root(of: first), root(of: second))
        parents[max(first, second)] = min(first, second)
    }
}
