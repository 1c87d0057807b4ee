// SPDX-License-Identifier: Apache-2.0

import CJPEG

/// JPEG (ITU-T T.81) through libjpeg-turbo's classic interface.
///
/// What libjpeg calls warnings are errors here where part of the picture would be invention. Nothing is read beyond the
/// last row, so that a missing end of the file costs nothing.
enum JPEGDecoder {
    /// More scans than any program writes.
    private static let maximumScans: UInt32 = 100
    /// How many times the blocks of one channel may be gone through. libjpeg's own progressive files take 14 at full
    /// chroma and 8 at a quarter of it, the thriftiest encoders up to 18.
    private static let maximumPasses: UInt32 = 24
    /// Arithmetic coding goes by 6 MB a second and hardly any program writes it: beside this, a byte for ten pixels.
    private static let arithmeticBytes = 4 << 20
    /// What the decoder may allocate beside the coefficients.
    private static let workingBytes = 64 << 20

    static func decodeRGB(
        _ bytes: [UInt8], limits: DecodingLimits, shouldStop: () -> Bool
    ) throws(ImagingError) -> RGBImage {
        try decode(bytes, limits: limits, shouldStop: shouldStop, fill: RGB(red: 0, green: 0, blue: 0))
    }

    static func decodeGray(
        _ bytes: [UInt8], limits: DecodingLimits, shouldStop: () -> Bool
    ) throws(ImagingError) -> GrayImage {
        try decode(bytes, limits: limits, shouldStop: shouldStop, fill: 0)
    }

    /// - Parameter fill: any pixel of the kind that is wanted: one byte for grey levels, three for colours.
    private static func decode<Pixel>(
        _ bytes: [UInt8], limits: DecodingLimits, shouldStop: () -> Bool, fill: Pixel
    ) throws(ImagingError) -> Image<Pixel> {
        // Two bytes for each coefficient of three channels.
        let budget = likeness_jpeg_budget(
            scans: maximumScans, passes: maximumPasses, arithmetic_bytes: limits.maximumPixels / 10 + arithmeticBytes,
            memory: 6 * limits.maximumPixels + workingBytes)
        let result: Result<(Image<Pixel>, ExifOrientation), ImagingError> = StopHook.lend(shouldStop) { context in
            bytes.withUnsafeBufferPointer { buffer in
                guard let reader = likeness_jpeg_open(buffer.baseAddress, buffer.count, budget, StopHook.ask, context)
                else {
                    return .failure(.corrupt(format: .jpeg, detail: "there is no memory to read it"))
                }
                defer { likeness_jpeg_close(reader) }
                do throws(ImagingError) {
                    var header = likeness_jpeg_header()
                    let image = try read(reader, header: &header, limits: limits, fill: fill)
                    let exif = buffer[header.exif_offset..<header.exif_offset + header.exif_count]
                    return .success((image, ExifOrientation(inTIFF: exif)))
                } catch {
                    return .failure(error)
                }
            }
        }
        let (image, orientation) = try result.get()
        return image.turned(upright: orientation)
    }

    private static func read<Pixel>(
        _ reader: OpaquePointer, header: inout likeness_jpeg_header, limits: DecodingLimits, fill: Pixel
    ) throws(ImagingError) -> Image<Pixel> {
        try check(likeness_jpeg_read_header(reader, &header), of: reader, header: header)
        let width = Int(header.width), height = Int(header.height)
        try limits.check(width: width, height: height, maximumSide: LIKENESS_JPEG_LONGEST_SIDE)
        guard header.is_for_print == 0 else {
            throw .unsupportedEncoding(format: .jpeg, detail: "it is made for printing (CMYK)")
        }
        guard header.channels == 1 || header.channels == 3 else {
            throw .unsupportedEncoding(format: .jpeg, detail: "it has \(header.channels) channels")
        }
        let bytesPerPixel = MemoryLayout<Pixel>.stride
        try check(likeness_jpeg_start(reader, bytesPerPixel == 1 ? 1 : 0), of: reader, header: header)
        var outcome = LIKENESS_JPEG_DONE
        let pixels = [Pixel](unsafeUninitializedCapacity: width * height) { buffer, count in
            let rowBytes = width * bytesPerPixel
            outcome =
                UnsafeMutableRawPointer(buffer.baseAddress).map {
                    likeness_jpeg_read_rows(reader, $0.assumingMemoryBound(to: UInt8.self), rowBytes, UInt32(height))
                } ?? LIKENESS_JPEG_NO_PIXELS
            count = outcome == LIKENESS_JPEG_DONE ? width * height : 0
        }
        try check(outcome, of: reader, header: header)
        return Image(width: width, height: height, pixels: pixels)
    }

    private static func check(
        _ outcome: likeness_jpeg_outcome, of reader: OpaquePointer, header: likeness_jpeg_header
    ) throws(ImagingError) {
        switch outcome {
        case LIKENESS_JPEG_DONE: return
        case LIKENESS_JPEG_STOPPED: throw .stopped
        case LIKENESS_JPEG_TRUNCATED: throw .truncated(format: .jpeg)
        case LIKENESS_JPEG_NO_PIXELS: throw .noPixels
        case LIKENESS_JPEG_SIDE_TOO_LONG:
            throw .sideTooLong(
                width: Int(header.width), height: Int(header.height), limit: LIKENESS_JPEG_LONGEST_SIDE)
        default: break
        }
        let message = String(cString: likeness_jpeg_message(reader))
        switch outcome {
        case LIKENESS_JPEG_TOO_MUCH_WORK: throw .tooMuchWork(format: .jpeg, detail: message)
        case LIKENESS_JPEG_UNSUPPORTED: throw .unsupportedEncoding(format: .jpeg, detail: message)
        default: throw .corrupt(format: .jpeg, detail: message)
        }
    }
}
