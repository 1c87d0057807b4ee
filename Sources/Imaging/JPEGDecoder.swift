import CTurboJPEG

/// JPEG (ITU-T T.81) through libjpeg-turbo.
///
/// What libjpeg calls warnings are errors here, since after one of them part of the picture is invention; the
/// exception is stray bytes between two markers, which cameras write and which cost no pixel.
enum JPEGDecoder {
    static func decodeRGB(_ bytes: [UInt8], limits: DecodingLimits) throws(ImagingError) -> RGBImage {
        let (width, height, samples) = try decode(bytes, limits: limits, format: TJPF_RGB, channels: 3)
        let pixels = samples.withUnsafeBufferPointer { source in
            [RGB](unsafeUninitializedCapacity: width * height) { buffer, count in
                for index in 0..<width * height {
                    buffer.initializeElement(
                        at: index, to: RGB(red: source[3 * index], green: source[3 * index + 1], blue: source[3 * index + 2]))
                }
                count = width * height
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels).turned(upright: ExifOrientation(ofJPEG: bytes))
    }

    static func decodeGray(_ bytes: [UInt8], limits: DecodingLimits) throws(ImagingError) -> GrayImage {
        let (width, height, samples) = try decode(bytes, limits: limits, format: TJPF_GRAY, channels: 1)
        return GrayImage(width: width, height: height, pixels: samples).turned(upright: ExifOrientation(ofJPEG: bytes))
    }

    private static func decode(
        _ bytes: [UInt8], limits: DecodingLimits, format: TJPF, channels: Int
    ) throws(ImagingError) -> (width: Int, height: Int, samples: [UInt8]) {
        guard let decoder = tjInitDecompress() else {
            throw .corrupt(format: .jpeg, detail: "the decoder could not be made")
        }
        defer { tjDestroy(decoder) }
        var width: Int32 = 0, height: Int32 = 0, subsampling: Int32 = 0, colours: Int32 = 0
        let header = bytes.withUnsafeBufferPointer {
            tjDecompressHeader3(decoder, $0.baseAddress, UInt($0.count), &width, &height, &subsampling, &colours)
        }
        // A warning here still tells the size; the pixels below meet it again.
        guard header == 0 || isWarning(decoder), width > 0, height > 0 else { throw failure(of: decoder) }
        try limits.check(width: Int(width), height: Int(height))
        guard colours != Int32(TJCS_CMYK.rawValue), colours != Int32(TJCS_YCCK.rawValue) else {
            throw .unsupportedEncoding(format: .jpeg, detail: "it is made for printing (CMYK)")
        }

        var status: Int32 = 0
        let samples = [UInt8](unsafeUninitializedCapacity: Int(width) * Int(height) * channels) { buffer, count in
            // Rows that an error leaves unread must not show what was in memory.
            buffer.initialize(repeating: 0)
            status = bytes.withUnsafeBufferPointer {
                tjDecompress2(
                    decoder, $0.baseAddress, UInt($0.count), buffer.baseAddress, width, width * Int32(channels), height,
                    Int32(format.rawValue), TJFLAG_LIMITSCANS | TJFLAG_ACCURATEDCT)
            }
            count = buffer.count
        }
        guard status == 0 || isHarmless(decoder) else { throw failure(of: decoder) }
        return (Int(width), Int(height), samples)
    }

    private static func isWarning(_ decoder: tjhandle) -> Bool {
        tjGetErrorCode(decoder) == Int32(TJERR_WARNING.rawValue)
    }

    private static func isHarmless(_ decoder: tjhandle) -> Bool {
        isWarning(decoder) && message(of: decoder).contains("extraneous bytes")
    }

    private static func message(of decoder: tjhandle) -> String {
        tjGetErrorStr2(decoder).map { String(cString: $0) } ?? "unknown"
    }

    private static func failure(of decoder: tjhandle) -> ImagingError {
        let message = message(of: decoder)
        if message.contains("Premature end") || message.contains("end of input") { return .truncated(format: .jpeg) }
        if message.contains("Unsupported") || message.contains("not supported") {
            return .unsupportedEncoding(format: .jpeg, detail: message)
        }
        return .corrupt(format: .jpeg, detail: message)
    }
}
