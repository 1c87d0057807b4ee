// SPDX-License-Identifier: Apache-2.0

import Recognition
import Testing

@Suite struct BoxOverlapTests {
    private func box(_ left: Int, _ confidence: Double, width: Int = 10) -> ScoredBox {
        ScoredBox(box: DlibRectangle(left: left, top: 0, right: left + width - 1, bottom: 9), confidence: confidence)
    }

    @Test func theSurerOfTwoOverlappingBoxesStays() {
        let kept = BoxOverlap(union: 0.4, covered: 1).suppressing([box(0, 0.5), box(2, 0.9), box(40, 0.1)])
        #expect(kept == [box(2, 0.9), box(40, 0.1)])
    }

    @Test func boxesThatShareLittleBothStay() {
        // 3 of 17 columns are shared.
        #expect(BoxOverlap(union: 0.4, covered: 1).suppressing([box(0, 0.5), box(7, 0.9)]).count == 2)
        #expect(BoxOverlap(union: 0.17, covered: 1).suppressing([box(0, 0.5), box(7, 0.9)]).count == 1)
    }

    @Test func aBoxInsideAnotherCountsByTheShareThatIsCovered() {
        let outer = box(0, 0.9, width: 100), inner = box(10, 0.5)
        #expect(BoxOverlap(union: 0.4, covered: 1).suppressing([outer, inner]).count == 2)
        #expect(BoxOverlap(union: 0.4, covered: 0.95).suppressing([outer, inner]) == [outer])
    }

    @Test func aSuppressedBoxSuppressesNothing() {
        // The third overlaps only the second, which the first has removed.
        let kept = BoxOverlap(union: 0.3, covered: 1).suppressing([box(0, 0.9), box(5, 0.8), box(10, 0.7)])
        #expect(kept == [box(0, 0.9), box(10, 0.7)])
    }
}
