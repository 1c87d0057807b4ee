// SPDX-License-Identifier: Apache-2.0

import CPNG

extension Image where Pixel == UInt8 {
    /// The image as a grey PNG file of 8 bits.
    /// - Throws: ``ImagingError/writing(detail:)`` when it has no pixels or there is no memory.
    public func pngBytes() throws(ImagingError) -> [UInt8] {
        try PNGEncoder.encode(width: width, height: height, channels: 1, samples: pixels)
    }
}

extension Image where Pixel == RGB {
    /// The image as an RGB PNG file of 8 bits a channel.
    /// - Throws: ``ImagingError/writing(detail:)`` when it has no pixels or there is no memory.
    public func pngBytes() throws(ImagingError) -> [UInt8] {
        try PNGEncoder.encode(
            width: width, height: height, channels: 3, samples: pixels.flatMap { [$0.red, $0.green, $0.blue] })
    }
}

enum PNGEncoder {
    static func encode(width: Int, height: Int, channels: Int, samples: [UInt8]) throws(ImagingError) -> [UInt8] {
        guard width > 0, height > 0, let fileWidth = UInt32(exactly: width), let fileHeight = UInt32(exactly: height)
        else {
            throw .writing(detail: "a PNG file cannot have \(width) × \(height) pixels")
        }
        var writer = likeness_png_writer()
        let status = samples.withUnsafeBufferPointer {
            likeness_png_write(&writer, fileWidth, fileHeight, Int32(channels), $0.baseAddress)
        }
        defer { likeness_png_writer_free(&writer) }
        guard status == 0 else {
            let message = withUnsafeBytes(of: &writer.message) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            throw .writing(detail: message)
        }
        return Array(UnsafeBufferPointer(start: writer.bytes, count: writer.count))
    }
}
