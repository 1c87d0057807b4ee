// SPDX-License-Identifier: Apache-2.0

import CTurboJPEG

extension Image where Pixel == UInt8 {
    /// The image as a grey JPEG file.
    ///
    /// - Parameter quality: 1 (small) to 100 (true), on libjpeg's scale.
    /// - Throws: ``ImagingError/writing(detail:)`` when it has no pixels, a side is longer than JPEG can state, or
    ///   there is no memory.
    public func jpegBytes(quality: Int) throws(ImagingError) -> [UInt8] {
        try JPEGEncoder.encode(
            width: width, height: height, samples: pixels, format: TJPF_GRAY, subsampling: TJSAMP_GRAY, quality: quality
        )
    }
}

extension Image where Pixel == RGB {
    /// The image as a JPEG file of three channels, each at full resolution (4:4:4).
    ///
    /// - Parameter quality: 1 (small) to 100 (true), on libjpeg's scale.
    /// - Throws: ``ImagingError/writing(detail:)`` when it has no pixels, a side is longer than JPEG can state, or
    ///   there is no memory.
    public func jpegBytes(quality: Int) throws(ImagingError) -> [UInt8] {
        try JPEGEncoder.encode(
            width: width, height: height, samples: pixels.flatMap { [$0.red, $0.green, $0.blue] }, format: TJPF_RGB,
            subsampling: TJSAMP_444, quality: quality)
    }
}

/// JPEG (ITU-T T.81) through libjpeg-turbo, by the accurate transform, which the decoder takes too.
enum JPEGEncoder {
    static func encode(
        width: Int, height: Int, samples: [UInt8], format: TJPF, subsampling: TJSAMP, quality: Int
    ) throws(ImagingError) -> [UInt8] {
        let sides = 1...DecodingLimits.maximumSide
        guard sides.contains(width), sides.contains(height) else {
            throw .writing(detail: "a JPEG file cannot have \(width) × \(height) pixels")
        }
        guard let encoder = tjInitCompress() else { throw .writing(detail: "the encoder could not be made") }
        defer { tjDestroy(encoder) }
        // Room for the largest outcome, so that the library allocates nothing that would have to be freed.
        let room = tjBufSize(Int32(width), Int32(height), Int32(subsampling.rawValue))
        guard room > 0, room < UInt(Int.max) else {
            throw .writing(detail: "a JPEG file cannot have \(width) × \(height) pixels")
        }
        var status: Int32 = -1
        let file = [UInt8](unsafeUninitializedCapacity: Int(room)) { buffer, count in
            var position = buffer.baseAddress, size = UInt(buffer.count)
            status = samples.withUnsafeBufferPointer {
                tjCompress2(
                    encoder, $0.baseAddress, Int32(width), 0, Int32(height), Int32(format.rawValue), &position, &size,
                    Int32(subsampling.rawValue), Int32(min(max(quality, 1), 100)), TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT
                )
            }
            count = status == 0 ? Int(size) : 0
        }
        guard status == 0 else {
            throw .writing(detail: tjGetErrorStr2(encoder).map { String(cString: $0) } ?? "the encoder failed")
        }
        return file
    }
}
