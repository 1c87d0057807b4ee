// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import ProgramHarness
import Testing

@Suite("A picture is read as far as it is needed")
struct PictureFileTests {
    /// Large enough that it is not read whole.
    static let picture: RGBImage = {
        let width = 2211, height = 1507
        return RGBImage(
            width: width, height: height,
            pixels: (0..<width * height).map { index in
                let x = Double(index % width), y = Double(index / width)
                let wave = 0.5 + 0.25 * sin(x / 40) + 0.25 * cos(y / 55)
                return RGB(
                    red: UInt8(255 * wave), green: UInt8(255 * (0.5 + 0.5 * sin((x + y) / 90))),
                    blue: UInt8(255 * (0.5 + 0.5 * cos(x / 70 - y / 50))))
            })
    }()

    /// The JPEG file with an EXIF segment of an orientation.
    static func file(_ bytes: [UInt8], orientation: UInt8) -> [UInt8] {
        let exif: [UInt8] =
            Array("Exif\0\0II*\0".utf8) + [
                8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0,
            ]
        return bytes.prefix(2) + [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif + bytes.dropFirst(2)
    }

    static let regions = [
        PixelRegion(left: 0, top: 0, width: 300, height: 200), PixelRegion(left: 517, top: 333, width: 401, height: 97),
        PixelRegion(left: 1100, top: 900, width: 407, height: 607), PixelRegion(left: 3, top: 700, width: 1, height: 1),
        PixelRegion(left: 700, top: 0, width: 64, height: 1507),
    ]

    @Test("A part at full size is what the whole picture has there, to the last bit, in every orientation")
    func parts() throws {
        let bytes = try Self.picture.jpegBytes(quality: 90)
        for orientation in UInt8(1)...8 {
            let file = Self.file(bytes, orientation: orientation)
            let whole = try RGBImage(decoding: file)
            let picture = try PictureFile(file)
            #expect(picture.width == whole.width && picture.height == whole.height)
            for region in Self.regions where whole.bounds.contains(region) {
                #expect(try picture.pixels(of: region) == whole.pixels(of: region), "\(orientation), \(region)")
            }
        }
    }

    @Test("A reduced picture is the mean over areas of the whole within a few levels, in every orientation")
    func reductions() throws {
        let bytes = try Self.picture.jpegBytes(quality: 90)
        for orientation in UInt8(1)...8 {
            let file = Self.file(bytes, orientation: orientation)
            let whole = try RGBImage(decoding: file)
            for divisor in [2, 3, 4, 7, 9, 20] {
                let picture = try PictureFile(file)
                let width = whole.width / divisor, height = whole.height / divisor
                let reduced = try picture.pixels(width: width, height: height)
                let expected = whole.pixels(of: whole.bounds, width: width, height: height)
                #expect(
                    reduced.greatestDifference(from: expected) ?? 255 <= 3, "1/\(divisor), orientation \(orientation)")
                // Around what was found, at full size, beside the reduced picture.
                #expect(try picture.pixels(of: Self.regions[1]) == whole.pixels(of: Self.regions[1]))
            }
            let region = Self.regions[2], picture = try PictureFile(file)
            guard whole.bounds.contains(region) else { continue }
            #expect(
                try picture.pixels(of: region, width: 100, height: 150).greatestDifference(
                    from: whole.pixels(of: region, width: 100, height: 150)) ?? 255 <= 3, "part, \(orientation)")
        }
    }

    @Test("What can only be read whole gives the same pixels, reduced and in parts")
    func wholeFormats() throws {
        let file = try Self.picture.pngBytes()
        let picture = try PictureFile(file)
        #expect(
            try picture.pixels(width: 500, height: 341)
                == Self.picture.pixels(of: Self.picture.bounds, width: 500, height: 341))
        for region in Self.regions { #expect(try picture.pixels(of: region) == Self.picture.pixels(of: region)) }
        #expect(try picture.grayscale() == Self.picture.grayscale())
        #expect(try picture.pixels() == Self.picture)
    }

    @Test("A small picture is enlarged as a decoded one is")
    func enlarging() throws {
        let small = HostileFileTests.picture
        #expect(
            try PictureFile(small.pngBytes()).pixels(width: 100, height: 90)
                == small.resized(width: 100, height: 90, method: .bilinear))
    }

    @Test("Reading stops where it is told to, and a file that is cut short is found out when its end is read")
    func failures() throws {
        let file = try Self.picture.jpegBytes(quality: 90)
        var stops = false
        let picture = try PictureFile(file) { stops }
        stops = true
        #expect(throws: ImagingError.stopped) { try picture.pixels(width: 100, height: 100) }
        let cut = try PictureFile(Array(file.prefix(file.count / 2)))
        #expect(throws: ImagingError.truncated(format: .jpeg)) { try cut.pixels(width: 100, height: 100) }
        #expect(throws: ImagingError.empty) { try PictureFile([]) }
        #expect(throws: ImagingError.tooManyPixels(width: 2211, height: 1507, limit: 1000)) {
            try PictureFile(file, limits: DecodingLimits(maximumPixels: 1000))
        }
    }
}
