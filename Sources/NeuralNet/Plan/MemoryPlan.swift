// SPDX-License-Identifier: Apache-2.0

/// Where each storage lies in a run's memory, so that values that are never alive at once share their place.
///
/// A value is alive from the step that writes it to the last that reads it; inputs and outputs always, so that a run
/// can be repeated. Working space is alive during its step.
struct MemoryPlan {
    /// From the start of the memory, in floats; nil for a storage that nothing uses.
    private(set) var offsets: [Int?]
    /// Of each step's working space.
    private(set) var scratchOffsets: [Int]
    /// The floats of the whole.
    private(set) var count: Int

    /// Floats between places, so that each begins with a cache line.
    private static let granularity = AlignedMemory.alignment / MemoryLayout<Float>.stride

    /// - Parameters:
    ///   - storageCounts: the floats of each storage.
    ///   - permanent: the inputs' and outputs' storages.
    ///   - limit: the most bytes of all.
    init(
        _ steps: [Step], storageCounts: [Int], permanent: Set<Int>, sharesMemory: Bool, limit: Int
    ) throws(NetworkError) {
        var lastReaders = Array(repeating: -1, count: storageCounts.count)
        for (index, step) in steps.enumerated() {
            lastReaders[step.output] = max(lastReaders[step.output], index)
            for operand in step.operands {
                if let storage = operand.storage { lastReaders[storage] = index }
            }
        }
        offsets = Array(repeating: nil, count: storageCounts.count)
        scratchOffsets = []
        var space = FreeSpace(limit: limit)
        for storage in permanent.sorted() {
            offsets[storage] = try space.take(Self.rounded(storageCounts[storage]), for: "the inputs and outputs")
        }
        for (index, step) in steps.enumerated() {
            if offsets[step.output] == nil {
                offsets[step.output] = try space.take(Self.rounded(storageCounts[step.output]), for: step.origin)
            }
            let scratch = Self.rounded(step.body.scratchCount)
            let scratchOffset = try space.take(scratch, for: step.origin)
            scratchOffsets.append(scratchOffset)
            guard sharesMemory else { continue }
            space.give(back: scratchOffset, scratch)
            for storage in Set(step.operands.compactMap(\.storage) + [step.output])
            where lastReaders[storage] == index && !permanent.contains(storage) {
                if let offset = offsets[storage] { space.give(back: offset, Self.rounded(storageCounts[storage])) }
            }
        }
        count = space.end
    }

    private static func rounded(_ count: Int) -> Int {
        (count + granularity - 1) / granularity * granularity
    }
}

/// The unused places of a memory that grows at its end.
private struct FreeSpace {
    private(set) var end = 0
    /// In order of place; no two touch each other.
    private var free: [(offset: Int, count: Int)] = []

    /// In bytes.
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// The smallest free place that is large enough, else the end.
    ///
    /// - Parameter what: what it is taken for, for errors.
    mutating func take(_ count: Int, for what: String) throws(NetworkError) -> Int {
        guard count > 0 else { return 0 }
        var best: Int?
        for index in free.indices where free[index].count >= count {
            if best.map({ free[index].count < free[$0].count }) ?? true { best = index }
        }
        if let best {
            let offset = free[best].offset
            if free[best].count == count {
                free.remove(at: best)
            } else {
                free[best] = (offset + count, free[best].count - count)
            }
            return offset
        }
        var offset = end
        if let last = free.last, last.offset + last.count == end {
            offset = last.offset
            free.removeLast()
        }
        guard count <= limit / MemoryLayout<Float>.stride - offset else {
            throw .tooLarge(
                what: "The memory of a run, with what \(what) takes,",
                bytes: (Work(MemoryLayout<Float>.stride, offset) + Work(MemoryLayout<Float>.stride, count)).units,
                limit: limit)
        }
        end = offset + count
        return offset
    }

    mutating func give(back offset: Int, _ count: Int) {
        guard count > 0 else { return }
        let index = free.firstIndex { $0.offset > offset } ?? free.endIndex
        free.insert((offset, count), at: index)
        if index + 1 < free.endIndex, offset + count == free[index + 1].offset {
            free[index].count += free[index + 1].count
            free.remove(at: index + 1)
        }
        if index > free.startIndex, free[index - 1].offset + free[index - 1].count == offset {
            free[index - 1].count += free[index].count
            free.remove(at: index)
        }
    }
}
