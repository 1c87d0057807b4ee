// SPDX-License-Identifier: Apache-2.0

import Imaging

/// One of the eight ways to lay a rectangle on itself or on its side.
public struct ImageOrientation: Sendable, Hashable, Codable {
    /// Quarter turns clockwise, 0…3, after the mirroring.
    public let quarterTurns: Int
    /// Whether left and right are exchanged first.
    public let isMirrored: Bool

    public static let upright = ImageOrientation(quarterTurns: 0)

    /// - Parameter quarterTurns: Quarter turns clockwise; a multiple of four is none.
    public init(quarterTurns: Int, isMirrored: Bool = false) {
        self.quarterTurns = ((quarterTurns % 4) + 4) % 4
        self.isMirrored = isMirrored
    }

    /// This orientation, then another one.
    public func followed(by other: ImageOrientation) -> ImageOrientation {
        // A mirror turns a turn before it around.
        ImageOrientation(
            quarterTurns: (other.isMirrored ? -quarterTurns : quarterTurns) + other.quarterTurns,
            isMirrored: isMirrored != other.isMirrored)
    }
}

extension Image {
    /// The picture laid as said; a quarter turn exchanges width and height.
    func oriented(_ orientation: ImageOrientation) -> Image {
        guard orientation != .upright else { return self }
        let isOnItsSide = orientation.quarterTurns % 2 == 1
        let newWidth = isOnItsSide ? height : width, newHeight = isOnItsSide ? width : height
        var turned: [Pixel] = []
        turned.reserveCapacity(pixels.count)
        for y in 0..<newHeight {
            for x in 0..<newWidth {
                let (column, row) =
                    switch orientation.quarterTurns {
                    case 1: (y, height - 1 - x)
                    case 2: (width - 1 - x, height - 1 - y)
                    case 3: (width - 1 - y, x)
                    default: (x, y)
                    }
                turned.append(pixels[row * width + (orientation.isMirrored ? width - 1 - column : column)])
            }
        }
        return Image(width: newWidth, height: newHeight, pixels: turned)
    }
}
