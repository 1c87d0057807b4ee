// SPDX-License-Identifier: Apache-2.0

import Imaging

/// An image turned, scaled or shifted a little about its middle; its edge pixels stand for what lies outside.
struct JitteredView: Sendable, Hashable {
    /// Clockwise, in degrees.
    var turn = 0.0
    /// How much larger what the image shows becomes.
    var zoom = 1.0
    /// To the right and downwards, as a share of the width.
    var right = 0.0
    var down = 0.0

    /// In the order in which they are used: opposite ones follow one another.
    static let all = [
        JitteredView(turn: 4), JitteredView(turn: -4), JitteredView(zoom: 1.06), JitteredView(zoom: 0.94),
        JitteredView(down: 0.03), JitteredView(down: -0.03), JitteredView(right: 0.03), JitteredView(right: -0.03),
    ]

    func image(of image: RGBImage) -> RGBImage {
        let margin = max(image.width, image.height) / 8
        let padded = image.cropped(
            x: -margin, y: -margin, width: image.width + 2 * margin, height: image.height + 2 * margin)
        let middle = Point(x: Double(image.width - 1) / 2, y: Double(image.height - 1) / 2)
        let offset = Double(margin), width = Double(image.width)
        return padded.warped(
            by: AffineTransform(
                turnedBy: -turn, scale: 1 / zoom, from: middle,
                to: Point(x: middle.x - right * width + offset, y: middle.y - down * width + offset)),
            width: image.width, height: image.height, fill: RGB(red: 0, green: 0, blue: 0))
    }
}
