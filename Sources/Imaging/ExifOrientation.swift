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

    /// The orientation that a JPEG file states; upright where it states none or nonsense.
    init(ofJPEG bytes: [UInt8]) {
        self = Self.exifBlock(of: bytes).flatMap(Self.orientation(inTIFF:)) ?? .upright
    }

    /// Whether width and height change places.
    var swapsSides: Bool { rawValue >= 5 }

    /// The TIFF structure in the APP1 segment, found by walking the markers before the image data.
    private static func exifBlock(of bytes: [UInt8]) -> ArraySlice<UInt8>? {
        var offset = 2
        while offset + 4 <= bytes.count, bytes[offset] == 0xFF {
            let marker = bytes[offset + 1]
            if marker == 0xFF { offset += 1; continue }
            guard marker != 0xDA, marker != 0xD9 else { return nil }
            let length = Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
            guard length >= 2, offset + 2 + length <= bytes.count else { return nil }
            let segment = bytes[offset + 4..<offset + 2 + length]
            if marker == 0xE1, segment.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) { return segment.dropFirst(6) }
            offset += 2 + length
        }
        return nil
    }

    private static func orientation(inTIFF block: ArraySlice<UInt8>) -> ExifOrientation? {
        let bigEndian: Bool
        if block.starts(with: [0x4D, 0x4D]) { bigEndian = true }
        else if block.starts(with: [0x49, 0x49]) { bigEndian = false }
        else { return nil }

        func number(at offset: Int, bytes count: Int) -> Int? {
            guard offset >= 0, offset + count <= block.count else { return nil }
            let slice = block[block.startIndex + offset..<block.startIndex + offset + count]
            return (bigEndian ? Array(slice) : slice.reversed()).reduce(0) { $0 << 8 | Int($1) }
        }
        guard number(at: 2, bytes: 2) == 42, let directory = number(at: 4, bytes: 4),
              let entries = number(at: directory, bytes: 2) else { return nil }
        for entry in 0..<entries {
            let offset = directory + 2 + 12 * entry
            guard let tag = number(at: offset, bytes: 2) else { return nil }
            if tag == 0x0112 {
                return number(at: offset + 8, bytes: 2).flatMap { ExifOrientation(rawValue: UInt16($0)) }
            }
        }
        return nil
    }
}

extension Image {
    /// The picture as the camera's holder saw it.
    func turned(upright orientation: ExifOrientation) -> Image {
        guard orientation != .upright, width > 0, height > 0 else { return self }
        let newWidth = orientation.swapsSides ? height : width
        let newHeight = orientation.swapsSides ? width : height
        let turned = [Pixel](unsafeUninitializedCapacity: pixels.count) { buffer, count in
            for y in 0..<newHeight {
                for x in 0..<newWidth {
                    let (fromX, fromY) = switch orientation {
                    case .upright: (x, y)
                    case .mirrored: (width - 1 - x, y)
                    case .upsideDown: (width - 1 - x, height - 1 - y)
                    case .mirroredUpsideDown: (x, height - 1 - y)
                    case .transposed: (y, x)
                    case .turnedLeft: (y, height - 1 - x)
                    case .transversed: (width - 1 - y, height - 1 - x)
                    case .turnedRight: (width - 1 - y, x)
                    }
                    buffer.initializeElement(at: y * newWidth + x, to: pixels[fromY * width + fromX])
                }
            }
            count = pixels.count
        }
        return Image(width: newWidth, height: newHeight, pixels: turned)
    }
}
