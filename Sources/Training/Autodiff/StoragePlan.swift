// SPDX-License-Identifier: Apache-2.0

/// Where in one block of memory each of many things lies, so that things that live at once do not overlap.
///
/// A pass is a line of times: the forward run of each layer in order, then the backward run of each in reverse.
struct StoragePlan {
    /// A cache line.
    private static let granularity = 16

    private struct Storage {
        let count: Int
        let first: Int
        var last: Int
    }

    private var storages: [Storage] = []

    /// Something of `count` floats that lives from a time on, at first for that time alone.
    mutating func add(count: Int, from time: Int) -> Int {
        storages.append(
            Storage(
                count: (count + Self.granularity - 1) / Self.granularity * Self.granularity, first: time, last: time))
        return storages.count - 1
    }

    mutating func keep(_ storage: Int, until time: Int) {
        storages[storage].last = max(storages[storage].last, time)
    }

    /// The offset of each storage, and the floats of all. The largest come first, each at the lowest offset where
    /// nothing lies that lives when it does.
    func layOut() -> (offsets: [Int], count: Int) {
        var offsets = Array(repeating: 0, count: storages.count), end = 0
        var placed: [Int] = []
        // Of two as large, the first one first, so that the plan is always the same.
        let order = storages.indices.sorted { (storages[$0].count, -$0) > (storages[$1].count, -$1) }
        for index in order where storages[index].count > 0 {
            let storage = storages[index]
            var offset = 0
            for other in placed where storages[other].first <= storage.last && storage.first <= storages[other].last {
                if offset + storage.count <= offsets[other] { break }
                offset = max(offset, offsets[other] + storages[other].count)
            }
            offsets[index] = offset
            end = max(end, offset + storage.count)
            placed.insert(index, at: placed.firstIndex { offsets[$0] > offset } ?? placed.endIndex)
        }
        return (offsets, end)
    }
}
