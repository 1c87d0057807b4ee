// SPDX-License-Identifier: Apache-2.0

import Foundation

/// In which precision rows are kept.
package enum RowPrecision: Sendable, Hashable, CaseIterable {
    case single
    /// Half as much to read. What is rounded away is told when a row is set.
    case half

    var bytes: Int { self == .single ? 4 : 2 }
}

/// Vectors of one size in one piece of memory, each with a weight, as ``DistanceScan`` reads them: sixteen and sixteen,
/// number by number side by side. A value: a block that somebody else holds too is copied before it is changed.
package struct RowBlock: Sendable {
    package static let lanes = 16
    private static let greatest = Float.greatestFiniteMagnitude

    private var memory: RowMemory
    package let columns: Int
    package let precision: RowPrecision
    /// How many rows there is memory for, a multiple of ``lanes``.
    package var capacity: Int { memory.groups * Self.lanes }

    /// Rows of zeros, each with a weight that makes it far from everything else.
    package init(columns: Int, capacity: Int, precision: RowPrecision) {
        self.columns = columns
        self.precision = precision
        memory = RowMemory(
            columns: columns, groups: (capacity + Self.lanes - 1) / Self.lanes, number: precision.bytes)
    }

    /// As many rows as fill a piece of memory that the system can map as one, which is read faster.
    package static func usualCapacity(columns: Int, precision: RowPrecision) -> Int {
        max(1, RowMemory.largePage / RowMemory.groupBytes(columns: columns, number: precision.bytes)) * lanes
    }

    /// Makes room for more rows.
    package mutating func grow(to capacity: Int) {
        let groups = (capacity + Self.lanes - 1) / Self.lanes
        if groups > memory.groups { memory = memory.copy(groups: groups) }
    }

    /// Puts a vector and its weight in a row.
    ///
    /// - Parameters:
    ///   - scale: what the numbers are multiplied by before.
    ///   - scan: whose instructions are used.
    /// - Returns: a bound of the Euclidean length of what was rounded away of the scaled vector, beside what the
    ///   multiplication loses below the least number; infinity where a number was too great.
    /// - Precondition: there is memory for the row, and the vector has ``columns`` numbers.
    package mutating func set(
        row: Int, to vector: [Float], scale: Float, weight: Float, by scan: DistanceScan
    ) -> Float {
        precondition(row < capacity && vector.count == columns, "a row that is not there, or a vector of another size")
        ownMemory()
        memory.weights[row] = weight
        let (group, lane) = row.quotientAndRemainder(dividingBy: Self.lanes), columns = columns
        switch precision {
        case .single:
            let place = memory.singles + (group * columns * Self.lanes + lane)
            var isBounded = true
            for column in 0..<columns {
                let scaled = vector[column] * scale, bounded = min(max(scaled, -Self.greatest), Self.greatest)
                isBounded = isBounded && scaled == bounded
                place[column &* Self.lanes] = bounded
            }
            return isBounded ? 0 : .infinity
        case .half:
            let place = memory.halves + (group * columns * Self.lanes + lane)
            return withUnsafeTemporaryAllocation(of: Float16.self, capacity: columns) { rounded in
                guard let first = rounded.baseAddress else { return 0 }
                let lost = vector.withUnsafeBufferPointer { scan.round($0, scale: scale, to: first) }
                for column in 0..<columns { place[column &* Self.lanes] = first[column] }
                return lost
            }
        }
    }

    /// Puts a row of a block of the same kind in the place of one of this.
    package mutating func copy(_ source: Int, of other: RowBlock, to row: Int) {
        precondition(
            row < capacity && source < other.capacity && columns == other.columns && precision == other.precision,
            "a row that is not there, or is of another kind")
        ownMemory()
        memory.copy(source, of: other.memory, to: row)
    }

    /// Puts a row in the place of another.
    package mutating func copy(_ source: Int, to row: Int) {
        precondition(row < capacity && source < capacity, "a row that is not there")
        ownMemory()
        memory.copy(source, of: memory, to: row)
    }

    /// Makes a row one that is far from everything but itself.
    package mutating func clear(row: Int) {
        precondition(row < capacity, "a row that is not there")
        ownMemory()
        memory.weights[row] = RowMemory.unused
    }

    /// What a scan reads from a group on.
    func pointers(
        group: Int
    ) -> (
        singles: UnsafePointer<SIMD16<Float>>, halves: UnsafePointer<SIMD16<Float16>>,
        weights: UnsafePointer<SIMD16<Float>>
    ) {
        precondition(group <= memory.groups, "a group that is not there")
        let start = UnsafeRawPointer(memory.numbers) + group * columns * Self.lanes * precision.bytes
        return (
            start.assumingMemoryBound(to: SIMD16<Float>.self), start.assumingMemoryBound(to: SIMD16<Float16>.self),
            UnsafeRawPointer(memory.weights + group * Self.lanes).assumingMemoryBound(to: SIMD16<Float>.self)
        )
    }

    private mutating func ownMemory() {
        if !isKnownUniquelyReferenced(&memory) { memory = memory.copy(groups: memory.groups) }
    }
}

/// The memory of a block: numbers, and behind them the weights. It is changed by who holds it alone, as an array's is,
/// which the compiler cannot see.
private final class RowMemory: @unchecked Sendable {
    /// What the system maps as one where it is asked to.
    static let largePage = 2 << 20
    /// The weight of a row that is none.
    static let unused = Float.greatestFiniteMagnitude

    let groups: Int
    let numbers: UnsafeMutableRawPointer
    let weights: UnsafeMutablePointer<Float>
    private let columns: Int
    private let number: Int

    var singles: UnsafeMutablePointer<Float> { numbers.assumingMemoryBound(to: Float.self) }
    var halves: UnsafeMutablePointer<Float16> { numbers.assumingMemoryBound(to: Float16.self) }

    static func groupBytes(columns: Int, number: Int) -> Int { RowBlock.lanes * (columns * number + 4) }

    /// - Parameter number: the bytes of one.
    init(columns: Int, groups: Int, number: Int) {
        self.columns = columns
        self.groups = groups
        self.number = number
        let rows = groups * RowBlock.lanes
        // The weights of a group are 64 bytes, and so are aligned if the numbers end so.
        let bytes = (rows * columns * number + 63) & ~63, whole = bytes + rows * 4
        let isLarge = whole * 2 > Self.largePage
        numbers = UnsafeMutableRawPointer.allocate(byteCount: whole, alignment: isLarge ? Self.largePage : 64)
        if isLarge { madvise(numbers, whole, MADV_HUGEPAGE) }
        memset(numbers, 0, bytes)
        weights = (numbers + bytes).bindMemory(to: Float.self, capacity: rows)
        weights.initialize(repeating: Self.unused, count: rows)
    }

    deinit { numbers.deallocate() }

    func copy(groups: Int) -> RowMemory {
        let other = RowMemory(columns: columns, groups: groups, number: number)
        let rows = min(groups, self.groups) * RowBlock.lanes
        memcpy(other.numbers, numbers, rows * columns * number)
        memcpy(other.weights, weights, rows * 4)
        return other
    }

    /// Puts a row of a memory of the same kind, which may be this one, in the place of one of this.
    func copy(_ source: Int, of other: RowMemory, to row: Int) {
        weights[row] = other.weights[source]
        let lanes = RowBlock.lanes
        let to = row / lanes * columns * lanes + row % lanes, from = source / lanes * columns * lanes + source % lanes
        for offset in stride(from: 0, to: columns * lanes, by: lanes) {
            if number == 4 {
                singles[to + offset] = other.singles[from + offset]
            } else {
                halves[to + offset] = other.halves[from + offset]
            }
        }
    }
}
