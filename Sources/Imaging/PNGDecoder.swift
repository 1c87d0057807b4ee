// SPDX-License-Identifier: Apache-2.0

import CPNG

/// PNG (ISO/IEC 15948) through libpng. Nothing is read beyond the last row.
enum PNGDecoder {
    /// The bytes that image data may unfold to for each pixel of the largest picture: 8 bits a channel with opacity. A
    /// picture of 16 bits a channel may have fewer pixels.
    private static let bytesPerPixel = 4

    static func decodeRGB(
        _ bytes: [UInt8], limits: DecodingLimits, shouldStop: () -> Bool
    ) throws(ImagingError) -> RGBImage {
        try decode(bytes, limits: limits, shouldStop: shouldStop) { samples in
            switch samples.channels {
            case 1: samples.levels.rgb()
            case 3: samples.colors
            default: TransparentPicture(samples).rgb
            }
        }
    }

    static func decodeGray(
        _ bytes: [UInt8], limits: DecodingLimits, shouldStop: () -> Bool
    ) throws(ImagingError) -> GrayImage {
        try decode(bytes, limits: limits, shouldStop: shouldStop) { samples in
            switch samples.channels {
            case 1: samples.levels
            case 3: samples.colors.grayscale()
            default: TransparentPicture(samples).gray
            }
        }
    }

    /// The pixels as they lie in the file, 8 bits a channel.
    struct Samples {
        let width: Int
        let height: Int
        /// 1 grey, 2 grey and opacity, 3 RGB, 4 RGB and opacity.
        let channels: Int
        /// The pixels of a picture of three channels; otherwise empty.
        fileprivate var rgb: [RGB] = []
        /// The samples of a picture of another number of channels, row by row.
        fileprivate(set) var bytes: [UInt8] = []

        fileprivate var levels: GrayImage { GrayImage(width: width, height: height, pixels: bytes) }
        fileprivate var colors: RGBImage { RGBImage(width: width, height: height, pixels: rgb) }
    }

    private static func decode<Pixel>(
        _ bytes: [UInt8], limits: DecodingLimits, shouldStop: () -> Bool, picture: (Samples) -> Image<Pixel>
    ) throws(ImagingError) -> Image<Pixel> {
        let result: Result<(Samples, ExifOrientation), ImagingError> = StopHook.lend(shouldStop) { context in
            bytes.withUnsafeBufferPointer { buffer in
                guard let reader = likeness_png_open(buffer.baseAddress, buffer.count, StopHook.ask, context) else {
                    return .failure(.corrupt(format: .png, detail: "there is no memory to read it"))
                }
                defer { likeness_png_close(reader) }
                do throws(ImagingError) {
                    let samples = try read(reader, limits: limits)
                    var offset = 0, count = 0
                    likeness_png_find_exif(reader, &offset, &count)
                    return .success((samples, ExifOrientation(inTIFF: buffer[offset..<offset + count])))
                } catch {
                    return .failure(error)
                }
            }
        }
        let (samples, orientation) = try result.get()
        return picture(samples).turned(upright: orientation)
    }

    private static func read(_ reader: OpaquePointer, limits: DecodingLimits) throws(ImagingError) -> Samples {
        var declaredWidth: UInt32 = 0, declaredHeight: UInt32 = 0, rowBytes = 0
        try check(likeness_png_read_header(reader, &declaredWidth, &declaredHeight, &rowBytes), of: reader)
        let width = Int(declaredWidth), height = Int(declaredHeight)
        try limits.check(width: width, height: height)
        let unfolded = rowBytes * height, most = bytesPerPixel * limits.maximumPixels
        guard unfolded <= most else {
            throw .tooMuchWork(
                format: .png,
                detail: "its \(width) × \(height) pixels unfold to \(unfolded) bytes, and \(most) is the most")
        }

        var channels: Int32 = 0
        try check(likeness_png_prepare(reader, &channels), of: reader)
        var samples = Samples(width: width, height: height, channels: Int(channels))
        if channels == 3 {
            samples.rgb = try pixels(width * height, of: reader)
        } else {
            samples.bytes = try pixels(width * height * Int(channels), of: reader)
        }
        return samples
    }

    /// All rows, as `count` bytes or groups of three.
    private static func pixels<Pixel>(_ count: Int, of reader: OpaquePointer) throws(ImagingError) -> [Pixel] {
        var outcome = LIKENESS_PNG_DONE
        let pixels = [Pixel](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let start = UnsafeMutableRawPointer(buffer.baseAddress) {
                outcome = likeness_png_read_rows(reader, start.assumingMemoryBound(to: UInt8.self))
            }
            initialized = outcome == LIKENESS_PNG_DONE ? count : 0
        }
        try check(outcome, of: reader)
        return pixels
    }

    private static func check(_ outcome: likeness_png_outcome, of reader: OpaquePointer) throws(ImagingError) {
        switch outcome {
        case LIKENESS_PNG_DONE: return
        case LIKENESS_PNG_STOPPED: throw .stopped
        case LIKENESS_PNG_TRUNCATED: throw .truncated(format: .png)
        default: throw .corrupt(format: .png, detail: String(cString: likeness_png_message(reader)))
        }
    }
}
