// SPDX-License-Identifier: Apache-2.0

import Imaging
import ProgramHarness
import Testing

@Suite("Transparency is laid over white, unless that would leave nothing to see")
struct TransparencyTests {
    private static let side = 40

    /// A picture of grey levels and opacities, decoded.
    private func decoded(_ pixel: (_ x: Int, _ y: Int) -> (level: UInt8, alpha: UInt8)) throws -> GrayImage {
        var gray = PNGFile(width: Self.side, height: Self.side, color: 4)
        var color = PNGFile(width: Self.side, height: Self.side, color: 6)
        gray.appendStored(
            (0..<Self.side).flatMap { y in
                [0]
                    + (0..<Self.side).flatMap { x in
                        let (level, alpha) = pixel(x, y); return [level, alpha]
                    }
            })
        color.appendStored(
            (0..<Self.side).flatMap { y in
                [0]
                    + (0..<Self.side).flatMap { x in
                        let (level, alpha) = pixel(x, y); return [level, level, level, alpha]
                    }
            })
        let image = try GrayImage(decoding: gray.bytes)
        #expect(try GrayImage(decoding: color.bytes) == image)
        #expect(try RGBImage(decoding: gray.bytes) == image.rgb())
        #expect(try RGBImage(decoding: color.bytes) == image.rgb())
        return image
    }

    private func isStroke(_ x: Int, _ y: Int) -> Bool { (x + y) % 10 < 3 }

    @Test("White strokes are drawn as black ones are, smooth edges too")
    func whiteInk() throws {
        for level in [UInt8(255), 240] {
            for alpha in [UInt8(255), 200, 60] {
                let white = try decoded { x, y in (level, isStroke(x, y) ? alpha : 0) }
                let black = try decoded { x, y in (0, isStroke(x, y) ? alpha : 0) }
                #expect(white == black, "level \(level), opacity \(alpha)")
                #expect(black[0, 0] == 255 - alpha && black[5, 0] == 255)
            }
        }
    }

    @Test("White strokes whose soft edges were stored darker than they are stay white strokes")
    func darkEdges() throws {
        let image = try decoded { x, y in isStroke(x, y) ? (255, 255) : isStroke(x + 1, y) ? (128, 20) : (0, 0) }
        #expect(image[0, 0] == 0)
    }

    @Test("Ink that is seen on white stays as it is: black, grey, and white beside black")
    func seenOnWhite() throws {
        #expect(try decoded { x, y in (200, isStroke(x, y) ? 255 : 0) }[0, 0] == 200)
        let twoColors = try decoded { x, y in (x < 20 ? 0 : 255, isStroke(x, y) ? 255 : 0) }
        #expect(twoColors[0, 0] == 0 && twoColors[20, 0] == 255)
    }

    @Test("A soft shadow is a shadow, under a white figure too")
    func shadow() throws {
        let shadow = try decoded { x, y in (0, isStroke(x, y) ? 80 : 0) }
        #expect(shadow[0, 0] == 175)
        let figure = try decoded { x, y in isStroke(x, y) ? (255, 255) : isStroke(x - 3, y) ? (0, 80) : (0, 0) }
        #expect(figure[0, 0] == 255 && figure[3, 0] == 175)
    }

    @Test("A light picture cut out on transparency stays the picture it is")
    func cutOut() throws {
        // A pale face: a disc that is light but for two dark spots.
        let face = try decoded { x, y in
            let inside = (x - 20) * (x - 20) + (y - 20) * (y - 20) < 12 * 12
            return inside ? (y == 16 && (x == 15 || x == 25) ? 40 : 235, 255) : (0, 0)
        }
        #expect(face[20, 20] == 235 && face[15, 16] == 40 && face[0, 0] == 255)
        // White paper with transparent corners fills most of the picture.
        let paper = try decoded { x, y in (255, min(x, y) < 3 ? 0 : 255) }
        #expect(paper.pixels.allSatisfy { $0 == 255 })
        // A small white sheet with little ink on it.
        let sheet = try decoded { x, y in
            (x == 20 && y == 20 ? 0 : 255, (8..<32).contains(x) && (8..<32).contains(y) ? 255 : 0)
        }
        #expect(sheet[20, 20] == 0 && sheet[9, 9] == 255)
    }

    @Test("Nothing opaque is white paper")
    func nothing() throws {
        #expect(try decoded { _, _ in (0, 0) }.pixels.allSatisfy { $0 == 255 })
        #expect(try decoded { _, _ in (255, 255) }.pixels.allSatisfy { $0 == 255 })
    }
}
