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

    public func chip(of face: DetectedFace, in image: RGBImage) throws -> RGBImage {
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
        guard let reduced = ReducedRegion(of: image, under: toImage, chipSize: chipSize) else {
            return image.warped(by: toImage, width: chipSize, height: chipSize, fill: black)
        }
        return reduced.image.warped(by: reduced.map, width: chipSize, height: chipSize, fill: black)
    }
}

/// The part of an image under a chip, shrunk so that a bilinear sample leaves no pixel out.
private struct ReducedRegion {
    let image: RGBImage
    /// From the chip's pixels to the region's.
    let map: AffineTransform

    /// Nil when the image has less than two pixels to a pixel of the chip, or does not lie under it.
    init?(of image: RGBImage, under map: AffineTransform, chipSize: Int) {
        let pixelsPerSample = (map.a * map.a + map.b * map.b).squareRoot()
        guard pixelsPerSample >= 2, pixelsPerSample.isFinite else { return nil }
        let last = Double(chipSize - 1)
        let corners = [(0, 0), (last, 0), (0, last), (last, last)].map { map.applied(to: Point(x: $0.0, y: $0.1)) }
        guard let x = Self.span(corners.map(\.x), margin: pixelsPerSample, below: image.width),
            let y = Self.span(corners.map(\.y), margin: pixelsPerSample, below: image.height)
        else { return nil }
        let region = image.cropped(x: x.lowerBound, y: y.lowerBound, width: x.count, height: y.count)
        let width = max(1, Int((Double(x.count) / pixelsPerSample).rounded()))
        let height = max(1, Int((Double(y.count) / pixelsPerSample).rounded()))
        let factorX = Double(width) / Double(x.count), factorY = Double(height) / Double(y.count)
        self.image = region.resized(width: width, height: height, method: .area)
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
