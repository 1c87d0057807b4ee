// SPDX-License-Identifier: Apache-2.0

import Imaging

/// How an image is scaled for dlib's detector and cut into chips.
///
/// The detector finds faces of about 80 pixels and more, so that a small image is enlarged once (dlib's
/// `pyramid_up`, about ×2), as dlib's users do. That *working image* is where landmarks are found and what
/// chips are cut from. A large image is its own working image; only the detector sees a copy shrunk to a side
/// it can afford, and then misses faces smaller than about 80 pixels of that copy.
public struct MMODScaling: Sendable, Hashable {
    /// An image whose longer side has fewer pixels than this is enlarged; 0 enlarges none. At most 2048.
    public let enlargeBelow: Int
    /// The longest side the detector sees. At least 64.
    public let maximumSide: Int

    /// Images under 400 pixels are enlarged, detection looks at 800 pixels.
    public static let `default` = MMODScaling(uncheckedEnlargeBelow: 400, maximumSide: 800)

    /// - Throws: ``InvalidMMODParameters`` that says which limit a value breaks.
    public init(enlargeBelow: Int, maximumSide: Int) throws(InvalidMMODParameters) {
        guard (0...2048).contains(enlargeBelow) else {
            throw InvalidMMODParameters(reason: "enlarge_below is \(enlargeBelow), and 0…2048 is possible")
        }
        guard (64...16_384).contains(maximumSide) else {
            throw InvalidMMODParameters(reason: "maximum_side is \(maximumSide), and 64…16384 is possible")
        }
        self.init(uncheckedEnlargeBelow: enlargeBelow, maximumSide: maximumSide)
    }

    private init(uncheckedEnlargeBelow enlargeBelow: Int, maximumSide: Int) {
        self.enlargeBelow = enlargeBelow
        self.maximumSide = maximumSide
    }

    /// The image that landmarks and chips refer to.
    func workingImage(of picture: any PictureSource) throws(ImagingError) -> WorkingImage {
        guard picture.width > 1, picture.height > 1, max(picture.width, picture.height) < enlargeBelow else {
            return WorkingImage(picture: picture, scaleX: 1, scaleY: 1)
        }
        let enlarged = DlibResampling.enlarged(try picture.pixels())
        return WorkingImage(
            picture: enlarged,
            scaleX: Double(enlarged.width - 1) / Double(picture.width - 1),
            scaleY: Double(enlarged.height - 1) / Double(picture.height - 1))
    }
}

/// An image, perhaps enlarged, with the way back to the original's coordinates.
///
/// Both coordinate systems have the centre of the top-left pixel at (0, 0), and enlarging maps corner pixels
/// to corner pixels.
struct WorkingImage {
    let picture: any PictureSource
    let scaleX: Double
    let scaleY: Double

    func original(_ point: Point) -> Point {
        Point(x: point.x / scaleX, y: point.y / scaleY)
    }

    func working(_ point: Point) -> Point {
        Point(x: point.x * scaleX, y: point.y * scaleY)
    }

    /// The area a rectangle of whole pixels covers, in the original's coordinates.
    func original(_ rectangle: DlibRectangle) -> Rectangle {
        let topLeft = original(Point(x: Double(rectangle.left) - 0.5, y: Double(rectangle.top) - 0.5))
        return Rectangle(
            left: topLeft.x, top: topLeft.y,
            width: Double(rectangle.width) / scaleX, height: Double(rectangle.height) / scaleY)
    }
}
