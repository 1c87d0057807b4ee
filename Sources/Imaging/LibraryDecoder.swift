// SPDX-License-Identifier: Apache-2.0

import CPictureFormats

/// WebP, HEIC, AVIF and TIFF, each by its library.
enum LibraryDecoder: FormatDecoder {
    /// What a picture's size and one allocation may take, beside this for each pixel of the largest picture.
    private static let workingBytes = 64 << 20
    private static let bytesPerPixel = 4

    static func prepare() {
        _ = likeness_pictures_prepare()
    }

    static func header(
        of file: FileBytes, format: ImageFormat, limits: DecodingLimits, shouldStop: () -> Bool
    ) throws(ImagingError) -> PictureHeader {
        try opened(file, format, limits, shouldStop) { picture throws(ImagingError) in
            let header = try readHeader(picture, format: format, limits: limits)
            let exif = UnsafeBufferPointer(start: header.exif, count: header.exif_count)
            let stated = UInt16(exactly: header.orientation).flatMap(ExifOrientation.init(rawValue:)) ?? .upright
            return PictureHeader(
                format: format, storedWidth: Int(header.width), storedHeight: Int(header.height),
                orientation: exif.isEmpty ? stated : ExifOrientation(inTIFF: exif))
        }
    }

    static func read(
        _ part: PicturePart, of file: FileBytes, header: PictureHeader, limits: DecodingLimits,
        into placer: PixelPlacer,
        shouldStop: () -> Bool
    ) throws(ImagingError) {
        let format = header.format
        try opened(file, format, limits, shouldStop) { picture throws(ImagingError) in
            let header = try readHeader(picture, format: format, limits: limits)
            let layout: SampleLayout =
                switch header.layout {
                case LIKENESS_PICTURE_GREY: .gray
                case LIKENESS_PICTURE_RGBA: .rgbAndOpacity
                case LIKENESS_PICTURE_INVERTED_CMYK: .invertedCMYK
                default: .rgb
                }
            let profile = UnsafeBufferPointer(start: header.profile, count: header.profile_count)
            try StoredPicture.read(
                into: placer, converter: SampleConverter(layout, profile: profile), shouldStop: shouldStop
            ) { samples throws(ImagingError) in
                try check(likeness_picture_read_rows(picture, samples), of: picture, format: format)
            }
        }
    }

    private static func opened<Value>(
        _ file: FileBytes, _ format: ImageFormat, _ limits: DecodingLimits, _ shouldStop: () -> Bool,
        _ body: (OpaquePointer) throws(ImagingError) -> Value
    ) throws(ImagingError) -> Value {
        let kind: likeness_picture_format =
            switch format {
            case .webp: LIKENESS_PICTURE_WEBP
            case .tiff: LIKENESS_PICTURE_TIFF
            default: LIKENESS_PICTURE_HEIF
            }
        let bounds = likeness_picture_limits(
            memory: bytesPerPixel * limits.maximumPixels + workingBytes,
            longest_side: UInt32(DecodingLimits.maximumSide))
        let result = StopHook.lend(shouldStop) { context in
            Result { () throws(ImagingError) in
                guard
                    let picture = likeness_picture_open(
                        kind, file.baseAddress, file.count, bounds, StopHook.ask, context)
                else {
                    throw ImagingError.corrupt(format: format, detail: "there is no memory to read it")
                }
                defer { likeness_picture_close(picture) }
                return try body(picture)
            }
        }
        return try result.get()
    }

    private static func readHeader(
        _ picture: OpaquePointer, format: ImageFormat, limits: DecodingLimits
    ) throws(ImagingError) -> likeness_picture_header {
        var header = likeness_picture_header()
        try check(likeness_picture_read_header(picture, &header), of: picture, format: format)
        try limits.check(width: Int(header.width), height: Int(header.height))
        return header
    }

    private static func check(
        _ outcome: likeness_picture_outcome, of picture: OpaquePointer, format: ImageFormat
    ) throws(ImagingError) {
        // The library's words may hold bytes of the file.
        let message = String(cString: likeness_picture_message(picture)).filter { !$0.isNewline && $0.isASCII }
        switch outcome {
        case LIKENESS_PICTURE_DONE: return
        case LIKENESS_PICTURE_STOPPED: throw .stopped
        case LIKENESS_PICTURE_TRUNCATED: throw .truncated(format: format)
        case LIKENESS_PICTURE_UNSUPPORTED: throw .unsupportedEncoding(format: format, detail: message)
        case LIKENESS_PICTURE_TOO_MUCH_WORK: throw .tooMuchWork(format: format, detail: message)
        default: throw .corrupt(format: format, detail: message)
        }
    }
}
