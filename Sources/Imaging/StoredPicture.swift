// SPDX-License-Identifier: Apache-2.0

/// A whole picture as it is stored, 8 bits a sample, on its way to sRGB.
struct StoredPicture {
    let width: Int
    let height: Int
    let layout: SampleLayout
    /// Row by row.
    var samples: [UInt8]

    /// - Parameter read: writes all samples.
    init(
        width: Int, height: Int, layout: SampleLayout,
        readBy read: (UnsafeMutablePointer<UInt8>) throws(ImagingError) -> Void
    ) throws(ImagingError) {
        self.width = width
        self.height = height
        self.layout = layout
        var failure: ImagingError?
        let size = width * height * layout.samples
        samples = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            do throws(ImagingError) {
                try read(start)
                count = size
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// Reads a picture and puts its pixels where they belong; those that are stored as they are wanted without a way
    /// round.
    static func read(
        into placer: PixelPlacer, converter: SampleConverter, shouldStop: () -> Bool,
        by read: (UnsafeMutablePointer<UInt8>) throws(ImagingError) -> Void
    ) throws(ImagingError) {
        if converter.isIdentity, let rows = placer.rows(from: 0) {
            try read(UnsafeMutableRawPointer(rows).assumingMemoryBound(to: UInt8.self))
            return
        }
        var picture = try StoredPicture(
            width: placer.width, height: placer.height, layout: converter.layout, readBy: read)
        if converter.layout.hasOpacity {
            picture.samples.withUnsafeMutableBufferPointer {
                if let start = $0.baseAddress { converter.convert(inPlace: start, count: placer.width * placer.height) }
            }
            let transparent = TransparentPicture(picture)
            try placer.fill { rows, y, count throws(ImagingError) in
                transparent.draw(y * placer.width..<(y + count) * placer.width, into: rows)
            }
            return
        }
        let samples = placer.width * converter.layout.samples
        try picture.samples.withUnsafeBufferPointer { buffer throws(ImagingError) in
            guard let start = buffer.baseAddress else { return }
            try placer.fill { rows, y, count throws(ImagingError) in
                converter.convert(start + y * samples, into: rows, count: count * placer.width)
            }
        }
    }
}
