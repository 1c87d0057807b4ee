// SPDX-License-Identifier: Apache-2.0

/// An upright rectangle in an image, in pixels. It may lie partly or wholly outside the image.
public struct Rectangle: Sendable, Hashable, Codable {
    public var left: Double
    public var top: Double
    public var width: Double
    public var height: Double

    public init(left: Double, top: Double, width: Double, height: Double) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }

    public var right: Double { left + width }
    public var bottom: Double { top + height }
    public var center: Point { Point(x: left + width / 2, y: top + height / 2) }
    /// The area in square pixels; 0 for a rectangle without extent.
    public var area: Double { max(0, width) * max(0, height) }

    /// The area that both cover, over the area that either covers: 0 (apart) to 1 (the same).
    public func intersectionOverUnion(with other: Rectangle) -> Double {
        let shared =
            max(0, min(right, other.right) - max(left, other.left))
            * max(0, min(bottom, other.bottom) - max(top, other.top))
        let union = area + other.area - shared
        return union > 0 ? shared / union : 0
    }
}
