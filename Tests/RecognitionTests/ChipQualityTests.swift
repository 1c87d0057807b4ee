// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Imaging
import Recognition
import Testing

@Suite struct ChipQualityTests {
    /// Discs and stripes with edges: something to blur.
    private func scene(side: Int, gain: Double = 1, offset: Double = 0) -> RGBImage {
        RGBImage(
            width: side, height: side,
            pixels: (0..<side * side).map { index in
                let x = Double(index % side) / Double(side), y = Double(index / side) / Double(side)
                let ring = sin(40 * ((x - 0.5) * (x - 0.5) + (y - 0.5) * (y - 0.5)).squareRoot()) > 0 ? 180.0 : 70
                let level = UInt8(min(max((ring + 20 * sin(90 * x)) * gain + offset, 0), 255))
                return RGB(red: level, green: level, blue: level)
            })
    }

    private func blurred(_ image: RGBImage, times: Int) -> RGBImage {
        var image = image
        for _ in 0..<times {
            let old = image
            for y in 0..<image.height {
                for x in 0..<image.width {
                    var sum = 0
                    for dy in -1...1 {
                        for dx in -1...1 {
                            sum += Int(old[min(max(x + dx, 0), old.width - 1), min(max(y + dy, 0), old.height - 1)].red)
                        }
                    }
                    let level = UInt8(sum / 9)
                    image[x, y] = RGB(red: level, green: level, blue: level)
                }
            }
        }
        return image
    }

    @Test func anEvenChipHasItsLevelAndNothingElse() {
        let quality = ChipQuality(of: RGBImage(width: 150, height: 150, repeating: RGB(red: 90, green: 90, blue: 90)))
        #expect(
            quality == ChipQuality(of: RGBImage(width: 112, height: 112, repeating: RGB(red: 90, green: 90, blue: 90))))
        #expect(quality.brightness == 90 && quality.contrast == 0 && quality.sharpness == 0)
    }

    @Test func brightnessAndContrastAreMeanAndDeviationOfTheMiddle() {
        // The left half 40, the right half 200; a white frame that does not count.
        var chip = RGBImage(width: 160, height: 160, repeating: RGB(red: 255, green: 255, blue: 255))
        for y in 32..<128 {
            for x in 32..<128 {
                let level: UInt8 = x < 80 ? 40 : 200
                chip[x, y] = RGB(red: level, green: level, blue: level)
            }
        }
        let quality = ChipQuality(of: chip)
        #expect(abs(quality.brightness - 120) < 1e-9)
        #expect(abs(quality.contrast - 80) < 1e-9)
    }

    @Test func noiseAndCheckerboardsLoseMostAndRampsNothing() {
        let ramp = RGBImage(
            width: 320, height: 320,
            pixels: (0..<320 * 320).map { index in
                let level = UInt8(index % 320 * 255 / 320)
                return RGB(red: level, green: level, blue: level)
            })
        #expect(ChipQuality(of: ramp).sharpness < 1)
        // At 64×64 in the middle every pixel differs from its neighbours.
        let checks = RGBImage(
            width: 320, height: 320,
            pixels: (0..<320 * 320).map { index in
                let level: UInt8 = (index % 320 / 3 + index / 320 / 3) % 2 == 0 ? 0 : 255
                return RGB(red: level, green: level, blue: level)
            })
        #expect(ChipQuality(of: checks).sharpness > 85)
    }

    @Test func blurLowersSharpnessStepByStep() {
        let chip = scene(side: 150)
        let values = [0, 1, 3, 8, 20].map { ChipQuality(of: blurred(chip, times: $0)).sharpness }
        for (sharper, softer) in zip(values, values.dropFirst()) { #expect(softer < sharper) }
    }

    @Test func sharpnessDependsOnNeitherLightNorContrast() {
        let plain = ChipQuality(of: scene(side: 150)).sharpness
        for (gain, offset) in [(0.5, 0.0), (0.5, 100), (0.25, 10)] {
            let other = ChipQuality(of: scene(side: 150, gain: gain, offset: offset))
            #expect(abs(other.sharpness - plain) < 0.1 * plain)
        }
    }

    @Test func theResolutionOfTheChipMattersLittle() {
        let values = [112, 150, 224, 448].map { ChipQuality(of: scene(side: $0)).sharpness }
        for value in values { #expect(abs(value - values[3]) < 0.25 * values[3]) }
    }

    @Test func measurementsBecomeDefectsWithValueAndLimit() {
        let measurement = QualityMeasurement(.sharpness, 5, minimum: 7)
        #expect(QualityDefect(measurement) == .tooBlurred(measured: 5, limit: 7))
        #expect(
            QualityDefect(QualityMeasurement(.brightness, 240, minimum: 35, maximum: 235))
                == .tooBright(measured: 240, limit: 235))
        #expect(
            QualityDefect(QualityMeasurement(.brightness, 20, minimum: 35, maximum: 235))
                == .tooDark(measured: 20, limit: 35))
        #expect(QualityDefect(QualityMeasurement(.contrast, 9, minimum: 8)) == nil)
        let sample = PreparedSample(
            image: scene(side: 10),
            measurements: [
                measurement, QualityMeasurement(.faceSize, 30, minimum: 48),
                QualityMeasurement(.contrast, 50, minimum: 8),
            ])
        #expect(!sample.isAcceptable)
        #expect(sample.defects == [.tooBlurred(measured: 5, limit: 7), .tooSmall(measured: 30, limit: 48)])
        #expect(sample.defects.allSatisfy { $0.description.contains(";") })
    }
}
