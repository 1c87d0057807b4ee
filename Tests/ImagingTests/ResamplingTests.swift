// SPDX-License-Identifier: Apache-2.0

import Imaging
import ProgramHarness
import Testing

@Suite("Resampling")
struct ResamplingTests {
    private func picture(_ width: Int, _ height: Int, seed: UInt64) -> GrayImage {
        var random = SeededGenerator(seed: seed)
        return GrayImage(
            width: width, height: height, pixels: (0..<width * height).map { _ in .random(in: 0...255, using: &random) }
        )
    }

    /// The mean over the area of the source that a new pixel covers, by the definition.
    private func areaMean(_ image: GrayImage, _ x: Int, _ y: Int, _ width: Int, _ height: Int) -> Double {
        let scaleX = Double(image.width) / Double(width), scaleY = Double(image.height) / Double(height)
        var sum = 0.0, weight = 0.0
        for row in 0..<image.height {
            for column in 0..<image.width {
                let across = min(Double(x + 1) * scaleX, Double(column + 1)) - max(Double(x) * scaleX, Double(column))
                let down = min(Double(y + 1) * scaleY, Double(row + 1)) - max(Double(y) * scaleY, Double(row))
                if across > 0, down > 0 {
                    sum += across * down * Double(image[column, row])
                    weight += across * down
                }
            }
        }
        return sum / weight
    }

    @Test(
        "Area resize is the mean over what a pixel covers",
        arguments: [
            (17, 11, 5, 7), (40, 9, 13, 9), (8, 8, 1, 1), (5, 3, 9, 4),
        ])
    func area(_ width: Int, _ height: Int, _ newWidth: Int, _ newHeight: Int) {
        let image = picture(width, height, seed: UInt64(width))
        let resized = image.resized(width: newWidth, height: newHeight, method: .area)
        for y in 0..<newHeight {
            for x in 0..<newWidth {
                let expected = areaMean(image, x, y, newWidth, newHeight)
                #expect(abs(Double(resized[x, y]) - expected) <= 0.51)
            }
        }
    }

    @Test("Colour is resized and warped channel by channel as grey is")
    func colorLikeGray() {
        let red = picture(13, 9, seed: 1), green = picture(13, 9, seed: 2), blue = picture(13, 9, seed: 3)
        let color = RGBImage(
            width: 13, height: 9,
            pixels: red.pixels.indices.map {
                RGB(red: red.pixels[$0], green: green.pixels[$0], blue: blue.pixels[$0])
            })
        for method in [ResizeMethod.bilinear, .area] {
            let resized = color.resized(width: 7, height: 20, method: method)
            #expect(resized.pixels.map(\.red) == red.resized(width: 7, height: 20, method: method).pixels)
            #expect(resized.pixels.map(\.green) == green.resized(width: 7, height: 20, method: method).pixels)
            #expect(resized.pixels.map(\.blue) == blue.resized(width: 7, height: 20, method: method).pixels)
        }
        let map = AffineTransform(a: 0.7, b: 0.1, c: -0.2, d: 0.9, tx: -3, ty: 2)
        let warped = color.warped(by: map, width: 21, height: 12, fill: RGB(red: 0, green: 50, blue: 255))
        #expect(warped.pixels.map(\.green) == green.warped(by: map, width: 21, height: 12, fill: 50).pixels)
    }

    @Test("A warp by whole pixels copies, and fills what lies outside")
    func warpShift() {
        let image = picture(6, 5, seed: 9)
        let map = AffineTransform(a: 1, b: 0, c: 0, d: 1, tx: -2, ty: 1)
        let warped = image.warped(by: map, width: 6, height: 5, fill: 99)
        for y in 0..<5 {
            for x in 0..<6 {
                let inside = x - 2 >= 0 && y + 1 < 5
                #expect(warped[x, y] == (inside ? image[x - 2, y + 1] : 99))
            }
        }
    }

    @Test("A map that is not a number or reaches far outside gives the fill")
    func warpNowhere() {
        let image = picture(6, 5, seed: 9)
        for value in [Double.nan, .infinity, 1e300] {
            let map = AffineTransform(a: value, b: 0, c: 0, d: 1, tx: value, ty: 0)
            #expect(image.warped(by: map, width: 2, height: 2, fill: 7).pixels == [7, 7, 7, 7])
        }
    }

    @Test("A crop repeats the edge where it leaves the picture")
    func crop() {
        let image = GrayImage(width: 2, height: 2, pixels: [1, 2, 3, 4])
        #expect(
            image.cropped(x: -1, y: -1, width: 4, height: 4).pixels == [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
        #expect(image.cropped(x: 1, y: 0, width: 1, height: 2).pixels == [2, 4])
        #expect(image.cropped(x: .max, y: .min, width: 2, height: 1).pixels == [2, 2])
    }

    @Test("Otsu's threshold has the greatest variance between classes of all levels")
    func otsu() {
        for seed in 0..<20 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let pixels = (0..<400).map { _ in
                UInt8(clamping: Int.random(in: 0...60, using: &random) + (Bool.random(using: &random) ? 120 : 20))
            }
            let image = GrayImage(width: 20, height: 20, pixels: pixels)
            func variance(_ level: Int) -> Double {
                let dark = pixels.filter { Int($0) <= level }.map(Double.init),
                    light = pixels.filter { Int($0) > level }.map(Double.init)
                guard !dark.isEmpty, !light.isEmpty else { return -1 }
                let difference = dark.reduce(0, +) / Double(dark.count) - light.reduce(0, +) / Double(light.count)
                return Double(dark.count) * Double(light.count) * difference * difference
            }
            let best = (0..<256).map(variance).max() ?? 0
            #expect(abs(variance(Int(image.otsuThreshold())) - best) <= 1e-9 * best)
        }
        #expect(GrayImage(width: 2, height: 1, pixels: [8, 8]).otsuThreshold() == 8)
    }
}
