// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import Recognition
import Testing

@Suite struct MMODParametersTests {
    private func parameters(
        window: Int = 80, means: [Float] = [122.782, 117.001, 104.298], divisor: Float = 256, padding: Int = 10,
        stride: Int = 8, offset: Int = 14, union: Double = 0.34, confidence: Double = 0
    ) throws(InvalidMMODParameters) -> MMODParameters {
        try MMODParameters(
            windowWidth: window, windowHeight: window, means: means, divisor: divisor, pyramidPadding: padding,
            pyramidOuterPadding: 11, outputStride: stride, outputOffset: offset, overlapUnion: union,
            overlapCovered: 1, minimumConfidence: confidence, scaling: .default)
    }

    @Test func surviveTheManifest() throws {
        let parameters = try parameters()
        let text = try JSONEncoder().encode(parameters)
        #expect(try JSONDecoder().decode(MMODParameters.self, from: text) == parameters)
        let table = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
        #expect(Set(table.keys) == Set(MMODParameters.CodingKeys.allCases.map(\.rawValue)))
    }

    @Test func valuesThatCannotWorkAreRefused() throws {
        #expect(throws: InvalidMMODParameters.self) { try parameters(window: 0) }
        #expect(throws: InvalidMMODParameters.self) { try parameters(means: [1, 2]) }
        #expect(throws: InvalidMMODParameters.self) { try parameters(means: [1, 2, .nan]) }
        #expect(throws: InvalidMMODParameters.self) { try parameters(divisor: 0) }
        #expect(throws: InvalidMMODParameters.self) { try parameters(padding: -1) }
        #expect(throws: InvalidMMODParameters.self) { try parameters(stride: 0) }
        #expect(throws: InvalidMMODParameters.self) { try parameters(offset: -1) }
        #expect(throws: InvalidMMODParameters.self) { try parameters(union: 1.1) }
        #expect(throws: InvalidMMODParameters.self) { try parameters(confidence: .infinity) }
        #expect(throws: InvalidMMODParameters.self) { try MMODScaling(enlargeBelow: 5000, maximumSide: 800) }
        #expect(throws: InvalidMMODParameters.self) { try MMODScaling(enlargeBelow: 0, maximumSide: 10) }
        #expect(throws: InvalidMMODParameters.self) { try DlibFaceAligner(chipSize: 1) }
        #expect(throws: InvalidMMODParameters.self) { try DlibFaceAligner(padding: -0.1) }
    }

    @Test func chipsOfSmallImagesAreCutFromTheEnlargedImage() throws {
        let image = noise(width: 92, height: 112, seed: 6)
        // Somewhere in the image, as landmarks of the enlarged image in its original's coordinates.
        let large = DlibResampling.enlarged(image)
        let landmarks = FaceChipTests.mean.map { Point(x: $0.x + 11, y: $0.y + 33) }
        let face = DetectedFace(
            box: Rectangle(left: 0, top: 0, width: 92, height: 92),
            landmarks: landmarks.map {
                Point(x: $0.x * 91 / Double(large.width - 1), y: $0.y * 111 / Double(large.height - 1))
            },
            landmarkLayout: .eyeCornersNose, confidence: 1)
        let expected = try #require(FaceChip(landmarks: landmarks, size: 150, padding: 0.25)).cut(from: large)
        let chip = try DlibFaceAligner().chip(of: face, in: image)
        for (a, b) in zip(chip.pixels, expected.pixels) {
            #expect(abs(Int(a.red) - Int(b.red)) <= 1)
        }
        let plain = try DlibFaceAligner(scaling: MMODScaling(enlargeBelow: 0, maximumSide: 800)).chip(
            of: face, in: image)
        #expect(plain.pixels != expected.pixels)
    }

    @Test func landmarksOfAnotherLayoutAndUselessOnesAreRefused() throws {
        let image = noise(width: 500, height: 500, seed: 7)
        func face(_ landmarks: [Point], _ layout: LandmarkLayout) -> DetectedFace {
            DetectedFace(
                box: Rectangle(left: 0, top: 0, width: 9, height: 9), landmarks: landmarks, landmarkLayout: layout,
                confidence: 1)
        }
        let aligner = try DlibFaceAligner()
        #expect(throws: RecognitionError.self) {
            try aligner.chip(of: face(FaceChipTests.mean, .eyesNoseMouth), in: image)
        }
        #expect(throws: RecognitionError.self) {
            try aligner.chip(of: face(Array(repeating: Point(x: 3, y: 3), count: 5), .eyeCornersNose), in: image)
        }
    }
}
