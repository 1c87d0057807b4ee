// SPDX-License-Identifier: Apache-2.0

import Imaging

/// What a gallery keeps of a picture: the part around the face or the ink, no larger than its ``SourceRegion`` says.
public struct SourceCrop: Sendable, Hashable {
    enum Pixels: Sendable, Hashable {
        case gray(GrayImage)
        case color(RGBImage)
    }

    private let pixels: Pixels

    /// Up to so many bytes a crop is kept without loss. Scans and small photographs are, and small photographs suffer
    /// most from loss; what is larger would take three times the bytes.
    private static let losslessBytes = 64 << 10
    /// The quality of what is kept with loss, on libjpeg's scale. What it saves and what it changes is in
    /// docs/kept-samples.md.
    private static let quality = 95

    init(_ pixels: Pixels) {
        self.pixels = pixels
    }

    /// In pixels.
    public var width: Int {
        switch pixels {
        case .gray(let image): image.width
        case .color(let image): image.width
        }
    }

    /// In pixels.
    public var height: Int {
        switch pixels {
        case .gray(let image): image.height
        case .color(let image): image.height
        }
    }

    /// The picture, without what a JPEG file leaves out.
    public var image: RGBImage {
        switch pixels {
        case .gray(let image): image.rgb()
        case .color(let image): image
        }
    }

    /// The file that a gallery keeps: PNG where that has 64 KiB at most, JPEG otherwise, with three channels where the
    /// crop has colours.
    ///
    /// - Throws: ``RecognitionError/imageRejected(_:)`` when there is no memory.
    public func fileBytes() throws(RecognitionError) -> [UInt8] {
        do {
            let lossless =
                switch pixels {
                case .gray(let image): try image.pngBytes()
                case .color(let image): try image.pngBytes()
                }
            if lossless.count <= Self.losslessBytes { return lossless }
            return switch pixels {
            case .gray(let image): try image.jpegBytes(quality: Self.quality)
            case .color(let image): try image.jpegBytes(quality: Self.quality)
            }
        } catch {
            throw .imageRejected(error)
        }
    }
}
