// SPDX-License-Identifier: Apache-2.0

/// Where the pixels of a picture, or of a part of it, go: upright, whatever the orientation they are stored in.
struct PixelPlacer {
    /// As many pixels as the part has.
    private let memory: UnsafeMutablePointer<RGB>
    /// The part as it is stored.
    let width: Int
    let height: Int
    private let isUpright: Bool
    /// Where the first stored pixel goes, and how far apart the next column and the next row go.
    private let first: Int
    private let column: Int
    private let row: Int

    /// Rows that are turned at a time: what they come from and go to stays in the cache.
    static let rowsAtOnce = 32

    init(memory: UnsafeMutablePointer<RGB>, storedWidth: Int, storedHeight: Int, orientation: ExifOrientation) {
        self.memory = memory
        width = storedWidth
        height = storedHeight
        isUpright = orientation == .upright
        let uprightWidth = orientation.swapsSides ? storedHeight : storedWidth
        let uprightHeight = orientation.swapsSides ? storedWidth : storedHeight
        first =
            (orientation.flipsColumns ? uprightWidth - 1 : 0)
            + (orientation.flipsRows ? (uprightHeight - 1) * uprightWidth : 0)
        let along = orientation.flipsColumns ? -1 : 1
        let down = orientation.flipsRows ? -uprightWidth : uprightWidth
        (column, row) = orientation.swapsSides ? (down, along) : (along, down)
    }

    /// Where the rows from `y` on can be written as they are stored; nil where they have to be turned.
    func rows(from y: Int) -> UnsafeMutablePointer<RGB>? {
        isUpright ? memory + y * width : nil
    }

    /// Puts `count` rows from `y` on where they belong.
    func place(_ rows: UnsafePointer<RGB>, from y: Int, count: Int) {
        if isUpright {
            (memory + y * width).update(from: rows, count: count * width)
            return
        }
        for left in stride(from: 0, to: width, by: Self.rowsAtOnce) {
            for index in 0..<count {
                var place = first + (y + index) * row + left * column
                for x in left..<min(left + Self.rowsAtOnce, width) {
                    memory[place] = rows[index * width + x]
                    place += column
                }
            }
        }
    }

    /// Has all rows made, some at a time, and puts them where they belong.
    ///
    /// - Parameter make: makes `count` rows from `y` on in the memory that it is given.
    func fill(
        _ make: (_ rows: UnsafeMutablePointer<RGB>, _ y: Int, _ count: Int) throws(ImagingError) -> Void
    ) throws(ImagingError) {
        let scratch = isUpright ? nil : UnsafeMutablePointer<RGB>.allocate(capacity: Self.rowsAtOnce * width)
        defer { scratch?.deallocate() }
        for y in stride(from: 0, to: height, by: Self.rowsAtOnce) {
            let count = min(Self.rowsAtOnce, height - y)
            let rows = scratch ?? memory + y * width
            try make(rows, y, count)
            if scratch != nil { place(rows, from: y, count: count) }
        }
    }
}
