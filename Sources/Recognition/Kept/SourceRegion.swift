// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Which part of a picture a gallery keeps of it, and how finely: enough for another model to prepare it.
///
/// It is a few numbers and no pixels, so that a sample that is only compared costs nothing and holds no picture in
/// memory; ``PreparedSample/source(in:)`` makes the crop where one is to be kept.
public struct SourceRegion: Sendable, Hashable {
    /// The face or the ink, in pixels of the picture; nil keeps the whole picture.
    package let subject: Rectangle?
    /// How much is kept on each side of the subject, as a share of its longer side.
    package let margin: Double
    /// The longest side of what is kept, in pixels. Pictures are never enlarged.
    package let longestSide: Int
    /// Whether colours are kept.
    package let keepsColor: Bool

    package init(subject: Rectangle?, margin: Double, longestSide: Int, keepsColor: Bool) {
        self.subject = subject
        self.margin = margin
        self.longestSide = longestSide
        self.keepsColor = keepsColor
    }

    /// On each side of a face, as a share of its box's longer side. Detectors draw their boxes differently, some around
    /// the features and some around the head, and look at what surrounds a face, too.
    static let faceMargin = 0.75

    /// A face with its surroundings. Its box has 200 pixels and more of the longest side, as many as an alignment to
    /// 224×224 takes of it.
    static func face(_ box: Rectangle) -> SourceRegion {
        SourceRegion(subject: box, margin: faceMargin, longestSide: 512, keepsColor: true)
    }

    /// A signature's ink with the paper around it, by which the paper's level and grain are found; as fine as
    /// signatures are usually scanned. No preparation of ink looks at colours.
    ///
    /// - Parameter paper: where there is nothing but the signature; nil where there is nothing else anywhere. A piece
    ///   of a frame at the edge would not be known for one.
    static func ink(_ box: Rectangle?, on paper: Rectangle? = nil) -> SourceRegion {
        let margin = 0.25
        guard let box, let paper else {
            return SourceRegion(subject: box, margin: margin, longestSide: 1600, keepsColor: false)
        }
        let around = margin * max(box.width, box.height)
        let left = max(box.left - around, paper.left), right = min(box.right + around, paper.right)
        let top = max(box.top - around, paper.top), bottom = min(box.bottom + around, paper.bottom)
        return SourceRegion(
            subject: Rectangle(left: left, top: top, width: right - left, height: bottom - top), margin: 0,
            longestSide: 1600,
            keepsColor: false)
    }

    /// The picture as a whole, without its colours: a glyph, or a signature whose model takes all of the picture. No
    /// preparation of either looks at colours.
    public static let whole = SourceRegion(subject: nil, margin: 0, longestSide: 1600, keepsColor: false)

    /// The part of a picture, reduced to the longest side by the mean over areas where it is larger.
    ///
    /// - Precondition: the picture has pixels.
    package func crop(of picture: any PictureSource) throws(ImagingError) -> SourceCrop {
        let part = span(in: picture), longer = max(part.width, part.height), isReduced = longer > longestSide
        let factor = Double(longestSide) / Double(longer)
        let width = isReduced ? max(1, Int((Double(part.width) * factor).rounded())) : part.width
        let height = isReduced ? max(1, Int((Double(part.height) * factor).rounded())) : part.height
        if keepsColor {
            let image = try picture.pixels(of: part, width: width, height: height)
            return SourceCrop(image.isGray ? .gray(image.grayscale()) : .color(image))
        }
        let gray =
            part == picture.bounds ? try picture.grayscale() : try picture.pixels(of: part).grayscale()
        return SourceCrop(.gray(isReduced ? gray.resized(width: width, height: height, method: .area) : gray))
    }

    /// The whole pixels that the region covers; all of them where it lies outside the picture or nowhere.
    private func span(in picture: any PictureSource) -> PixelRegion {
        guard let subject else { return picture.bounds }
        let around = max(subject.width, subject.height) * margin
        let grown = Rectangle(
            left: subject.left - around, top: subject.top - around, width: subject.width + 2 * around,
            height: subject.height + 2 * around)
        return PixelRegion(covering: grown, width: picture.width, height: picture.height) ?? picture.bounds
    }
}

extension PreparedSample {
    /// What a gallery keeps of the picture that the sample was prepared from, so that another model can prepare it with
    /// ``RecognizerSession/prepare(kept:)``.
    ///
    /// - Parameter picture: the picture that the sample was prepared from; it has pixels.
    /// - Throws: ``RecognitionError/imageRejected(_:)`` when it cannot be read once more.
    public func source(in picture: any PictureSource) throws(RecognitionError) -> SourceCrop {
        do {
            return try region.crop(of: picture)
        } catch {
            throw .imageRejected(error)
        }
    }
}

extension Image where Pixel == RGB {
    /// Whether no pixel has a colour.
    fileprivate var isGray: Bool { pixels.allSatisfy { $0.red == $0.green && $0.green == $0.blue } }
}
