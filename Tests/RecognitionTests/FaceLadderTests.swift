// SPDX-License-Identifier: Apache-2.0

import Recognition
import Testing

@Suite struct FaceLadderTests {
    @Test(arguments: [(1, 1), (92, 112), (250, 250), (1434, 2333), (4000, 3000), (8160, 6120), (65_000, 700)])
    func `copies grow to one that shows the smallest face, or that costs no more than is allowed`(
        width: Int, height: Int
    ) throws {
        for (smallestSeen, sides) in [(80.0, 1...800), (20, 1...640), (80, 1...64)] {
            let ladder = FaceLadder(width: width, height: height, smallestSeen: smallestSeen, first: 400, sides: sides)
            #expect(ladder.sides == ladder.sides.sorted() && Set(ladder.sides).count == ladder.sides.count)
            let first = try #require(ladder.sides.first), last = try #require(ladder.sides.last)
            #expect(first >= 1 && first <= max(500, sides.upperBound))
            let scale = Double(last) / Double(max(width, height)), area = Double(width * height) * scale * scale
            #expect(area <= Double(FaceLadder.maximumPixels) * 1.01)
            let smallest = smallestSeen / scale
            // A copy has whole pixels.
            if max(width, height) < 50 { continue }
            #expect(smallest < FaceLadder.smallestFace + 1 || area > Double(FaceLadder.maximumPixels) * 0.98)
        }
    }
}

@Suite struct SmallPictureLadderTests {
    @Test func `a small picture is enlarged to what a detector has to be shown`() {
        #expect(FaceLadder(width: 92, height: 112, smallestSeen: 20, first: 640, sides: 320...640).sides == [320])
        #expect(FaceLadder(width: 360, height: 480, smallestSeen: 20, first: 640, sides: 320...640).sides == [480])
        #expect(FaceLadder(width: 600, height: 800, smallestSeen: 20, first: 640, sides: 320...640).sides == [640])
    }
}

@Suite struct PictureTilesTests {
    @Test(arguments: [(100, 100, 40.0, 10.0), (4000, 3000, 800, 160), (33, 900, 64, 20), (801, 800, 800, 790)])
    func `tiles lie in the picture and hold every square of the size of their overlap`(
        width: Int, height: Int, side: Double, overlap: Double
    ) {
        let tiles = PictureTiles(width: width, height: height, side: side, overlap: overlap).regions
        #expect(Set(tiles.map { [$0.width, $0.height] }).count == 1)
        for tile in tiles {
            #expect(tile.left >= 0 && tile.top >= 0 && tile.right <= width && tile.bottom <= height)
            #expect(Double(tile.width) <= side.rounded(.up) && Double(tile.height) <= side.rounded(.up))
        }
        let square = Int(overlap)
        for x in stride(from: 0, through: max(0, width - square), by: 7) {
            for y in stride(from: 0, through: max(0, height - square), by: 13) {
                #expect(
                    tiles.contains {
                        $0.left <= x && $0.top <= y && min(x + square, width) <= $0.right
                            && min(y + square, height) <= $0.bottom
                    })
            }
        }
    }
}
