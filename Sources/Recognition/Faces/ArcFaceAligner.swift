// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Aligns a face as ArcFace (Deng et al. 2019) and the networks trained like it expect: the similarity that
/// brings the five landmarks nearest to standard places, in the sense of least squares.
public struct ArcFaceAligner: FaceAligner {
    public let chipSize: Int

    public var landmarkLayout: LandmarkLayout { .eyesNoseMouth }

    /// Left eye, right eye, tip of the nose, left and right corner of the mouth in a chip of 112×112 pixels.
    public static let standardLandmarks = [
        Point(x: 38.2946, y: 51.6963), Point(x: 73.5318, y: 51.5014), Point(x: 56.0252, y: 71.7366),
        Point(x: 41.5493, y: 92.3655), Point(x: 70.7299, y: 92.2041),
    ]
    private static let standardSize = 112.0

    /// - Parameter chipSize: the side of the chip in pixels; the standard places grow with it.
    public init(chipSize: Int) {
        self.chipSize = chipSize
    }

    public func chip(of face: DetectedFace, in picture: any PictureSource) throws -> RGBImage {
        guard face.landmarkLayout == landmarkLayout else {
            throw RecognitionError.landmarksUnusable(
                "it has the landmarks “\(face.landmarkLayout.rawValue)”, and this alignment takes “\(landmarkLayout.rawValue)”"
            )
        }
        let factor = Double(chipSize) / Self.standardSize
        let positions = Self.standardLandmarks.map { Point(x: $0.x * factor, y: $0.y * factor) }
        guard let toChip = AffineTransform.similarity(from: face.landmarks, to: positions), let toImage = toChip.inverse
        else {
            throw RecognitionError.landmarksUnusable("its five landmarks lie in one place")
        }
        let black = RGB(red: 0, green: 0, blue: 0)
        guard let region = try ChipRegion(of: picture, under: toImage, chipSize: chipSize) else {
            return RGBImage(width: chipSize, height: chipSize, repeating: black)
        }
        return region.image.warped(by: region.map, width: chipSize, height: chipSize, fill: black)
    }
}

/// The part of a picture under a chip, shrunk where it has two pixels and more to a pixel of the chip, so that a bilinear
/// sample leaves no pixel out.
private struct ChipRegion {
    let image: RGBImage
    /// From the chip's pixels to the region's.
    let map: AffineTransform

    /// Nil when the picture does not lie under the chip.
    init?(of picture: any PictureSource, under map: AffineTransform, chipSize: Int) throws(ImagingError) {
        let pixelsPerSample = (map.a * map.a + map.b * map.b).squareRoot()
        guard pixelsPerSample.isFinite else { return nil }
        let last = Double(chipSize - 1)
        let corners = [(0, 0), (last, 0), (0, last), (last, last)].map { map.applied(to: Point(x: $0.0, y: $0.1)) }
        guard let x = Self.span(corners.map(\.x), margin: pixelsPerSample, below: picture.width),
            let y = Self.span(corners.map(\.y), margin: pixelsPerSample, below: picture.height)
        else { return nil }
        let part = PixelRegion(left: x.lowerBound, top: y.lowerBound, width: x.count, height: y.count)
        let isShrunk = pixelsPerSample >= 2
        let width = isShrunk ? max(1, Int((Double(x.count) / pixelsPerSample).rounded())) : x.count
        let height = isShrunk ? max(1, Int((Double(y.count) / pixelsPerSample).rounded())) : y.count
        let factorX = Double(width) / Double(x.count), factorY = Double(height) / Double(y.count)
        // At full size first: what a JPEG is reduced by is no mean over areas to the last bit.
        self.image = try picture.pixels(of: part).resized(width: width, height: height, method: .area)
        self.map = AffineTransform(
            a: map.a * factorX, b: map.b * factorY, c: map.c * factorX, d: map.d * factorY,
            tx: (map.tx - Double(x.lowerBound) + 0.5) * factorX - 0.5,
            ty: (map.ty - Double(y.lowerBound) + 0.5) * factorY - 0.5)
    }

    /// The whole pixels from the smallest to the largest coordinate that are in the image.
    private static func span(_ coordinates: [Double], margin: Double, below limit: Int) -> Range<Int>? {
        guard let smallest = coordinates.min(), let largest = coordinates.max() else { return nil }
        let low = min(max(0, (smallest - margin).rounded(.down)), Double(limit))
        let high = min(max(0, (largest + margin).rounded(.up) + 1), Double(limit))
        guard low.isFinite, high.isFinite, high > low else { return nil }
        return Int(low)..<Int(high)
    }
}
