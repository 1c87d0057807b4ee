// SPDX-License-Identifier: Apache-2.0

import Imaging
import Recognition
import Testing

@Suite struct TiledPyramidTests {
    static let sizes = [(1, 1), (5, 400), (400, 5), (23, 17), (186, 225), (640, 480), (480, 640), (799, 333)]

    @Test(arguments: sizes)
    func levelsLieApartInsideThePlane(width: Int, height: Int) {
        let pyramid = TiledPyramid(imageWidth: width, imageHeight: height, padding: 10, outerPadding: 11)
        #expect(pyramid.levels[0] == DlibRectangle(left: 11, top: 11, right: 10 + width, bottom: 10 + height))
        for (index, level) in pyramid.levels.enumerated() {
            #expect(level.left >= 11 && level.top >= 11)
            #expect(level.right < pyramid.width - 11 && level.bottom < pyramid.height - 11)
            for other in pyramid.levels[..<index] {
                #expect(level.intersection(other).isEmpty, "levels overlap at \(width)×\(height)")
            }
        }
    }

    @Test(arguments: sizes)
    func levelsShrinkByASixth(width: Int, height: Int) {
        let levels = TiledPyramid(imageWidth: width, imageHeight: height, padding: 10, outerPadding: 11).levels
        for (larger, smaller) in zip(levels, levels.dropFirst()) {
            #expect(smaller.width == larger.width * 5 / 6)
            #expect(smaller.height == larger.height * 5 / 6)
        }
    }

    @Test func aBoxInALevelIsTheBoxInTheImageSixFifthsLargerALevel() throws {
        let pyramid = TiledPyramid(imageWidth: 640, imageHeight: 480, padding: 10, outerPadding: 11)
        for (index, level) in pyramid.levels.enumerated() where level.width > 40 && level.height > 40 {
            let x = Double(level.left + level.right) / 2, y = Double(level.top + level.bottom) / 2
            let box = try #require(pyramid.imageBox(left: x - 10, top: y - 10, right: x + 10, bottom: y + 10))
            var scale = 1.0
            for _ in 0..<index { scale *= 1.2 }
            #expect(abs(Double(box.right - box.left) - 20 * scale) <= 1)
            // The shift of 0.3 pixels a level that dlib adds stays below 2.4 pixels, and rounding sizes down adds some.
            #expect(abs(Double(box.left + box.right) / 2 - 319.5) < 6 * scale)
            #expect(abs(Double(box.top + box.bottom) / 2 - 239.5) < 6 * scale)
        }
    }

    @Test func paintsNormalizedLevelsOnNothing() {
        let image = RGBImage(width: 37, height: 50, repeating: RGB(red: 200, green: 100, blue: 50))
        let pyramid = TiledPyramid(imageWidth: 37, imageHeight: 50, padding: 10, outerPadding: 11)
        var planes: [Float] = Array(repeating: 7, count: 3 * pyramid.width * pyramid.height)
        pyramid.paint(image, means: [120, 110, 100], divisor: 256, into: &planes)
        let expected: [Float] = [80 / 256, -10 / 256, -50 / 256]
        for plane in 0..<3 {
            for y in 0..<pyramid.height {
                for x in 0..<pyramid.width {
                    let inside = pyramid.levels.contains {
                        $0.intersection(DlibRectangle(left: x, top: y, right: x, bottom: y)).isEmpty == false
                    }
                    let value = planes[(plane * pyramid.height + y) * pyramid.width + x]
                    #expect(abs(value - (inside ? expected[plane] : 0)) < 1e-6)
                }
            }
        }
    }

    @Test func everyLevelIsTheOneBeforeScaledBilinearly() {
        let image = noise(width: 61, height: 47, seed: 4)
        let pyramid = TiledPyramid(imageWidth: 61, imageHeight: 47, padding: 10, outerPadding: 11)
        var planes: [Float] = []
        pyramid.paint(image, means: [0, 0, 0], divisor: 1, into: &planes)
        func value(_ level: DlibRectangle, _ x: Int, _ y: Int) -> Double {
            Double(planes[pyramid.width * pyramid.height + (level.top + y) * pyramid.width + level.left + x])
        }
        for (source, target) in zip(pyramid.levels, pyramid.levels.dropFirst()) {
            for y in 0..<target.height {
                for x in 0..<target.width {
                    let placeX = Double(x) * Double(source.width - 1) / Double(max(target.width - 1, 1))
                    let placeY = Double(y) * Double(source.height - 1) / Double(max(target.height - 1, 1))
                    let left = min(Int(placeX), source.width - 1), top = min(Int(placeY), source.height - 1)
                    let right = min(left + 1, source.width - 1), bottom = min(top + 1, source.height - 1)
                    let dx = placeX - Double(left), dy = placeY - Double(top)
                    let upper = (1 - dx) * value(source, left, top) + dx * value(source, right, top)
                    let lower = (1 - dx) * value(source, left, bottom) + dx * value(source, right, bottom)
                    #expect(abs((1 - dy) * upper + dy * lower - value(target, x, y)) < 0.02)
                }
            }
        }
    }
}
