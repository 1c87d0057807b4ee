// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Which of the faces in a kept crop is the one that the crop was made around.
package enum StoredCropFace {
    /// By how much of its longer side a box is grown before the crop's middle has to lie in it. The middle is the
    /// face's own, unless the picture ended within the margin; and a detector may draw its boxes otherwise than the one
    /// before.
    private static let tolerance = 0.25
    /// A box smaller than this share of the smallest that the crop can have been made around is a feature of the face,
    /// or somebody far behind it.
    private static let smallestShare = 0.4

    /// Nil when only bystanders in the margin were found, who must not be taken for the person.
    package static func choose(from faces: [DetectedFace], width: Int, height: Int) -> DetectedFace? {
        let middle = Point(x: Double(width) / 2, y: Double(height) / 2)
        let diagonal = (Double(width * width) + Double(height * height)).squareRoot()
        // A crop that the picture's edge has cut was made around a larger box.
        let smallest = smallestShare * Double(max(width, height)) / (1 + 2 * SourceRegion.faceMargin)

        /// How much of the crop would have been kept around a face, less how far from the middle the face is.
        func suits(_ box: Rectangle) -> Double {
            let grown = box.grown(by: SourceRegion.faceMargin)
            let columns = min(grown.right, Double(width)) - max(grown.left, 0)
            let rows = min(grown.bottom, Double(height)) - max(grown.top, 0)
            let covered = max(0, columns) * max(0, rows) / Double(width * height)
            let x = box.center.x - middle.x, y = box.center.y - middle.y
            return covered - (x * x + y * y).squareRoot() / diagonal
        }
        return
            faces
            .filter { face in
                let grown = face.box.grown(by: tolerance)
                return max(face.box.width, face.box.height) >= smallest
                    && grown.contains(middle)
            }
            .max { suits($0.box) < suits($1.box) }
    }
}

extension Rectangle {
    /// The same place with a margin on each side, as a share of the longer side.
    fileprivate func grown(by share: Double) -> Rectangle {
        let margin = max(width, height) * share
        return Rectangle(left: left - margin, top: top - margin, width: width + 2 * margin, height: height + 2 * margin)
    }
}
