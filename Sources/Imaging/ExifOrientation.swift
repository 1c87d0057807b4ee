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

    /// Whether the upright picture's columns come from the last to the first, after sides have changed places.
    var flipsColumns: Bool { [.mirrored, .upsideDown, .turnedLeft, .transversed].contains(self) }

    /// The same of its rows.
    var flipsRows: Bool { [.upsideDown, .mirroredUpsideDown, .transversed, .turnedRight].contains(self) }

    /// Where a part of an upright picture lies in the picture as it is stored.
    ///
    /// - Parameters: the part, and the upright picture's size.
    func stored(_ part: PixelRegion, width: Int, height: Int) -> PixelRegion {
        let left = flipsColumns ? width - part.right : part.left
        let top = flipsRows ? height - part.bottom : part.top
        return swapsSides
            ? PixelRegion(left: top, top: left, width: part.height, height: part.width)
            : PixelRegion(left: left, top: top, width: part.width, height: part.height)
    }

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
