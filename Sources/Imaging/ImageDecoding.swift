// SPDX-License-Identifier: Apache-2.0

/// How much of a file and of a picture is taken. The limits of size hold before anything is allocated for pixels.
public struct DecodingLimits: Sendable, Hashable {
    /// The most bytes a file may have.
    public var maximumFileBytes: Int
    /// The most pixels a picture may have.
    public var maximumPixels: Int
    /// How long decoding may take, however much else the machine does.
    public var maximumTime: Duration

    public static let `default` = DecodingLimits()

    /// The most pixels along a side: as many as JPEG can state, of which libjpeg reads 65,500. PNG can state 2³¹, and a
    /// picture of one column would cost more to keep track of than its pixels do.
    static let maximumSide = 65_535

    public init(maximumFileBytes: Int = 64 << 20, maximumPixels: Int = 50_000_000, maximumTime: Duration = .seconds(10))
    {
        self.maximumFileBytes = maximumFileBytes
        self.maximumPixels = maximumPixels
        self.maximumTime = maximumTime
    }

    /// - Throws: ``ImagingError`` when the declared size is over the limit or empty.
    func check(width: Int, height: Int, maximumSide: Int = Self.maximumSide) throws(ImagingError) {
        guard width > 0, height > 0 else { throw .noPixels }
        guard max(width, height) <= maximumSide else {
            throw .sideTooLong(width: width, height: height, limit: maximumSide)
        }
        let (pixels, overflows) = width.multipliedReportingOverflow(by: height)
        guard !overflows, pixels <= maximumPixels else {
            throw .tooManyPixels(width: width, height: height, limit: maximumPixels)
        }
    }
}

extension DecodingLimits {
    /// Runs `decode` with a question whether to stop that says yes when `shouldStop` does, or when ``maximumTime`` is
    /// over.
    ///
    /// - Throws: what `decode` throws; ``ImagingError/tookTooLong(limit:)`` in place of ``ImagingError/stopped`` when
    ///   it was the time.
    fileprivate func timed<Value>(
        _ shouldStop: () -> Bool, _ decode: (() -> Bool) throws(ImagingError) -> Value
    ) throws(ImagingError) -> Value {
        let clock = SuspendingClock(), end = clock.now.advanced(by: maximumTime)
        var isLate = false
        let result = withoutActuallyEscaping(shouldStop) { shouldStop in
            Result { () throws(ImagingError) in
                try decode {
                    if shouldStop() { return true }
                    isLate = clock.now >= end
                    return isLate
                }
            }
        }
        return try result.mapError { $0 == .stopped && isLate ? .tookTooLong(limit: maximumTime) : $0 }.get()
    }
}

extension Image where Pixel == RGB {
    /// Decodes a PNG or JPEG file.
    ///
    /// Transparency is laid over white; strokes that would vanish there, because nothing but white is to be seen on
    /// transparency, are drawn in black. 16-bit channels are scaled to 8, and a picture is turned upright as its EXIF
    /// orientation says. Colour profiles and gamma are left alone. A file that was cut short behind its pixels is read.
    /// - Parameter shouldStop: asked every few rows; with true the decoding ends, and throws ``ImagingError/stopped``.
    /// - Throws: ``ImagingError`` that names what is wrong with the file.
    public init(
        decoding bytes: [UInt8], limits: DecodingLimits = .default, shouldStop: () -> Bool = { false }
    ) throws(ImagingError) {
        let format = try ImageFormat(of: bytes, limits: limits)
        self = try limits.timed(shouldStop) { shouldStop throws(ImagingError) in
            switch format {
            case .png: try PNGDecoder.decodeRGB(bytes, limits: limits, shouldStop: shouldStop)
            case .jpeg: try JPEGDecoder.decodeRGB(bytes, limits: limits, shouldStop: shouldStop)
            }
        }
    }
}

extension Image where Pixel == UInt8 {
    /// Decodes a PNG or JPEG file to grey levels (ITU-R BT.601); otherwise as the RGB image is decoded.
    public init(
        decoding bytes: [UInt8], limits: DecodingLimits = .default, shouldStop: () -> Bool = { false }
    ) throws(ImagingError) {
        let format = try ImageFormat(of: bytes, limits: limits)
        self = try limits.timed(shouldStop) { shouldStop throws(ImagingError) in
            switch format {
            case .png: try PNGDecoder.decodeGray(bytes, limits: limits, shouldStop: shouldStop)
            case .jpeg: try JPEGDecoder.decodeGray(bytes, limits: limits, shouldStop: shouldStop)
            }
        }
    }
}

extension ImageFormat {
    /// The format by the first bytes.
    init(of bytes: [UInt8], limits: DecodingLimits) throws(ImagingError) {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= limits.maximumFileBytes else {
            throw .fileTooLarge(bytes: bytes.count, limit: limits.maximumFileBytes)
        }
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else {
            throw .unsupportedFormat(kind: Self.foreignKind(of: bytes))
        }
    }

    /// What a file that is not read looks like.
    private static func foreignKind(of bytes: [UInt8]) -> String? {
        func holds(_ text: String, at offset: Int) -> Bool {
            bytes.dropFirst(offset).starts(with: text.utf8)
        }
        return if holds("GIF8", at: 0) { "GIF" } else if holds("RIFF", at: 0), holds("WEBP", at: 8) {
            "WebP"
        } else if holds("ftypheic", at: 4) || holds("ftypheix", at: 4) || holds("ftypmif1", at: 4) {
            "HEIC"
        } else if holds("ftypavif", at: 4) { "AVIF" } else if holds("BM", at: 0) {
            "BMP"
        } else if holds("II*\0", at: 0) || holds("MM\0*", at: 0) { "TIFF" } else if holds("%PDF", at: 0) {
            "PDF"
        } else if holds("P5", at: 0) || holds("P6", at: 0) {
            "PNM"
        } else if holds("<svg", at: 0) || holds("<?xml", at: 0) { "SVG or other XML" } else { nil }
    }
}
