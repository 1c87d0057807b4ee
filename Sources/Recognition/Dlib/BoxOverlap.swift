// SPDX-License-Identifier: Apache-2.0

/// When two boxes count as the same find (`test_box_overlap` of dlib).
package struct BoxOverlap {
    /// The share of the union that both cover, above which they overlap.
    package let union: Double
    /// The share of one of the two, above which they overlap.
    package let covered: Double

    package init(union: Double, covered: Double) {
        self.union = union
        self.covered = covered
    }

    package func overlap(_ first: DlibRectangle, _ second: DlibRectangle) -> Bool {
        let inner = first.intersection(second).area
        guard inner > 0 else { return false }
        return inner / first.union(second).area > union
            || inner / first.area > covered || inner / second.area > covered
    }

    /// Keeps of every group of overlapping boxes the one with the highest confidence.
    package func suppressing(_ boxes: [ScoredBox]) -> [ScoredBox] {
        var kept: [ScoredBox] = []
        for box in boxes.sorted(by: { $0.confidence > $1.confidence })
        where !kept.contains(where: { overlap($0.box, box.box) }) {
            kept.append(box)
        }
        return kept
    }
}

/// A box that the detector's network proposes.
package struct ScoredBox: Equatable {
    package let box: DlibRectangle
    package let confidence: Double

    package init(box: DlibRectangle, confidence: Double) {
        self.box = box
        self.confidence = confidence
    }
}
