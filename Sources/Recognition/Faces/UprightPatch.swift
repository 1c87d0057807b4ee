// SPDX-License-Identifier: Apache-2.0

import Imaging

/// A square part of a picture around a face, turned so that the head is upright.
struct UprightPatch {
    /// How many times the face's size the square's side is: detectors look at what surrounds a face, too.
    private static let extent = 2.4
    /// The most pixels of a side; a larger part of the picture is shrunk to it.
    private static let maximumSide = 512.0
    /// The face's size in the picture that the detector sees, in pixels, or half as large again as it needs.
    private static let faceSeen = 104.0

    /// The side in pixels.
    let side: Int
    /// From the square's pixels to the picture's.
    let toImage: AffineTransform

    /// - Parameter roll: by how much the head is tilted in the picture, in degrees clockwise.
    init(of face: DetectedFace, roll: Double) {
        let extent = Self.extent * max(face.size, 1)
        side = max(1, Int(min(extent, Self.maximumSide).rounded()))
        toImage = AffineTransform(
            turnedBy: roll, scale: extent / Double(side), from: Self.middle(side), to: face.box.center)
    }

    /// The middle of the square, in its own pixels.
    var middle: Point { Self.middle(side) }

    private static func middle(_ side: Int) -> Point { Point(x: Double(side - 1) / 2, y: Double(side - 1) / 2) }

    func cut(from picture: any PictureSource) throws(ImagingError) -> RGBImage {
        try picture.chip(under: toImage, size: side)
    }

    /// The side of the copy of the square that a detector looks at.
    ///
    /// - Parameter smallestSeen: the smallest face that it finds, in pixels of that copy.
    func seenSide(_ smallestSeen: Double) -> Int {
        Int((Self.extent * max(Self.faceSeen, 1.5 * smallestSeen)).rounded())
    }
}

extension DetectedFace {
    /// The face in another picture, to which points are mapped by a similarity. The box keeps its sides level and grows
    /// as the distance of the eyes does.
    func mapped(_ map: (Point) -> Point) -> DetectedFace {
        let center = map(box.center), right = map(Point(x: box.center.x + 1, y: box.center.y))
        let scale = center.distance(to: right)
        return DetectedFace(
            box: Rectangle(
                left: center.x - scale * box.width / 2, top: center.y - scale * box.height / 2,
                width: scale * box.width, height: scale * box.height),
            landmarks: landmarks.map(map), landmarkLayout: landmarkLayout, confidence: confidence)
    }

    func moved(x: Double, y: Double) -> DetectedFace {
        mapped { Point(x: $0.x + x, y: $0.y + y) }
    }
}
