// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging

/// Where an upright, centred square lies in an image: `get_face_chip_details` of dlib for five landmarks.
package struct FaceChip {
    /// Centre and side of the square before it is turned, in pixels of the image.
    package let center: Point
    package let side: Double
    /// By how much it is turned about its centre, in radians from x towards y.
    package let angle: Double
    /// The side of the chip, in pixels.
    package let size: Int

    /// The mean places of the landmarks in dlib's training set, where the face is the unit square.
    static let meanLandmarks = [
        Point(x: 0.8595674595992, y: 0.2134981538014),
        Point(x: 0.6460604764104, y: 0.2289674387677),
        Point(x: 0.1205750620789, y: 0.2137274526848),
        Point(x: 0.3340850613712, y: 0.2290642403242),
        Point(x: 0.4901123135679, y: 0.6277975316475),
    ]

    /// A side longer than this many pixels comes from landmarks that are no face.
    private static let maximumSide = 1e6

    /// Returns nil when the landmarks (``LandmarkLayout/eyeCornersNose``) determine no square.
    package init?(landmarks: [Point], size: Int, padding: Double) {
        guard landmarks.count == Self.meanLandmarks.count else { return nil }
        let positions = Self.meanLandmarks.map { mean in
            Point(
                x: (padding + mean.x) / (2 * padding + 1) * Double(size),
                y: (padding + mean.y) / (2 * padding + 1) * Double(size))
        }
        guard let fit = SimilarityFit(from: positions, to: landmarks) else { return nil }
        let scale = (fit.cosine * fit.cosine + fit.sine * fit.sine).squareRoot()
        let middle = Double(size) / 2
        center = fit.applied(to: Point(x: middle, y: middle))
        side = Double(size) * scale
        angle = atan2(fit.sine, fit.cosine)
        self.size = size
        guard side > 1e-3, side < Self.maximumSide, center.x.magnitude < 1e9, center.y.magnitude < 1e9 else {
            return nil
        }
    }

    /// Cuts the chip: bilinear, from a halved copy of the image as long as the chip would skip pixels; black
    /// outside the image (`extract_image_chip`).
    package func cut(from picture: any PictureSource) throws(ImagingError) -> RGBImage {
        let square = Square(center: center, halfSide: (side - 1) / 2)
        guard let region = region(of: square, in: picture) else {
            return RGBImage(width: size, height: size, repeating: RGB(red: 0, green: 0, blue: 0))
        }
        var source = try picture.pixels(
            of: PixelRegion(left: region.left, top: region.top, width: region.width, height: region.height))
        var shrunk = square.moved(x: -Double(region.left), y: -Double(region.top))
        while shrunk.halved.area > Double(size * size) {
            source = DlibResampling.halved(source)
            shrunk = shrunk.halved
        }
        return sampled(shrunk, from: source)
    }

    /// The part of the image that the chip needs, with a margin for halving; nil when that is nothing.
    private func region(of square: Square, in picture: any PictureSource) -> DlibRectangle? {
        var margin = 2.0
        var halved = square.halved
        while halved.area > Double(size * size) {
            halved = halved.halved
            margin = margin * 2 + 2
        }
        let corners = square.corners(turnedBy: angle)
        let xs = corners.map(\.x), ys = corners.map(\.y)
        guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else { return nil }
        let region = DlibRectangle(
            left: max(left - margin, 0), top: max(top - margin, 0),
            right: min(right + margin, Double(picture.width - 1)),
            bottom: min(bottom + margin, Double(picture.height - 1)))
        guard let region, !region.isEmpty else { return nil }
        return region
    }

    private func sampled(_ square: Square, from source: RGBImage) -> RGBImage {
        let corners = square.corners(turnedBy: angle)
        let origin = corners[0], last = Double(size - 1)
        let along = SIMD2(corners[1].x - origin.x, corners[1].y - origin.y) / last
        let down = SIMD2(corners[2].x - origin.x, corners[2].y - origin.y) / last
        var pixels = Array(repeating: RGB(red: 0, green: 0, blue: 0), count: size * size)
        for row in 0..<size {
            for column in 0..<size {
                let position = along * Double(column) + down * Double(row) + SIMD2(origin.x, origin.y)
                pixels[row * size + column] = DlibResampling.sample(source, x: position.x, y: position.y)
            }
        }
        return RGBImage(width: size, height: size, pixels: pixels)
    }
}

/// An upright square by its outermost pixels' centres, which dlib halves as its pyramid halves the image.
private struct Square {
    let left: Double
    let top: Double
    let right: Double
    let bottom: Double

    init(left: Double, top: Double, right: Double, bottom: Double) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }

    init(center: Point, halfSide: Double) {
        self.init(
            left: center.x - halfSide, top: center.y - halfSide, right: center.x + halfSide, bottom: center.y + halfSide
        )
    }

    /// In pixels; 0 for what is smaller than one.
    var area: Double {
        left > right || top > bottom ? 0 : (right - left + 1) * (bottom - top + 1)
    }

    /// The same square in the image that `pyramid_down<2>` makes.
    var halved: Square {
        Square(left: left / 2 - 1.25, top: top / 2 - 0.75, right: right / 2 - 1.25, bottom: bottom / 2 - 0.75)
    }

    func moved(x: Double, y: Double) -> Square {
        Square(left: left + x, top: top + y, right: right + x, bottom: bottom + y)
    }

    /// Top left, top right, bottom left and bottom right, turned about the centre.
    func corners(turnedBy angle: Double) -> [Point] {
        let center = Point(x: (left + right) / 2, y: (top + bottom) / 2)
        let sine = sin(angle), cosine = cos(angle)
        return [(left, top), (right, top), (left, bottom), (right, bottom)].map { corner in
            let x = corner.0 - center.x, y = corner.1 - center.y
            return Point(x: cosine * x - sine * y + center.x, y: sine * x + cosine * y + center.y)
        }
    }
}
