// SPDX-License-Identifier: Apache-2.0

import VectorMath

/// Vectors of one size for a search through all of them, each with a scale of its distances.
///
/// They stand in pieces of memory that are read from end to end, so that changing one vector while a reader holds an
/// older value copies one piece and not the whole. In half precision half as much is read; how much that may change a
/// distance is kept, so that what is found holds every vector that could be among the nearest.
struct ReferenceMatrix: Sendable {
    /// How many groups of rows are measured before their distances are looked at.
    private static let tileGroups = 16
    private static let tileRows = tileGroups * RowBlock.lanes
    /// Fewer bytes than this are read sooner than another thread begins.
    private static let bytesForThread = 2 << 20
    /// Beyond this a distance's square, which is in single precision, may be infinite.
    private static let greatestDistance = 1e18

    /// The number of coordinates of a vector.
    let columns: Int
    let precision: RowPrecision
    private(set) var rows = 0
    private let scan: DistanceScan
    private let blockRows: Int
    private var blocks: [Block] = []
    /// A power of two, with which the first vector comes near 1, where numbers of half precision are closest.
    private var unit: Float = 1

    private struct Block: Sendable {
        var rows: RowBlock
        /// For each tile the most by which rounding may have changed a distance to one of its rows.
        var lost: [Float]

        init(columns: Int, capacity: Int, precision: RowPrecision) {
            rows = RowBlock(columns: columns, capacity: capacity, precision: precision)
            lost = Array(repeating: 0, count: (rows.capacity + tileRows - 1) / tileRows)
        }

        mutating func grow(to capacity: Int) {
            rows.grow(to: capacity)
            let tiles = (rows.capacity + tileRows - 1) / tileRows
            lost += Array(repeating: 0, count: tiles - lost.count)
        }

        mutating func set(_ row: Int, to reference: Reference, unit: Float, by scan: DistanceScan) {
            let rounded = rows.set(
                row: row, to: reference.vector, scale: unit, weight: Float(reference.scale * reference.scale), by: scan)
            raise(row, to: (rounded * Float(reference.scale).nextUp).nextUp)
        }

        mutating func raise(_ row: Int, to lost: Float) {
            self.lost[row / tileRows] = max(self.lost[row / tileRows], lost)
        }
    }

    /// A vector, and what distances to it are multiplied by.
    typealias Reference = (vector: [Float], scale: Double)

    /// - Parameter precision: nil for the one that is read fastest.
    init(columns: Int, precision: RowPrecision? = nil, scan: DistanceScan = DistanceScan()) {
        self.columns = columns
        self.precision = precision ?? scan.fastest
        self.scan = scan
        blockRows = RowBlock.usualCapacity(columns: columns, precision: self.precision)
    }

    // MARK: Changes

    /// - Precondition: the vector has ``columns`` coordinates.
    mutating func append(_ reference: Reference) {
        if rows == 0 { unit = Self.unit(of: reference.vector) }
        let place = rows % blockRows
        if place == 0 {
            blocks.append(Block(columns: columns, capacity: min(blockRows, 64), precision: precision))
        } else if place == blocks[blocks.count - 1].rows.capacity {
            blocks[blocks.count - 1].grow(to: min(blockRows, 4 * place))
        }
        rows += 1
        replace(row: rows - 1, by: reference)
    }

    /// Fills an empty matrix, on all cores.
    ///
    /// - Precondition: there are no rows, and the vectors have ``columns`` coordinates.
    mutating func fill(_ count: Int, _ reference: @Sendable (Int) -> Reference) {
        precondition(rows == 0, "there are rows already")
        guard count > 0 else { return }
        let unit = Self.unit(of: reference(0).vector), scan = scan, columns = columns, precision = precision
        blocks = Cores.map(Array(stride(from: 0, to: count, by: blockRows))) { [blockRows] start in
            let end = min(count, start + blockRows)
            var block = Block(columns: columns, capacity: end - start, precision: precision)
            for row in start..<end { block.set(row - start, to: reference(row), unit: unit, by: scan) }
            return block
        }
        self.unit = unit
        rows = count
    }

    /// - Precondition: there is such a row, and the vector has ``columns`` coordinates.
    mutating func replace(row: Int, by reference: Reference) {
        precondition(row < rows, "a row that is not there")
        blocks[row / blockRows].set(row % blockRows, to: reference, unit: unit, by: scan)
    }

    /// Takes a row out and moves the last one to its place.
    ///
    /// - Precondition: there is such a row.
    mutating func removeBySwapping(row: Int) {
        precondition(row < rows, "a row that is not there")
        let last = rows - 1, source = blocks.count - 1, block = row / blockRows
        if block != source {
            blocks[block].rows.copy(last % blockRows, of: blocks[source].rows, to: row % blockRows)
        } else if row != last {
            blocks[block].rows.copy(last % blockRows, to: row % blockRows)
        }
        blocks[block].raise(row % blockRows, to: blocks[source].lost[last % blockRows / Self.tileRows])
        if last % blockRows == 0 {
            blocks.removeLast()
        } else {
            blocks[source].rows.clear(row: last % blockRows)
        }
        rows = last
    }

    /// A power of two by which a vector's greatest coordinate comes near 1.
    private static func unit(of vector: [Float]) -> Float {
        let greatest = vector.reduce(0) { max($0, abs($1)) }
        guard greatest > 0, greatest.isFinite else { return 1 }
        return Float(sign: .plus, exponent: -min(max(Int(greatest.exponent), -100), 100), significand: 1)
    }

    // MARK: Search

    /// Offers every row that may be among the nearest.
    ///
    /// The distance that a comparison of two embeddings gives is between the bounds that are offered, times ``unit``:
    /// the Euclidean distance to a rounded vector differs from that to the vector itself by no more than the length of
    /// what was rounded away; sums of `columns` squares in whatever order are true within (columns + 8) half units in
    /// the last place, twice of which is allowed for each; and what is below the least number is allowed for as well.
    ///
    /// - Parameters:
    ///   - nearest: what rows are offered to.
    ///   - cores: on how many threads, at the most.
    /// - Precondition: the vector has ``columns`` coordinates.
    func offerRows(near vector: [Float], to nearest: NearestRows, cores: Int = Cores.count) -> NearestRows {
        precondition(vector.count == columns, "a vector of another size")
        let probe = vector.map { $0 * unit }
        let tiles: [(block: Int, tile: Int)] = blocks.indices.flatMap { block in
            let count = (min(blockRows, rows - block * blockRows) + Self.tileRows - 1) / Self.tileRows
            return (0..<count).map { (block: block, tile: $0) }
        }
        let tileBytes = Self.tileRows * columns * (precision == .half ? 2 : 4)
        let parts = Cores.map(tiles.count, atLeast: Self.bytesForThread / tileBytes, cores: cores) { part in
            var nearest = nearest
            search(tiles[part], probe, &nearest)
            return nearest
        }
        guard var whole = parts.first else { return nearest }
        for part in parts.dropFirst() { whole.add(part) }
        return whole
    }

    private func search(_ tiles: ArraySlice<(block: Int, tile: Int)>, _ probe: [Float], _ nearest: inout NearestRows) {
        let error = Double(2 * (columns + 8)) * Double(Float.ulpOfOne)
        let tiny =
            4 * (Double(columns) * Double(Float.leastNonzeroMagnitude)).squareRoot() * max(1, Double(unit))
        let greatest = Self.greatestDistance * Double(unit)
        withUnsafeTemporaryAllocation(of: SIMD16<Float>.self, capacity: Self.tileGroups) { groups in
            probe.withUnsafeBufferPointer { probe in
                for (number, tile) in tiles {
                    let block = blocks[number], start = number * blockRows + tile * Self.tileRows
                    let count = min(Self.tileRows, min(blockRows, rows - number * blockRows) - tile * Self.tileRows)
                    let first = tile * Self.tileGroups, last = first + (count + RowBlock.lanes - 1) / RowBlock.lanes
                    let least = scan.weightedSquares(block.rows, groups: first..<last, vector: probe, squares: groups)
                    let lost = Double(block.lost[tile]) * (1 + error) + tiny
                    // Beyond the greatest every row may be as far as any other.
                    let reach = (nearest.bound + lost) / (1 - error)
                    let bound = reach < greatest ? Float(reach * reach).nextUp : .infinity
                    guard least <= bound else { continue }
                    let squares = UnsafeRawBufferPointer(groups).bindMemory(to: Float.self)
                    for row in 0..<count where squares[row] <= bound {
                        let distance = Double(squares[row]).squareRoot()
                        let least = lost.isFinite ? min(distance * (1 - error) - lost, greatest / 2) : 0
                        nearest.offer(start + row, least: least, most: distance * (1 + error) + lost)
                    }
                }
            }
        }
    }
}
