// SPDX-License-Identifier: Apache-2.0

import CJPEG

/// JPEG (ITU-T T.81) through libjpeg-turbo's classic interface.
///
/// What libjpeg calls warnings are errors here where part of the picture would be invention. Nothing is read beyond the
/// last row, so that a missing end of the file costs nothing.
enum JPEGDecoder: FormatDecoder {
    /// More scans than any program writes.
    private static let maximumScans: UInt32 = 100
    /// How many times the blocks of one channel may be gone through. libjpeg's own progressive files take 14 at full
    /// chroma and 8 at a quarter of it, the thriftiest encoders up to 18.
    private static let maximumPasses: UInt32 = 24
    /// Arithmetic coding goes by 6 MB a second and hardly any program writes it: beside this, a byte for ten pixels.
    private static let arithmeticBytes = 4 << 20
    /// What the decoder may allocate beside the coefficients.
    private static let workingBytes = 64 << 20

    static func header(
        of file: FileBytes, format: ImageFormat, limits: DecodingLimits, shouldStop: () -> Bool
    ) throws(ImagingError) -> PictureHeader {
        try opened(file, limits, shouldStop) { reader throws(ImagingError) in
            let header = try readHeader(reader, limits: limits)
            let exif = file[header.exif_offset..<header.exif_offset + header.exif_count]
            return PictureHeader(
                format: format, storedWidth: Int(header.width), storedHeight: Int(header.height),
                orientation: ExifOrientation(inTIFF: exif), isReducible: header.is_plain != 0)
        }
    }

    static func read(
        _ part: PicturePart, of file: FileBytes, header: PictureHeader, limits: DecodingLimits,
        into placer: PixelPlacer,
        shouldStop: () -> Bool
    ) throws(ImagingError) {
        try opened(file, limits, shouldStop) { reader throws(ImagingError) in
            let header = try readHeader(reader, limits: limits)
            let profile = [UInt8](unsafeUninitializedCapacity: header.profile_count) { buffer, count in
                if let start = buffer.baseAddress { likeness_jpeg_copy_profile(reader, start) }
                count = header.profile_count
            }
            let converter = SampleConverter(
                header.is_for_print != 0 ? .invertedCMYK : header.channels == 1 ? .gray : .rgb, profile: profile)
            let layout: likeness_jpeg_layout =
                switch converter.layout {
                case .invertedCMYK: LIKENESS_JPEG_INVERTED_CMYK
                case .gray: LIKENESS_JPEG_GREY
                default: LIKENESS_JPEG_RGB
                }
            let region = part.region
            let outcome = likeness_jpeg_start(
                reader, layout, UInt32(part.factor),
                likeness_jpeg_part(
                    left: UInt32(region.left), top: UInt32(region.top), width: UInt32(region.width),
                    height: UInt32(region.height)))
            try check(outcome, of: reader, header: header)
            try readRows(of: reader, header: header, converter: converter, into: placer)
        }
    }

    private static func readRows(
        of reader: OpaquePointer, header: likeness_jpeg_header, converter: SampleConverter, into placer: PixelPlacer
    ) throws(ImagingError) {
        func read(_ rows: UnsafeMutableRawPointer, _ count: Int) throws(ImagingError) {
            try check(
                likeness_jpeg_read_rows(reader, rows.assumingMemoryBound(to: UInt8.self), UInt32(count)), of: reader,
                header: header)
        }
        if converter.isIdentity {
            return try placer.fill { rows, _, count throws(ImagingError) in try read(rows, count) }
        }
        let samples = UnsafeMutablePointer<UInt8>.allocate(
            capacity: PixelPlacer.rowsAtOnce * placer.width * converter.layout.samples)
        defer { samples.deallocate() }
        try placer.fill { rows, _, count throws(ImagingError) in
            try read(samples, count)
            converter.convert(samples, into: rows, count: count * placer.width)
        }
    }

    private static func opened<Value>(
        _ file: FileBytes, _ limits: DecodingLimits, _ shouldStop: () -> Bool,
        _ body: (OpaquePointer) throws(ImagingError) -> Value
    ) throws(ImagingError) -> Value {
        // Two bytes for each coefficient of four channels.
        let budget = likeness_jpeg_budget(
            scans: maximumScans, passes: maximumPasses, arithmetic_bytes: limits.maximumPixels / 10 + arithmeticBytes,
            memory: 8 * limits.maximumPixels + workingBytes)
        let result = StopHook.lend(shouldStop) { context in
            Result { () throws(ImagingError) in
                guard let reader = likeness_jpeg_open(file.baseAddress, file.count, budget, StopHook.ask, context)
                else {
                    throw ImagingError.corrupt(format: .jpeg, detail: "there is no memory to read it")
                }
                defer { likeness_jpeg_close(reader) }
                return try body(reader)
            }
        }
        return try result.get()
    }

    private static func readHeader(
        _ reader: OpaquePointer, limits: DecodingLimits
    ) throws(ImagingError) -> likeness_jpeg_header {
        var header = likeness_jpeg_header()
        try check(likeness_jpeg_read_header(reader, &header), of: reader, header: header)
        try limits.check(
            width: Int(header.width), height: Int(header.height), maximumSide: LIKENESS_JPEG_LONGEST_SIDE)
        guard header.is_for_print != 0 || header.channels == 1 || header.channels == 3 else {
            throw .unsupportedEncoding(format: .jpeg, detail: "it has \(header.channels) channels")
        }
        return header
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
