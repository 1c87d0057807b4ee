// SPDX-License-Identifier: Apache-2.0

/// A place in an image, in pixels: x to the right, y downwards, the centre of the top left pixel at (0, 0).
public struct Point: Sendable, Hashable, Codable {
    public var x: Double
    public var y: Double

    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    /// The straight distance to another point, in pixels.
    public func distance(to other: Point) -> Double {
        let dx = x - other.x, dy = y - other.y
        return (dx * dx + dy * dy).squareRoot()
    }
}
