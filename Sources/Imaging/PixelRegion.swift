// SPDX-License-Identifier: Apache-2.0

/// A part of a picture, in whole pixels from the top left.
public struct PixelRegion: Sendable, Hashable {
    public var left: Int
    public var top: Int
    public var width: Int
    public var height: Int

    public init(left: Int, top: Int, width: Int, height: Int) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }

    public var right: Int { left + width }
    public var bottom: Int { top + height }
    /// How many pixels it has.
    public var count: Int { width * height }

    public func contains(_ other: PixelRegion) -> Bool {
        left <= other.left && top <= other.top && other.right <= right && other.bottom <= bottom
    }

    /// The smallest region of whole pixels that covers a rectangle and lies in a picture of a size; nil where they have
    /// nothing in common.
    public init?(covering rectangle: Rectangle, width: Int, height: Int) {
        func span(_ from: Double, _ to: Double, below limit: Int) -> Range<Int>? {
            guard from.isFinite, to.isFinite else { return nil }
            let low = min(max(0, from.rounded(.down)), Double(limit))
            let high = min(max(0, to.rounded(.up)), Double(limit))
            return high > low ? Int(low)..<Int(high) : nil
        }
        guard let columns = span(rectangle.left, rectangle.right, below: width),
            let rows = span(rectangle.top, rectangle.bottom, below: height)
        else { return nil }
        self.init(left: columns.lowerBound, top: rows.lowerBound, width: columns.count, height: rows.count)
    }
}
