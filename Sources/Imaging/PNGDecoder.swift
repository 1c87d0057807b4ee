import CPNG

/// PNG (ISO/IEC 15948) through libpng.
enum PNGDecoder {
    /// What one chunk beside the image data may take.
    private static let chunkBytes = 1 << 20

    /// The pixels as they lie in the file, 8 bits a channel: grey, grey and alpha, RGB or RGB and alpha.
    struct Samples {
        let width: Int
        let height: Int
        let channels: Int
        let bytes: [UInt8]
    }

    static func decode(_ bytes: [UInt8], limits: DecodingLimits) throws(ImagingError) -> Samples {
        let result: Result<Samples, ImagingError> = bytes.withUnsafeBufferPointer { buffer in
            guard let reader = likeness_png_open(buffer.baseAddress, buffer.count, chunkBytes) else {
                return .failure(.corrupt(format: .png, detail: "there is no memory to read it"))
            }
            defer { likeness_png_close(reader) }
            do throws(ImagingError) {
                return .success(try read(reader, limits: limits))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private static func read(
        _ reader: UnsafeMutablePointer<likeness_png_reader>, limits: DecodingLimits
    ) throws(ImagingError) -> Samples {
        var declaredWidth: UInt32 = 0, declaredHeight: UInt32 = 0
        guard likeness_png_read_header(reader, &declaredWidth, &declaredHeight) == 0 else { throw failure(of: reader) }
        let width = Int(declaredWidth), height = Int(declaredHeight)
        try limits.check(width: width, height: height)

        var channels: Int32 = 0, rowBytes = 0
        guard likeness_png_prepare(reader, &channels, &rowBytes) == 0 else { throw failure(of: reader) }
        guard (1...4).contains(channels), rowBytes == width * Int(channels) else {
            throw .unsupportedEncoding(format: .png, detail: "it has \(channels) channels")
        }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: rowBytes * height) { buffer, count in
            // Rows that an error leaves unread must not show what was in memory.
            buffer.initialize(repeating: 0)
            var rows = (0..<height).map { row in buffer.baseAddress.map { base in base + row * rowBytes } }
            failed = likeness_png_read_rows(reader, &rows) != 0
            count = buffer.count
        }
        if failed { throw failure(of: reader) }
        return Samples(width: width, height: height, channels: Int(channels), bytes: bytes)
    }

    private static func failure(of reader: UnsafeMutablePointer<likeness_png_reader>) -> ImagingError {
        if reader.pointee.truncated != 0 { return .truncated(format: .png) }
        let message = withUnsafeBytes(of: &reader.pointee.message) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return .corrupt(format: .png, detail: message)
    }
}

extension PNGDecoder.Samples {
    /// A channel of value `value` and opacity `alpha` over white, rounded to nearest.
    private static func overWhite(_ value: UInt8, _ alpha: UInt8) -> UInt8 {
        let sum = UInt32(value) * UInt32(alpha) + 255 * (255 - UInt32(alpha)) + 127
        return UInt8(truncatingIfNeeded: sum / 255)
    }

    private func pixel(at index: Int, in samples: UnsafeBufferPointer<UInt8>) -> RGB {
        let base = index * channels
        switch channels {
        case 1:
            return RGB(red: samples[base], green: samples[base], blue: samples[base])
        case 2:
            let gray = Self.overWhite(samples[base], samples[base + 1])
            return RGB(red: gray, green: gray, blue: gray)
        case 3:
            return RGB(red: samples[base], green: samples[base + 1], blue: samples[base + 2])
        default:
            let alpha = samples[base + 3]
            return RGB(
                red: Self.overWhite(samples[base], alpha), green: Self.overWhite(samples[base + 1], alpha),
                blue: Self.overWhite(samples[base + 2], alpha))
        }
    }

    var rgb: RGBImage {
        let pixels = bytes.withUnsafeBufferPointer { samples in
            [RGB](unsafeUninitializedCapacity: width * height) { buffer, count in
                for index in 0..<width * height {
                    buffer.initializeElement(at: index, to: pixel(at: index, in: samples))
                }
                count = width * height
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    var gray: GrayImage {
        if channels == 1 { return GrayImage(width: width, height: height, pixels: bytes) }
        let pixels = bytes.withUnsafeBufferPointer { samples in
            [UInt8](unsafeUninitializedCapacity: width * height) { buffer, count in
                for index in 0..<width * height {
                    buffer.initializeElement(at: index, to: pixel(at: index, in: samples).luma)
                }
                count = width * height
            }
        }
        return GrayImage(width: width, height: height, pixels: pixels)
    }
}
