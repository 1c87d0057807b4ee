// SPDX-License-Identifier: Apache-2.0

import Imaging
import Testing

@Suite struct JPEGEncodingTests {
    private let picture: RGBImage = {
        var picture = RGBImage(width: 61, height: 43, repeating: RGB(red: 0, green: 0, blue: 120))
        for y in 0..<43 {
            for x in 0..<61 { picture[x, y] = RGB(red: UInt8(x * 4), green: UInt8(y * 5), blue: 120) }
        }
        return picture
    }()

    private func largestDifference(_ a: RGBImage, _ b: RGBImage) -> Int {
        var worst = 0
        for (x, y) in zip(a.pixels, b.pixels) {
            for (p, q) in [(x.red, y.red), (x.green, y.green), (x.blue, y.blue)] {
                worst = max(worst, abs(Int(p) - Int(q)))
            }
        }
        return worst
    }

    @Test func `a smooth picture comes back nearly as it was, and nearer at a higher quality`() throws {
        var before = Int.max
        for quality in [60, 95, 100] {
            let back = try RGBImage(decoding: picture.jpegBytes(quality: quality))
            #expect(back.width == 61 && back.height == 43)
            let worst = largestDifference(back, picture)
            #expect(worst <= before)
            before = worst
        }
        #expect(before <= 4)
    }

    @Test func `a grey picture is a file of one channel`() throws {
        let gray = picture.grayscale()
        let file = try gray.jpegBytes(quality: 95)
        #expect(try largestDifference(GrayImage(decoding: file).rgb(), gray.rgb()) <= 6)
        #expect(try RGBImage(decoding: file).pixels.allSatisfy { $0.red == $0.green && $0.green == $0.blue })
        #expect(try file.count < picture.jpegBytes(quality: 95).count)
    }

    @Test func `sizes that JPEG cannot state are refused`() {
        for (width, height) in [(0, 0), (0, 5), (65_536, 1), (1, 70_000)] {
            let image = GrayImage(width: width, height: height, repeating: 7)
            #expect(throws: ImagingError.writing(detail: "a JPEG file cannot have \(width) × \(height) pixels")) {
                try image.jpegBytes(quality: 90)
            }
        }
        #expect(throws: Never.self) { try GrayImage(width: 65_500, height: 1, repeating: 7).jpegBytes(quality: 400) }
    }
}
