// SPDX-License-Identifier: Apache-2.0

/// The sizes in which a picture is searched for faces, from coarse to fine.
///
/// Most faces that matter fill enough of their picture to be found in a small copy; only where nothing is found is the
/// copy made larger, until a face of ``smallestFace`` pixels would be found or the work is too much.
package struct FaceLadder: Sendable, Hashable {
    /// The most pixels of the last copy: what a picture without a face costs.
    package static let maximumPixels = 8_000_000
    /// Faces with fewer pixels are not searched for.
    package static let smallestFace = 32.0
    /// The longer sides of the copies, rising; never empty.
    package let sides: [Int]

    /// - Parameters:
    ///   - width, height: of the picture, at least 1.
    ///   - smallestSeen: the shorter side of the smallest face that the detector finds, in pixels of a copy.
    ///   - first: the longer side of the first copy of a large picture.
    ///   - sides: the longer sides of the smallest copy, and of the largest that is seen at once.
    package init(width: Int, height: Int, smallestSeen: Double, first: Int, sides bounds: ClosedRange<Int>) {
        let longer = Double(max(width, height)), area = Double(width) * Double(height)
        // So large a copy shows the smallest face as large as the detector needs it …
        let finest = longer * smallestSeen / Self.smallestFace
        // … and so large a one is the most that is looked at.
        let affordable = longer * (Double(Self.maximumPixels) / area).squareRoot()
        let last = max(
            1, Double(bounds.lowerBound), min(longer, Double(bounds.upperBound)), min(finest, affordable))
        var sides: [Int] = [], side = Double(min(first, bounds.upperBound))
        while side < last * 0.8 {
            sides.append(Int(side))
            side *= 2
        }
        sides.append(max(1, Int(last.rounded())))
        self.sides = sides
    }
}
