// SPDX-License-Identifier: Apache-2.0

import Imaging
import Recognition

/// A picture with the faces that were found in it, to look at: a box around each with its number in
/// ``DetectionReport``, green where a decision may rest on it and red where not, and a cross at each landmark.
public enum FaceDrawing {
    private static let usable = RGB(red: 40, green: 200, blue: 60)
    private static let unusable = RGB(red: 230, green: 40, blue: 40)
    private static let white = RGB(red: 255, green: 255, blue: 255)

    /// - Parameter faces: of this picture.
    public static func image(of picture: RGBImage, faces: PreparedFaces) -> RGBImage {
        var drawing = picture
        // Wide enough to be seen where the picture is shown as a whole.
        let stroke = max(1, max(picture.width, picture.height) / 400)
        let found = faces.faces.compactMap { prepared in prepared.face.map { (prepared, $0) } }
        for (prepared, face) in found {
            let color = prepared.isAcceptable ? usable : unusable
            let box = face.box, reach = max(face.size / 40, Double(stroke))
            drawing.fill(box.left, box.top, box.right, box.top + Double(stroke), color)
            drawing.fill(box.left, box.bottom - Double(stroke), box.right, box.bottom, color)
            drawing.fill(box.left, box.top, box.left + Double(stroke), box.bottom, color)
            drawing.fill(box.right - Double(stroke), box.top, box.right, box.bottom, color)
            for point in face.landmarks {
                let half = Double(stroke) / 2
                drawing.fill(point.x - reach, point.y - half, point.x + reach, point.y + half, color)
                drawing.fill(point.x - half, point.y - reach, point.x + half, point.y + reach, color)
            }
        }
        // Over all boxes.
        for (index, (prepared, face)) in found.enumerated() {
            let square = max(stroke, Int(max(0, min(face.size, 4096))) / 40)
            drawing.label(index + 1, at: face.box, square: square, prepared.isAcceptable ? usable : unusable, white)
        }
        return drawing
    }
}

extension Image where Pixel == RGB {
    /// Writes a number over the upper left corner of a box, or in it where there is no room above.
    ///
    /// - Parameter square: the side of what digits consist of, in pixels.
    fileprivate mutating func label(_ number: Int, at box: Rectangle, square: Int, _ ground: RGB, _ ink: RGB) {
        let squares = DrawnDigits.squares(of: number)
        let side = Double(square), digits = "\(number)".count
        let wide = Double(digits * (DrawnDigits.width + 1) + 1) * side, high = Double(DrawnDigits.height + 2) * side
        let left = Swift.max(0, Swift.min(box.left, Double(width) - wide))
        let top = box.top >= high ? box.top - high : Swift.max(0, box.top)
        fill(left, top, left + wide, top + high, ground)
        for place in squares {
            let x = left + Double(place.column + 1) * side, y = top + Double(place.row + 1) * side
            fill(x, y, x + side, y + side, ink)
        }
    }

    /// Colours the pixels of a rectangle that lie in the picture, at least one in each direction.
    fileprivate mutating func fill(_ left: Double, _ top: Double, _ right: Double, _ bottom: Double, _ color: RGB) {
        guard
            let region = PixelRegion(
                covering: Rectangle(
                    left: left, top: top, width: Swift.max(right - left, 1), height: Swift.max(bottom - top, 1)),
                width: width, height: height)
        else { return }
        for y in region.top..<region.bottom {
            for x in region.left..<region.right { self[x, y] = color }
        }
    }
}
