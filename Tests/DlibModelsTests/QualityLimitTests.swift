// SPDX-License-Identifier: Apache-2.0

import Biometrics
import DlibModels
import Foundation
import Imaging
import ProgramHarness
import Recognition
import Testing

/// The limits on the images that they were chosen on, and on copies spoiled in one way each.
@Suite(
    .enabled(
        if: TestEnvironment.dlibModels != nil && TestEnvironment.faces != nil && TestEnvironment.isOptimized,
        "LIKENESS_DLIB_MODELS or LIKENESS_SHARED names nothing that is there, or the tests are built without optimisation"
    ))
struct QualityLimitTests {
    /// How many of 80 images (two of each person) are refused after a change, by quality or because no face is found.
    private func refused(_ change: (RGBImage) -> RGBImage) throws -> Int {
        let session = try Recognizer(
            package: DlibImport.makePackage(modelsFolder: TestEnvironment.dlibModels ?? "").modelPackage()
        ).makeSession()
        var count = 0
        for person in 1...40 {
            for image in [1, 6] {
                let original = try RGBImage(decoding: OrlFaces.bytes(person: person, image: image))
                if !(try isTaken(change(original), by: session)) { count += 1 }
            }
        }
        return count
    }

    private func isTaken(_ image: RGBImage, by session: RecognizerSession) throws -> Bool {
        do {
            let sample = try session.prepare(image, largest: true)
            return sample.isAcceptable
        } catch {
            guard error == .noFace else { throw error }
            return false
        }
    }

    @Test func originalsAreTaken() throws {
        #expect(try refused { $0 } == 0)
    }

    /// Those on either side of a limit; the others, further from it or between, where accuracy is measured.
    private static func cases<Value>(_ near: [Value], others: [Value]) -> [Value] {
        near + (TestEnvironment.measuresAccuracy ? others : [])
    }

    @Test(arguments: cases([(1.0, 0...2), (3.0, 78...80)], others: [(0.7, 0...0), (2.0, 52...74), (4.0, 80...80)]))
    func strongBlurIsRefused(deviation: Double, range: ClosedRange<Int>) throws {
        let count = try refused { $0.blurred(deviation: deviation) }
        print("blur of \(deviation) pixels: \(count) of 80 refused")
        #expect(range.contains(count))
    }

    @Test(arguments: cases([(0.5, 0...0), (0.2, 80...80)], others: [(0.1, 80...80), (1.5, 0...8)]))
    func darknessIsRefused(light: Double, range: ClosedRange<Int>) throws {
        let count = try refused { image in image.mappingLevels { $0 * light } }
        print("\(light) of the light: \(count) of 80 refused")
        #expect(range.contains(count))
    }

    @Test(arguments: [(0.5, 0...0), (0.15, 80...80)])
    func flatImagesAreRefused(contrast: Double, range: ClosedRange<Int>) throws {
        let count = try refused { image in image.mappingLevels { 115 + ($0 - 115) * contrast } }
        print("\(contrast) of the contrast: \(count) of 80 refused")
        #expect(range.contains(count))
    }

    @Test func halfTheSizeIsRefused() throws {
        let count = try refused { $0.resized(width: $0.width / 2, height: $0.height / 2, method: .area) }
        print("half the size: \(count) of 80 refused")
        #expect(count == 80)
    }
}

extension Image where Pixel == RGB {
    func mappingLevels(_ map: (Double) -> Double) -> RGBImage {
        func level(_ value: UInt8) -> UInt8 { UInt8(Swift.min(Swift.max(map(Double(value)).rounded(), 0), 255)) }
        return RGBImage(
            width: width, height: height,
            pixels: pixels.map {
                RGB(red: level($0.red), green: level($0.green), blue: level($0.blue))
            })
    }

    /// A Gaussian of a standard deviation in pixels; the edge is repeated. For grey images.
    func blurred(deviation: Double) -> RGBImage {
        let radius = Int((3 * deviation).rounded(.up))
        let weights = (-radius...radius).map { exp(-Double($0 * $0) / (2 * deviation * deviation)) }
        let sum = weights.reduce(0, +)
        func pass(_ values: [Double], step: Int, along length: Int, position: (Int) -> Int) -> [Double] {
            values.indices.map { index in
                let place = position(index)
                return weights.indices.reduce(0.0) { total, tap in
                    let neighbor = Swift.min(Swift.max(place + tap - radius, 0), length - 1)
                    return total + weights[tap] / sum * values[index + (neighbor - place) * step]
                }
            }
        }
        let across = pass(pixels.map { Double($0.luma) }, step: 1, along: width) { $0 % width }
        let down = pass(across, step: width, along: height) { $0 / width }
        return RGBImage(
            width: width, height: height,
            pixels: down.map {
                let level = UInt8(Swift.min(Swift.max($0.rounded(), 0), 255))
                return RGB(red: level, green: level, blue: level)
            })
    }
}
