// SPDX-License-Identifier: Apache-2.0

import Imaging
import Recognition
import Testing

@Suite struct PureInkTests {
    /// Two crossing strokes of a width, of grey ink on grey paper with a gradient.
    private func drawing(scale: Int, width stroke: Int, ink: UInt8, paper: UInt8) -> RGBImage {
        let width = 120 * scale, height = 60 * scale
        return RGBImage(
            width: width, height: height,
            pixels: (0..<width * height).map { index in
                let x = index % width, y = index / width
                let isInk =
                    (10 * scale..<110 * scale).contains(x)
                    && (abs(2 * y - x) < stroke || abs(2 * y - (width - x)) < stroke)
                let level = isInk ? ink : paper - UInt8(10 * x / width)
                return RGB(red: level, green: level, blue: level)
            })
    }

    @Test(arguments: PureInk.Stroke.allCases)
    func onlyBlackAndWhiteAreLeftWhateverPaperAndInkWere(stroke: PureInk.Stroke) throws {
        let ink = PureInk(stroke: stroke)
        let dark = try ink.render(drawing(scale: 2, width: 6, ink: 10, paper: 250))
        let pale = try ink.render(drawing(scale: 2, width: 6, ink: 110, paper: 220))
        #expect(Set(dark.pixels.map(\.luma)) == [0, 255])
        #expect(dark.width == pale.width && dark.height == pale.height)
        let differing = zip(dark.pixels, pale.pixels).count { $0 != $1 }
        #expect(differing < dark.pixels.count { $0.luma == 0 } / 10)
    }

    @Test func constantStrokesHideTheWidthThatWasWritten() throws {
        func shares(_ stroke: PureInk.Stroke) throws -> [Int] {
            try [4, 12].map { width in
                try PureInk(stroke: stroke).render(drawing(scale: 2, width: width, ink: 10, paper: 250)).pixels.count {
                    $0.luma == 0
                }
            }
        }
        let written = try shares(.written), constant = try shares(.constant)
        #expect(written[1] > 2 * written[0])
        #expect(abs(constant[1] - constant[0]) < constant[0] / 5)
        #expect(constant[0] > 1000)
    }

    @Test func anEmptySheetStaysWhite() throws {
        let blank = RGBImage(width: 300, height: 100, repeating: RGB(red: 240, green: 240, blue: 235))
        for stroke in PureInk.Stroke.allCases {
            #expect(try PureInk(stroke: stroke).render(blank).pixels.allSatisfy { $0.luma == 255 })
        }
        #expect(throws: RecognitionError.self) { try PureInk().render(RGBImage(width: 0, height: 0, pixels: [])) }
    }
}
