// SPDX-License-Identifier: Apache-2.0

/// A turn by a multiple of 90°, clockwise as one looks at the picture.
public enum QuarterTurn: Int, Sendable, Hashable, CaseIterable {
    case none = 0
    case clockwise = 1
    case half = 2
    case counterclockwise = 3

    /// The turn in degrees, in 0…270.
    public var degrees: Int { 90 * rawValue }
}

extension Image {
    /// The picture turned; a quarter turn swaps its sides.
    public func turned(_ turn: QuarterTurn) -> Image {
        switch turn {
        case .none: return self
        case .half: return Image(width: width, height: height, pixels: pixels.reversed())
        case .clockwise, .counterclockwise:
            var result: [Pixel] = []
            result.reserveCapacity(pixels.count)
            for row in 0..<width {
                // A row of the result is a column of this picture, upwards or downwards.
                let column = turn == .clockwise ? row : width - 1 - row
                let rows = stride(from: column, to: pixels.count, by: width)
                if turn == .clockwise {
                    result.append(contentsOf: rows.reversed().map { pixels[$0] })
                } else {
                    result.append(contentsOf: rows.map { pixels[$0] })
                }
            }
            return Image(width: height, height: width, pixels: result)
        }
    }

    /// The picture seen in a mirror: left and right are swapped.
    public func mirrored() -> Image {
        var result: [Pixel] = []
        result.reserveCapacity(pixels.count)
        for row in 0..<height { result.append(contentsOf: pixels[row * width..<(row + 1) * width].reversed()) }
        return Image(width: width, height: height, pixels: result)
    }
}

extension QuarterTurn {
    /// Where a point of a turned picture lies in the picture before, whose size is given. Pixel centres map to pixel
    /// centres.
    public func original(_ point: Point, width: Int, height: Int) -> Point {
        let right = Double(width - 1), bottom = Double(height - 1)
        return switch self {
        case .none: point
        case .clockwise: Point(x: point.y, y: bottom - point.x)
        case .half: Point(x: right - point.x, y: bottom - point.y)
        case .counterclockwise: Point(x: right - point.y, y: point.x)
        }
    }
}
