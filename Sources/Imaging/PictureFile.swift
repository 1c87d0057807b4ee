// SPDX-License-Identifier: Apache-2.0

/// A picture that is read part by part, each as finely as it is needed: a JPEG at 1/2, 1/4 or 1/8 for whoever looks at
/// all of it, and at full size around what was found.
///
/// Formats that can only be read whole are read once, and so are pictures so small that reading them twice costs more
/// than it saves. Use it from one thread at a time.
public final class PictureFile: PictureSource {
    private let reader: any PartReader
    /// The whole picture, reduced.
    private var reduced: (factor: Int, memory: PixelMemory)?
    /// A part of the picture at full size, or all of it.
    private var full: (region: PixelRegion, memory: PixelMemory)?

    /// A picture of more pixels is read twice rather than whole.
    private static let largestReadWhole = 3_000_000
    /// All of a picture is read no smaller than this on its longer side: whoever looks at it in a small copy and finds
    /// nothing looks at a larger one next.
    private static let leastReducedSide = 800
    /// The share of a part's longer side that is read around it: who asks for a part often asks for its surroundings.
    private static let margin = 0.25

    package init(_ reader: any PartReader) {
        self.reader = reader
    }

    /// Opens a file; nothing is allocated for its pixels.
    ///
    /// What is read of it is as ``Image/init(decoding:limits:shouldStop:)`` would read it.
    /// - Parameter shouldStop: asked every few rows; with true the reading ends, and throws ``ImagingError/stopped``.
    /// - Throws: ``ImagingError`` that names what is wrong with the file.
    public convenience init(
        _ bytes: [UInt8], limits: DecodingLimits = .default, shouldStop: @escaping () -> Bool = { false }
    ) throws(ImagingError) {
        self.init(try FileReader(bytes, limits: limits, shouldStop: shouldStop))
    }

    public var width: Int { reader.width }
    public var height: Int { reader.height }

    public func pixels(of part: PixelRegion, width: Int, height: Int) throws(ImagingError) -> RGBImage {
        precondition(part.count > 0 && bounds.contains(part) && width > 0 && height > 0, "the part has pixels")
        let found = try memory(for: part, width: width, height: height)
        let factor = Double(found.factor), padding = padding(factor: found.factor)
        let left = Double(part.left + padding.left) / factor - Double(found.left)
        let top = Double(part.top + padding.top) / factor - Double(found.top)
        if found.factor == 1, width == part.width, height == part.height {
            return found.memory.cropped(
                PixelRegion(left: Int(left), top: Int(top), width: width, height: height))
        }
        return found.memory.resampled(
            Rectangle(
                left: left, top: top, width: Double(part.width) / factor, height: Double(part.height) / factor),
            width: width, height: height, method: width > part.width ? .bilinear : .area)
    }

    public func grayscale() throws(ImagingError) -> GrayImage {
        try memory(for: bounds, width: width, height: height).memory.grayscale()
    }

    /// Pixels that show a part at least as finely as it is wanted: reduced by a factor, with the place of the first in
    /// the picture that is reduced so.
    private func memory(
        for part: PixelRegion, width: Int, height: Int
    ) throws(ImagingError) -> (memory: PixelMemory, factor: Int, left: Int, top: Int) {
        if let full, full.region.contains(part) { return (full.memory, 1, full.region.left, full.region.top) }
        if !reader.isReducible || bounds.count <= Self.largestReadWhole { return try readFull(bounds) }
        let least = part == bounds ? Self.leastReducedSide : 1
        let factor =
            [8, 4, 2].first {
                part.width >= $0 * width && part.height >= $0 * height && max(part.width, part.height) >= $0 * least
            } ?? 1
        if factor == 1 { return try readFull(grown(part)) }
        if let reduced, reduced.factor <= factor { return (reduced.memory, reduced.factor, 0, 0) }
        let padding = padding(factor: factor)
        let left = (part.left + padding.left) / factor, right = (part.right + padding.left + factor - 1) / factor
        let top = (part.top + padding.top) / factor, bottom = (part.bottom + padding.top + factor - 1) / factor
        let region = PixelRegion(left: left, top: top, width: right - left, height: bottom - top)
        guard part == bounds else {
            full = nil
            let memory = try reader.read(PicturePart(factor: factor, region: region), after: reduced?.memory.count ?? 0)
            return (memory, factor, region.left, region.top)
        }
        forget()
        let memory = try reader.read(PicturePart(factor: factor, region: region), after: 0)
        reduced = (factor, memory)
        return (memory, factor, 0, 0)
    }

    private func grown(_ part: PixelRegion) -> PixelRegion {
        let around = Double(max(part.width, part.height)) * Self.margin
        let grown = Rectangle(
            left: Double(part.left) - around, top: Double(part.top) - around, width: Double(part.width) + 2 * around,
            height: Double(part.height) + 2 * around)
        return PixelRegion(covering: grown, width: width, height: height) ?? part
    }

    /// How many pixels, at full size, a reduced picture has too many on the left and at the top: it is rounded up where
    /// the stored picture ends, which turning may bring there.
    private func padding(factor: Int) -> (left: Int, top: Int) {
        func missing(_ length: Int) -> Int { (factor - length % factor) % factor }
        return (reader.endsLeft ? missing(width) : 0, reader.endsAbove ? missing(height) : 0)
    }

    private func readFull(
        _ part: PixelRegion
    ) throws(ImagingError) -> (memory: PixelMemory, factor: Int, left: Int, top: Int) {
        // Two whole pictures are never kept.
        if part == bounds { forget() }
        full = nil
        let memory = try reader.read(PicturePart(factor: 1, region: part), after: reduced?.memory.count ?? 0)
        full = (part, memory)
        return (memory, 1, part.left, part.top)
    }

    private func forget() {
        reduced = nil
        full = nil
    }
}

@available(*, unavailable)
extension PictureFile: Sendable {}

/// A part of a picture that is reduced by a factor, in the reduced picture's pixels.
package struct PicturePart: Sendable, Hashable {
    /// 1, 2, 4 or 8; the reduced picture's sides are rounded up.
    package let factor: Int
    package let region: PixelRegion

    package init(factor: Int, region: PixelRegion) {
        self.factor = factor
        self.region = region
    }
}

/// What reads the parts of one picture, here or in another process.
package protocol PartReader: AnyObject {
    /// Upright.
    var width: Int { get }
    var height: Int { get }
    /// Whether parts, and reduced ones, cost less than the whole; otherwise nothing but the whole is asked for.
    var isReducible: Bool { get }
    /// Whether the end of the stored picture's rows or columns is the upright picture's left side, and its top.
    var endsLeft: Bool { get }
    var endsAbove: Bool { get }

    /// Reads a part.
    /// - Parameter kept: how many pixels that were read before, from the first that was read, are still in use. Others
    ///   may be written over.
    func read(_ part: PicturePart, after kept: Int) throws(ImagingError) -> PixelMemory
}

/// Reads a file's parts in this process.
private final class FileReader: PartReader {
    private let bytes: [UInt8]
    private let limits: DecodingLimits
    private let shouldStop: () -> Bool
    private let header: PictureHeader

    init(_ bytes: [UInt8], limits: DecodingLimits, shouldStop: @escaping () -> Bool) throws(ImagingError) {
        self.bytes = bytes
        self.limits = limits
        self.shouldStop = shouldStop
        header = try bytes.withUnsafeBufferPointer { file throws(ImagingError) in
            try PictureDecoder.header(of: file, limits: limits, shouldStop: shouldStop)
        }
    }

    var width: Int { header.width }
    var height: Int { header.height }
    var isReducible: Bool { header.isReducible }
    var endsLeft: Bool { header.endsLeft }
    var endsAbove: Bool { header.endsAbove }

    func read(_ part: PicturePart, after kept: Int) throws(ImagingError) -> PixelMemory {
        try PixelMemory(width: part.region.width, height: part.region.height) { memory throws(ImagingError) in
            try bytes.withUnsafeBufferPointer { file throws(ImagingError) in
                try PictureDecoder.read(
                    part, of: file, header: header, limits: limits, into: memory, shouldStop: shouldStop)
            }
        }
    }
}
