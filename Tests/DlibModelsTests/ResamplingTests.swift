// SPDX-License-Identifier: Apache-2.0

import Imaging
import Recognition
import Testing

/// Noise from a fixed seed.
func noise(width: Int, height: Int, seed: UInt64) -> RGBImage {
    var state = seed
    func next() -> UInt8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
    return RGBImage(
        width: width, height: height,
        pixels: (0..<width * height).map { _ in
            RGB(red: next(), green: next(), blue: next())
        })
}

@Suite struct ResamplingTests {
    @Test(arguments: [(1, 1), (2, 3), (3, 2), (7, 5), (92, 112), (33, 64)])
    func enlargingIsBilinearRoundedDown(width: Int, height: Int) {
        let image = noise(width: width, height: height, seed: 1)
        let large = DlibResampling.enlarged(image)
        #expect(large.width == 2 * width + 2)
        #expect(large.height == 2 * height + 1)
        for y in 0..<large.height {
            for x in 0..<large.width {
                let expected = Self.bilinear(
                    image, x: Double(x) * Double(width - 1) / Double(large.width - 1),
                    y: Double(y) * Double(height - 1) / Double(large.height - 1))
                // Rounding down leaves it at most one level and a hair below.
                let found = Double(large.pixels[y * large.width + x].green)
                #expect(found - expected < 0.01 && expected - found < 1.01)
            }
        }
    }

    @Test(arguments: [(9, 9), (10, 13), (31, 20)])
    func halvingIsAFiveByFiveGaussian(width: Int, height: Int) {
        let image = noise(width: width, height: height, seed: 2)
        let half = DlibResampling.halved(image)
        #expect(half.width == (width - 3) / 2)
        #expect(half.height == (height - 3) / 2)
        let weights = [1, 4, 6, 4, 1]
        for y in 0..<half.height {
            for x in 0..<half.width {
                var sum = 0
                for (dy, vertical) in weights.enumerated() {
                    for (dx, horizontal) in weights.enumerated() {
                        sum += vertical * horizontal * Int(image.pixels[(2 * y + dy) * width + 2 * x + dx].blue)
                    }
                }
                #expect(Int(half.pixels[y * half.width + x].blue) == sum / 256)
            }
        }
    }

    @Test func halvingATinyImageLeavesNothing() {
        let half = DlibResampling.halved(noise(width: 8, height: 40, seed: 3))
        #expect(half.width == 0 && half.height == 0)
    }

    static func bilinear(_ image: RGBImage, x: Double, y: Double) -> Double {
        let left = min(Int(x), image.width - 1), top = min(Int(y), image.height - 1)
        let right = min(left + 1, image.width - 1), bottom = min(top + 1, image.height - 1)
        func level(_ x: Int, _ y: Int) -> Double { Double(image.pixels[y * image.width + x].green) }
        let dx = x - Double(left), dy = y - Double(top)
        return (1 - dy) * ((1 - dx) * level(left, top) + dx * level(right, top))
            + dy * ((1 - dx) * level(left, bottom) + dx * level(right, bottom))
    }
}
