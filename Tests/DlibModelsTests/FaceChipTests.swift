// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import Recognition
import Testing

@Suite struct FaceChipTests {
    /// Where dlib's mean face has its landmarks in a chip of 150 pixels with padding 0.25.
    static let mean = [
        (0.8595674595992, 0.2134981538014), (0.6460604764104, 0.2289674387677), (0.1205750620789, 0.2137274526848),
        (0.3340850613712, 0.2290642403242), (0.4901123135679, 0.6277975316475),
    ].map { Point(x: (0.25 + $0.0) / 1.5 * 150, y: (0.25 + $0.1) / 1.5 * 150) }

    @Test func aFaceAlreadyInPlaceIsCutOutUnchanged() throws {
        let image = noise(width: 300, height: 280, seed: 5)
        let chip = try #require(
            FaceChip(
                landmarks: Self.mean.map { Point(x: $0.x + 40, y: $0.y + 30) }, size: 150, padding: 0.25))
        #expect(abs(chip.angle) < 1e-9)
        #expect(abs(chip.side - 150) < 1e-9)
        let cut = try chip.cut(from: image)
        var largest = 0
        for y in 0..<150 {
            for x in 0..<150 {
                // The centre (75, 75) of the chip lies half a pixel beyond the middle of its pixels.
                let expected = ResamplingTests.bilinear(image, x: Double(x) + 40.5, y: Double(y) + 30.5)
                largest = max(largest, abs(Int(cut.pixels[y * 150 + x].green) - Int(expected)))
            }
        }
        #expect(largest <= 1)
    }

    @Test(arguments: [0.0, 0.4, -1.2, .pi], [0.5, 1.0, 2.5, 7.0])
    func turnAndScaleOfTheFaceAreFound(angle: Double, scale: Double) throws {
        let turned = Self.mean.map { point in
            Point(
                x: scale * (cos(angle) * point.x - sin(angle) * point.y) + 500,
                y: scale * (sin(angle) * point.x + cos(angle) * point.y) + 400)
        }
        let chip = try #require(FaceChip(landmarks: turned, size: 150, padding: 0.25))
        #expect(abs(chip.side - 150 * scale) < 1e-6)
        #expect(abs(sin(chip.angle) - sin(angle)) < 1e-9 && abs(cos(chip.angle) - cos(angle)) < 1e-9)
    }

    @Test(arguments: [1.0, 2.0, 4.0, 9.0])
    func aSmoothImageKeepsItsColorsAtEveryScale(scale: Double) throws {
        let size = 1500
        let image = RGBImage(
            width: size, height: size,
            pixels: (0..<size * size).map { index in
                RGB(red: UInt8(index % size * 255 / size), green: UInt8(index / size * 255 / size), blue: 77)
            })
        let landmarks = Self.mean.map { Point(x: scale * $0.x + 20, y: scale * $0.y + 60) }
        let cut = try #require(FaceChip(landmarks: landmarks, size: 150, padding: 0.25)).cut(from: image)
        for (x, y) in [(20, 20), (75, 75), (130, 40)] {
            let pixel = cut.pixels[y * 150 + x]
            #expect(abs(Double(pixel.red) - (scale * Double(x) + 20) * 255 / 1500) < 3)
            #expect(abs(Double(pixel.green) - (scale * Double(y) + 60) * 255 / 1500) < 3)
            #expect((75...77).contains(pixel.blue))
        }
    }

    @Test func whatLiesOutsideTheImageIsBlack() throws {
        let image = RGBImage(width: 60, height: 60, repeating: RGB(red: 255, green: 255, blue: 255))
        let black = RGB(red: 0, green: 0, blue: 0)
        let corner = try #require(FaceChip(landmarks: Self.mean, size: 150, padding: 0.25)).cut(from: image)
        #expect(corner.pixels[10 * 150 + 10].red >= 254)
        #expect(corner.pixels[140 * 150 + 140] == black)
        let far = Self.mean.map { Point(x: $0.x + 1e5, y: $0.y - 1e5) }
        let nothing = try #require(FaceChip(landmarks: far, size: 150, padding: 0.25)).cut(from: image)
        #expect(nothing.pixels.allSatisfy { $0 == black })
    }

    @Test func landmarksInOnePlaceDetermineNoChip() {
        let position = Point(x: 30, y: 30)
        #expect(FaceChip(landmarks: Array(repeating: position, count: 5), size: 150, padding: 0.25) == nil)
        #expect(FaceChip(landmarks: Array(repeating: Point(x: .nan, y: 0), count: 5), size: 150, padding: 0.25) == nil)
        #expect(FaceChip(landmarks: [position], size: 150, padding: 0.25) == nil)
        #expect(
            FaceChip(landmarks: Self.mean.map { Point(x: $0.x * 1e12, y: $0.y * 1e12) }, size: 150, padding: 0.25)
                == nil)
    }
}
