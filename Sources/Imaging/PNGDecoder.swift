// SPDX-License-Identifier: Apache-2.0

import CPNG

/// PNG (ISO/IEC 15948) through libpng. Nothing is read beyond the last row.
enum PNGDecoder: FormatDecoder {
    /// The bytes that image data may unfold to for each pixel of the largest picture: 8 bits a channel with opacity. A
    /// picture of 16 bits a channel may have fewer pixels.
    private static let bytesPerPixel = 4
    /// A profile that unfolds to more is passed over.
    private static let largestProfile = 4 << 20

    static func header(
        of file: FileBytes, format: ImageFormat, limits: DecodingLimits, shouldStop: () -> Bool
    ) throws(ImagingError) -> PictureHeader {
        try opened(file, shouldStop) { reader throws(ImagingError) in
            let (width, height) = try size(reader, limits: limits)
            var offset = 0, count = 0
            likeness_png_find_exif(reader, &offset, &count)
            return PictureHeader(
                format: format, storedWidth: width, storedHeight: height,
                orientation: ExifOrientation(inTIFF: file[offset..<offset + count]))
        }
    }

    static func read(
        _ part: PicturePart, of file: FileBytes, header: PictureHeader, limits: DecodingLimits,
        into placer: PixelPlacer,
        shouldStop: () -> Bool
    ) throws(ImagingError) {
        try opened(file, shouldStop) { reader throws(ImagingError) in
            _ = try size(reader, limits: limits)
            var channels: Int32 = 0
            try check(likeness_png_prepare(reader, &channels), of: reader)
            let layouts = [1: SampleLayout.gray, 2: .grayAndOpacity, 3: .rgb, 4: .rgbAndOpacity]
            let converter = SampleConverter(layouts[Int(channels)] ?? .rgb, profile: profile(of: reader))
            try StoredPicture.read(into: placer, converter: converter, shouldStop: shouldStop) {
                samples throws(ImagingError) in
                try check(likeness_png_read_rows(reader, samples), of: reader)
            }
        }
    }

    private static func opened<Value>(
        _ file: FileBytes, _ shouldStop: () -> Bool, _ body: (OpaquePointer) throws(ImagingError) -> Value
    ) throws(ImagingError) -> Value {
        let result = StopHook.lend(shouldStop) { context in
            Result { () throws(ImagingError) in
                guard let reader = likeness_png_open(file.baseAddress, file.count, StopHook.ask, context) else {
                    throw ImagingError.corrupt(format: .png, detail: "there is no memory to read it")
                }
                defer { likeness_png_close(reader) }
                return try body(reader)
            }
        }
        return try result.get()
    }

    /// Reads the header.
    private static func size(
        _ reader: OpaquePointer, limits: DecodingLimits
    ) throws(ImagingError) -> (width: Int, height: Int) {
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
        return (width, height)
    }

    private static func profile(of reader: OpaquePointer) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?, count = 0
        likeness_png_read_profile(reader, largestProfile, &bytes, &count)
        defer { likeness_png_free_profile(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
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
