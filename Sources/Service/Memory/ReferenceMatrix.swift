/// Vectors of one size, in rows that lie side by side, for a search through all of them.
///
/// The rows stand in blocks, so that changing one while a reader holds an older value copies one block and not
/// the whole matrix.
struct ReferenceMatrix: Sendable {
    /// Rows of a block.
    private static let blockRows = 256

    /// The number of coordinates of a vector.
    let columns: Int
    private(set) var rows = 0
    /// Eight coordinates at a time; the last of a row are filled up with zeros, which add nothing to a distance.
    private var blocks: [[SIMD8<Float>]] = []
    private let lanes: Int

    init(columns: Int) {
        self.columns = columns
        lanes = (columns + 7) / 8
    }

    /// - Precondition: the vector has ``columns`` coordinates.
    mutating func append(_ vector: [Float]) {
        if rows == blocks.count * Self.blockRows { blocks.append([]) }
        blocks[blocks.count - 1].append(contentsOf: packed(vector))
        rows += 1
    }

    /// - Precondition: there is such a row, and the vector has ``columns`` coordinates.
    mutating func replace(row: Int, by vector: [Float]) {
        let start = row % Self.blockRows * lanes
        blocks[row / Self.blockRows].replaceSubrange(start..<start + lanes, with: packed(vector))
    }

    /// Takes a row out and moves the last one to its place.
    ///
    /// - Precondition: there is such a row.
    mutating func removeBySwapping(row: Int) {
        let last = rows - 1
        let lastStart = last % Self.blockRows * lanes
        if row != last {
            let moved = blocks[last / Self.blockRows][lastStart..<lastStart + lanes]
            let start = row % Self.blockRows * lanes
            blocks[row / Self.blockRows].replaceSubrange(start..<start + lanes, with: moved)
        }
        blocks[last / Self.blockRows].removeLast(lanes)
        if blocks[blocks.count - 1].isEmpty { blocks.removeLast() }
        rows = last
    }

    /// The square of the Euclidean distance of a vector to every row, without regard to what is found on the way.
    ///
    /// - Precondition: the vector has ``columns`` coordinates.
    func squaredDistances(to vector: [Float]) -> [Float] {
        let probe = packed(vector)
        var distances: [Float] = []
        distances.reserveCapacity(rows)
        for block in blocks {
            for start in stride(from: 0, to: block.count, by: lanes) {
                var sum = SIMD8<Float>.zero
                for lane in 0..<lanes {
                    let difference = block[start + lane] - probe[lane]
                    sum += difference * difference
                }
                distances.append(sum.sum())
            }
        }
        return distances
    }

    private func packed(_ vector: [Float]) -> [SIMD8<Float>] {
        precondition(vector.count == columns, "a vector of another size")
        return (0..<lanes).map { lane in
            var values = SIMD8<Float>.zero
            for index in 0..<min(8, columns - lane * 8) { values[index] = vector[lane * 8 + index] }
            return values
        }
    }
}
