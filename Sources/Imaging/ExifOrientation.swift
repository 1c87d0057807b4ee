// SPDX-License-Identifier: Apache-2.0

/// How a camera was held, by the orientation tag of EXIF (CIPA DC-008, tag 0x0112).
enum ExifOrientation: UInt16, CaseIterable {
    case upright = 1
    case mirrored
    case upsideDown
    case mirroredUpsideDown
    case transposed
    case turnedLeft
    case transversed
    case turnedRight

    private static let tag = 0x0112
    private static let entryBytes = 12

    /// The orientation that the first directory of a TIFF structure states, as EXIF is kept in JPEG and PNG; upright
    /// where it states none or nonsense. Other directories are not followed.
    init(inTIFF block: some RandomAccessCollection<UInt8>) {
        self = Self.orientation(inTIFF: block) ?? .upright
    }

    /// Whether width and height change places.
    var swapsSides: Bool { rawValue >= 5 }

    private static func orientation(inTIFF block: some RandomAccessCollection<UInt8>) -> ExifOrientation? {
        let bigEndian: Bool
        if block.starts(with: [0x4D, 0x4D]) {
            bigEndian = true
        } else if block.starts(with: [0x49, 0x49]) {
            bigEndian = false
        } else {
            return nil
        }

        func number(at offset: Int, bytes count: Int) -> Int? {
            guard offset >= 0, offset <= block.count - count else { return nil }
            return (0..<count).reduce(0) { sum, index in
                let position = offset + (bigEndian ? index : count - 1 - index)
                return sum << 8 | Int(block[block.index(block.startIndex, offsetBy: position)])
            }
        }
        guard number(at: 2, bytes: 2) == 42, let directory = number(at: 4, bytes: 4),
            let entries = number(at: directory, bytes: 2)
        else { return nil }
        for entry in 0..<entries {
            let offset = directory + 2 + entryBytes * entry
            guard let tag = number(at: offset, bytes: 2) else { return nil }
            guard tag == Self.tag else { continue }
            // BYTE, SHORT or LONG: a number lies at the beginning of the entry's four bytes of value.
            let widths = [1: 1, 3: 2, 4: 4]
            guard let width = number(at: offset + 2, bytes: 2).flatMap({ widths[$0] }),
                number(at: offset + 4, bytes: 4) == 1
            else { return nil }
            return number(at: offset + 8, bytes: width).flatMap { UInt16(exactly: $0) }.flatMap {
                ExifOrientation(rawValue: $0)
            }
        }
        return nil
    }
}

extension Image {
    /// The pixels of a square that is turned at a time, so that the rows it comes from and goes to stay in the cache.
    private static var tileSide: Int { 32 }

    /// The picture as the camera's holder saw it.
    func turned(upright orientation: ExifOrientation) -> Image {
        guard orientation != .upright, width > 0, height > 0 else { return self }
        let newWidth = orientation.swapsSides ? height : width
        let newHeight = orientation.swapsSides ? width : height
        let right = width - 1, below = (height - 1) * width
        // The pixel that comes first, and how far apart those for the next column and the next row lie.
        let (first, column, row) =
            switch orientation {
            case .upright: (0, 1, width)
            case .mirrored: (right, -1, width)
            case .upsideDown: (below + right, -1, -width)
            case .mirroredUpsideDown: (below, 1, -width)
            case .transposed: (0, width, 1)
            case .turnedLeft: (below, -width, 1)
            case .transversed: (below + right, -width, -1)
            case .turnedRight: (right, width, -1)
            }
        let turned = pixels.withUnsafeBufferPointer { source in
            [Pixel](unsafeUninitializedCapacity: source.count) { buffer, count in
                for top in stride(from: 0, to: newHeight, by: Self.tileSide) {
                    for left in stride(from: 0, to: newWidth, by: Self.tileSide) {
                        for y in top..<min(top + Self.tileSide, newHeight) {
                            for x in left..<min(left + Self.tileSide, newWidth) {
                                buffer.initializeElement(at: y * newWidth + x, to: source[first + x * column + y * row])
                            }
                        }
                    }
                }
                count = source.count
            }
        }
        return Image(width: newWidth, height: newHeight, pixels: turned)
    }
}
