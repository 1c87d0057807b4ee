// SPDX-License-Identifier: Apache-2.0

import Imaging
import Testing

@Suite struct QuarterTurnTests {
    /// Every pixel another.
    private let picture = GrayImage(width: 5, height: 3, pixels: (0..<15).map { UInt8($0) })

    @Test func `a clockwise turn brings the left edge to the top`() {
        let turned = picture.turned(.clockwise)
        #expect(turned.width == 3 && turned.height == 5)
        #expect(Array(turned.pixels.prefix(3)) == [10, 5, 0])
        #expect(Array(turned.pixels.suffix(3)) == [14, 9, 4])
    }

    @Test func `opposite turns undo one another`() {
        #expect(picture.turned(.clockwise).turned(.counterclockwise) == picture)
        #expect(picture.turned(.half).turned(.half) == picture)
        #expect(picture.turned(.clockwise).turned(.clockwise) == picture.turned(.half))
        #expect(picture.turned(.none) == picture)
    }

    @Test(arguments: QuarterTurn.allCases) func `points of a turned picture lead back to their pixels`(
        turn: QuarterTurn
    ) {
        let turned = picture.turned(turn)
        for y in 0..<turned.height {
            for x in 0..<turned.width {
                let point = turn.original(
                    Point(x: Double(x), y: Double(y)), width: picture.width, height: picture.height)
                #expect(picture[Int(point.x), Int(point.y)] == turned[x, y])
            }
        }
    }

    @Test func `a mirror swaps left and right in each row`() {
        #expect(Array(picture.mirrored().pixels.prefix(6)) == [4, 3, 2, 1, 0, 9])
        #expect(picture.mirrored().mirrored() == picture)
    }
}
