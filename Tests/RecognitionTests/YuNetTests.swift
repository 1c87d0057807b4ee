// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import NeuralNet
import ProgramHarness
import Recognition
import Testing

@Suite(
    .enabled(
        if: TestEnvironment.python != nil && TestEnvironment.faces != nil && TestEnvironment.weights != nil,
        "\(TestEnvironment.missing)"))
struct YuNetTests {
    private struct Face: Decodable {
        let box: [Double]
        let landmarks: [[Double]]
        let confidence: Double
    }

    /// Images on canvases that neither side resizes: single faces, and two side by side in different sizes.
    private func images() throws -> [RGBImage] {
        var images = try [1, 7, 14, 23, 40].map {
            try TestEnvironment.face($0, 3).resized(width: 184, height: 224, method: .bilinear)
        }
        let left = try TestEnvironment.face(5, 1).resized(width: 150, height: 183, method: .bilinear)
        let right = try TestEnvironment.face(9, 1)
        var pair = RGBImage(width: 300, height: 200, repeating: RGB(red: 128, green: 120, blue: 110))
        for (image, x, y) in [(left, 0, 10), (right, 190, 60)] {
            for row in 0..<image.height {
                for column in 0..<image.width { pair[x + column, y + row] = image[column, row] }
            }
        }
        images.append(pair)
        return images
    }

    @Test(arguments: [("yunet_n_320_320.onnx", 320, 320), ("yunet_n_dynamic.onnx", 192, 224)])
    func facesAreThoseThatNumPyReadsFromONNXRuntime(file: String, width: Int, height: Int) throws {
        let folder = try TemporaryFolder()
        var images = try images()
        // A canvas of any size is the image's own, rounded up.
        if width < 300 { images.removeLast() }
        var paths: [String] = []
        for (index, image) in images.enumerated() {
            paths.append("\(folder.path)/\(index).png")
            try Data(image.pngBytes()).write(to: URL(fileURLWithPath: paths[index]))
        }
        let weights = try #require(TestEnvironment.weights)
        let result = try PythonReference.run(
            "yunet_reference.py", ["\(weights)/\(file)", "\(width)", "\(height)", "0.3", "0.3"] + paths)
        let expected = try JSONDecoder().decode([[Face]].self, from: Data(result.output.utf8))

        let detector = try YuNetDetector(
            network: Network(onnx: TestEnvironment.weight(file)),
            parameters: YuNetParameters(
                minimumConfidence: 0.3, overlapUnion: 0.3, scale: DetectionScale(maximumSide: 320, enlargeBelow: 0)))
        let session = try detector.makeSession()
        for (image, faces) in zip(images, expected) {
            let found = try session.locate(in: image)
            try #require(found.count == faces.count && !faces.isEmpty)
            for (face, theirs) in zip(found, faces) {
                #expect(abs(face.confidence - theirs.confidence) < 1e-4)
                let box = [face.box.left, face.box.top, face.box.width, face.box.height]
                for (a, b) in zip(box, theirs.box) { #expect(abs(a - b) < 0.01) }
                for (point, pair) in zip(face.landmarks, theirs.landmarks) {
                    #expect(abs(point.x - pair[0]) < 0.01 && abs(point.y - pair[1]) < 0.01)
                }
                #expect(face.landmarkLayout == .eyesNoseMouth)
                // The eyes lie above the mouth, and left is the image's left.
                #expect(face.landmarks[0].x < face.landmarks[1].x && face.landmarks[3].x < face.landmarks[4].x)
                #expect(face.landmarks[0].y < face.landmarks[3].y)
            }
        }
        if width == 320 { #expect(expected[5].count == 2) }
    }

    @Test func answersAreInPixelsOfTheImageAtAnySize() throws {
        let detector = try YuNetDetector(
            network: Network(onnx: TestEnvironment.weight("yunet_n_dynamic.onnx")),
            parameters: FaceModelImport.defaultDetection)
        let session = try detector.makeSession()
        let small = try TestEnvironment.face(11, 2)
        let plain = try #require(try session.locate(in: small).first)
        for factor in [2, 5, 11] {
            let large = small.resized(width: 92 * factor, height: 112 * factor, method: .bilinear)
            let face = try #require(try session.locate(in: large).first)
            let scale = Double(factor)
            // Each landmark moves a little with the size that the network sees; all of them together do not.
            var shift = Point(x: 0, y: 0)
            for (a, b) in zip(face.landmarks, plain.landmarks) {
                let x = (a.x + 0.5) / scale - (b.x + 0.5), y = (a.y + 0.5) / scale - (b.y + 0.5)
                #expect(abs(x) < 6 && abs(y) < 6)
                shift.x += x / 5
                shift.y += y / 5
            }
            #expect(abs(shift.x) < 3 && abs(shift.y) < 3)
            #expect(abs(face.size / scale - plain.size) < 6)
        }
        for (width, height) in [(1, 1), (1, 4000), (4000, 1), (33, 7)] {
            #expect(throws: Never.self) { try session.locate(in: Fixtures.pattern(width: width, height: height)) }
        }
    }

    @Test func networksThatAreNoYuNetAreRefused() throws {
        for (file, word) in [("MobileFaceNet.onnx", "lacks the outputs")] {
            do {
                _ = try YuNetDetector(
                    network: Network(onnx: TestEnvironment.weight(file)), parameters: FaceModelImport.defaultDetection)
                Issue.record("\(file) was taken for a detector")
            } catch let error as InvalidDetectorNetwork {
                #expect(error.reason.contains(word))
            }
        }
    }
}
