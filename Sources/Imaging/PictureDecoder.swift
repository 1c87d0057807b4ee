// SPDX-License-Identifier: Apache-2.0

/// What a file says before its pixels.
package struct PictureHeader: Sendable {
    package let format: ImageFormat
    /// As the pixels are stored.
    let storedWidth: Int
    let storedHeight: Int
    let orientation: ExifOrientation
    /// Whether parts of it, and reduced ones, can be read at less cost than the whole.
    package let isReducible: Bool

    /// Upright.
    package var width: Int { orientation.swapsSides ? storedHeight : storedWidth }
    package var height: Int { orientation.swapsSides ? storedWidth : storedHeight }

    /// Whether the end of the stored rows or columns is the upright picture's left side, and its top.
    package var endsLeft: Bool { orientation.flipsColumns }
    package var endsAbove: Bool { orientation.flipsRows }

    init(
        format: ImageFormat, storedWidth: Int, storedHeight: Int, orientation: ExifOrientation = .upright,
        isReducible: Bool = false
    ) {
        self.format = format
        self.storedWidth = storedWidth
        self.storedHeight = storedHeight
        self.orientation = orientation
        self.isReducible = isReducible
    }
}

/// One library's way of reading files.
protocol FormatDecoder {
    /// Reads what comes before the pixels, and holds the size to the limits.
    static func header(
        of file: FileBytes, format: ImageFormat, limits: DecodingLimits, shouldStop: () -> Bool
    ) throws(ImagingError) -> PictureHeader

    /// Reads a part of the pixels, in the order in which they are stored; all of them unless the header says that it is
    /// reducible.
    /// - Parameter part: in the pixels of the picture as it is stored, reduced.
    static func read(
        _ part: PicturePart, of file: FileBytes, header: PictureHeader, limits: DecodingLimits,
        into placer: PixelPlacer,
        shouldStop: () -> Bool
    ) throws(ImagingError)
}

/// Reads files of every format.
package enum PictureDecoder {
    private static func decoder(of format: ImageFormat) -> any FormatDecoder.Type {
        switch format {
        case .png: PNGDecoder.self
        case .jpeg: JPEGDecoder.self
        case .webp, .heic, .avif, .tiff: LibraryDecoder.self
        }
    }

    /// Does now what the libraries do when they are first used, such as to load their plug-ins.
    package static func prepare() {
        LibraryDecoder.prepare()
    }

    /// - Throws: ``ImagingError`` where the file is of no format that is read, or larger than is taken.
    package static func header(
        of file: FileBytes, limits: DecodingLimits, shouldStop: () -> Bool
    ) throws(ImagingError) -> PictureHeader {
        let format = try ImageFormat(of: file, limits: limits)
        return try limits.timed(shouldStop) { shouldStop throws(ImagingError) in
            try decoder(of: format).header(of: file, format: format, limits: limits, shouldStop: shouldStop)
        }
    }

    /// Reads a part of the upright picture.
    ///
    /// - Parameters:
    ///   - part: all of the picture at full size, unless the header says that it is reducible.
    ///   - memory: of as many pixels as the part has.
    package static func read(
        _ part: PicturePart, of file: FileBytes, header: PictureHeader, limits: DecodingLimits,
        into memory: UnsafeMutablePointer<RGB>, shouldStop: () -> Bool
    ) throws(ImagingError) {
        let orientation = header.orientation
        let width = (header.width + part.factor - 1) / part.factor
        let height = (header.height + part.factor - 1) / part.factor
        let stored = orientation.stored(part.region, width: width, height: height)
        let placer = PixelPlacer(
            memory: memory, storedWidth: stored.width, storedHeight: stored.height, orientation: orientation)
        try limits.timed(shouldStop) { shouldStop throws(ImagingError) in
            try decoder(of: header.format).read(
                PicturePart(factor: part.factor, region: stored), of: file, header: header, limits: limits,
                into: placer,
                shouldStop: shouldStop)
        }
    }
}

extension Image where Pixel == RGB {
    /// Decodes a file of any format that is read.
    ///
    /// Transparency is laid over white; strokes that would vanish there, because nothing but white is to be seen on
    /// transparency, are drawn in black. Channels of more than 8 bits are scaled to 8, colours of an embedded profile
    /// are converted to sRGB, and a picture is turned upright as its orientation says. A file that was cut short behind
    /// its pixels is read. Of several pages or frames the first is.
    /// - Parameter shouldStop: asked every few rows; with true the decoding ends, and throws ``ImagingError/stopped``.
    /// - Throws: ``ImagingError`` that names what is wrong with the file.
    public init(
        decoding bytes: [UInt8], limits: DecodingLimits = .default, shouldStop: () -> Bool = { false }
    ) throws(ImagingError) {
        self = try bytes.withUnsafeBufferPointer { file throws(ImagingError) in
            let header = try PictureDecoder.header(of: file, limits: limits, shouldStop: shouldStop)
            let width = header.width, height = header.height
            let whole = PicturePart(factor: 1, region: PixelRegion(left: 0, top: 0, width: width, height: height))
            var failure: ImagingError?
            let pixels = [RGB](unsafeUninitializedCapacity: width * height) { buffer, count in
                guard let memory = buffer.baseAddress else { return }
                do throws(ImagingError) {
                    try PictureDecoder.read(
                        whole, of: file, header: header, limits: limits, into: memory, shouldStop: shouldStop)
                    count = width * height
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            return RGBImage(width: width, height: height, pixels: pixels)
        }
    }
}
