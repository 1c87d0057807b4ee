// SPDX-License-Identifier: Apache-2.0

import Imaging

/// The square part of an upright face that a face-cover network sees.
///
/// Stated in the face's own frame: from the middle between the eyes, in distances of the eyes, y down to the chin. What
/// two detectors take for the eyes is the same, whatever else they find, and every aligner brings it to one place of its
/// chip; so the part is the same of all chips that are cut alike.
public struct FaceCoverView: Sendable, Hashable {
    /// The square's side.
    public let side: Double
    /// How far below the eyes its middle lies.
    public let center: Double

    /// - Parameters:
    ///   - side: above 0.
    public init(side: Double, center: Double) {
        self.side = side
        self.center = center
    }

    /// Where the square lies in an aligned chip.
    ///
    /// - Parameters:
    ///   - eyes: their centres in the chip.
    ///   - chipSize: the chip's side in pixels.
    /// - Returns: nil when the chip shows less of the face than the square.
    func region(eyes: (left: Point, right: Point), chipSize: Int) -> PixelRegion? {
        let distance = eyes.left.distance(to: eyes.right)
        let pixels = Int((side * distance).rounded())
        let left = (eyes.left.x + eyes.right.x - side * distance) / 2
        let top = (eyes.left.y + eyes.right.y - side * distance) / 2 + center * distance
        let last = Double(chipSize - pixels)
        // Half a pixel beyond the edge is a matter of rounding.
        guard pixels > 0, pixels <= chipSize, (-0.5...last + 0.5).contains(left), (-0.5...last + 0.5).contains(top)
        else { return nil }
        func within(_ edge: Double) -> Int { Int(min(max(edge.rounded(), 0), last)) }
        return PixelRegion(left: within(left), top: within(top), width: pixels, height: pixels)
    }
}

extension SampleAlignment {
    /// Where the eyes of a mean face are in the chip that this alignment cuts; nil where it cuts none.
    func meanEyes(chipSize: Int) -> (left: Point, right: Point)? {
        guard let layout = landmarkLayout else { return nil }
        let eyes = layout.eyes(layout.meanLandmarks)
        func place(_ point: Point) -> Point {
            switch self {
            case .dlibChip(let padding):
                let scale = Double(chipSize) / (2 * padding + 1)
                return Point(x: (padding + point.x) * scale, y: (padding + point.y) * scale)
            case .arcFace, .none, .signatureCanvas:
                let scale = Double(chipSize) / ArcFaceAligner.standardSize
                return Point(x: point.x * scale, y: point.y * scale)
            }
        }
        return (place(eyes.left), place(eyes.right))
    }
}
