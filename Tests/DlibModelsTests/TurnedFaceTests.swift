// SPDX-License-Identifier: Apache-2.0

import Biometrics
import DlibModels
import Foundation
import Imaging
import ProgramHarness
import Recognition
import Testing

/// Faces as cameras see them: on their side, upside down, small in a large picture, beside others.
@Suite(
    .enabled(
        if: TestEnvironment.dlibModels != nil && TestEnvironment.faces != nil && TestEnvironment.weights != nil
            && TestEnvironment.isOptimized,
        "LIKENESS_DLIB_MODELS or LIKENESS_SHARED names nothing that is there, or the tests are built without optimisation"
    ))
struct TurnedFaceTests {
    enum Model: CaseIterable, Sendable {
        case dlib
        case mobileFaceNet
    }

    private static let dlib = Result {
        try Recognizer(
            package: DlibImport.makePackage(modelsFolder: TestEnvironment.dlibModels ?? "").modelPackage())
    }

    private static let mobileFaceNet = Result {
        func weight(_ name: String) throws -> [UInt8] {
            Array(try Data(contentsOf: URL(fileURLWithPath: "\(TestEnvironment.weights ?? "")/\(name)")))
        }
        return try Recognizer(
            package: FaceModelImport.makePackage(
                name: "mobilefacenet", license: "Apache-2.0", source: "foamliu/MobileFaceNet",
                embedding: weight("MobileFaceNet.onnx"), detector: weight("yunet_n_dynamic.onnx"),
                statement: FaceModelImport.Statement(
                    mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
                    standardDeviation: [0.229 * 255, 0.224 * 255, 0.225 * 255])))
    }

    private func session(_ model: Model) throws -> RecognizerSession {
        switch model {
        case .dlib: try Self.dlib.get().makeSession()
        case .mobileFaceNet: try Self.mobileFaceNet.get().makeSession()
        }
    }

    private func face(_ person: Int, width: Int) throws -> RGBImage {
        try RGBImage(decoding: OrlFaces.bytes(person: person, image: 1)).resized(
            width: width, height: width * 112 / 92, method: .bilinear)
    }

    /// A picture turned clockwise about its middle, on grey.
    private func turned(_ image: RGBImage, by degrees: Double) -> RGBImage {
        let side = Int(1.4 * Double(max(image.width, image.height)))
        return image.warped(
            by: Imaging.AffineTransform(
                turnedBy: -degrees, from: Point(x: Double(side - 1) / 2, y: Double(side - 1) / 2),
                to: Point(x: Double(image.width - 1) / 2, y: Double(image.height - 1) / 2)),
            width: side, height: side, fill: RGB(red: 128, green: 128, blue: 128))
    }

    /// A large picture of a pattern with faces in it.
    private func scene(width: Int, height: Int, _ faces: [(face: RGBImage, x: Int, y: Int)]) -> RGBImage {
        var scene = RGBImage(width: width, height: height, repeating: RGB(red: 90, green: 110, blue: 130))
        for y in 0..<height {
            for x in 0..<width where (x / 97 + y / 61) % 3 == 0 {
                scene[x, y] = RGB(red: UInt8(x % 160 + 40), green: UInt8(y % 150 + 50), blue: 120)
            }
        }
        for (face, left, top) in faces {
            for y in 0..<face.height {
                for x in 0..<face.width { scene[left + x, top + y] = face[x, y] }
            }
        }
        return scene
    }

    private func distance(_ first: Embedding, _ second: Embedding) throws -> Double {
        Double(try EmbeddingPair(first, second).distance)
    }

    @Test(arguments: Model.allCases) func `a face is the same however the picture is turned`(model: Model) throws {
        let session = try session(model)
        for person in [2, 9, 17, 28] {
            let upright = try face(person, width: 184)
            let reference = try session.embed(session.prepare(upright))
            for degrees in stride(from: 0.0, to: 360, by: 45) {
                let sample = try session.prepare(turned(upright, by: degrees))
                let roll = try #require(sample.face?.geometry?.roll)
                let off = (roll - degrees + 540).truncatingRemainder(dividingBy: 360) - 180
                #expect(abs(off) < 15, "person \(person) turned by \(degrees) seen at \(roll)")
                let found = try distance(session.embed(sample), reference)
                #expect(found < (model == .dlib ? 0.3 : 0.9), "person \(person) turned by \(degrees): \(found)")
            }
        }
    }

    @Test(arguments: [(4000, 3000, 100), (6000, 4000, 140), (4000, 3000, 400)])
    func `a small face in a large picture is found`(width: Int, height: Int, size: Int) throws {
        let session = try session(.dlib)
        let face = try face(5, width: size * 92 / 80)
        let picture = scene(width: width, height: height, [(face, width * 2 / 3, height / 4)])
        let sample = try session.prepare(picture)
        let box = try #require(sample.face?.box)
        #expect(abs(box.center.x - Double(width * 2 / 3 + face.width / 2)) < Double(size) / 4)
        #expect(abs(box.center.y - Double(height / 4 + face.height / 2)) < Double(size) / 2)
        let found = try distance(session.embed(sample), session.embed(session.prepare(face)))
        #expect(found < 0.35)
    }

    @Test(arguments: Model.allCases)
    func `of a picture of many tilted faces the largest are made ready, and the others counted`(_ model: Model) throws {
        let columns = 8, side = 130
        let faces = try (0..<40).map { number in
            // Each fourth is larger.
            (
                turned(try face(number % 40 + 1, width: number % 4 == 0 ? 92 : 80), by: number % 2 == 0 ? 30 : -30),
                number % columns * side, number / columns * side
            )
        }
        let picture = scene(width: columns * side + 40, height: 5 * side + 40, faces)
        let found = try session(model).prepareAll(picture)
        #expect(found.found > PreparedFaces.limit && found.faces.count == PreparedFaces.limit)
        #expect(found.counted == found.found)
        #expect(found.refusal == .severalFaces(count: found.counted))
        let rolls = found.faces.compactMap { try? $0.sample.get() }.compactMap { sample in
            sample.measurements.first { $0.quantity == .headRoll }?.value
        }
        #expect(rolls.count { abs(abs($0) - 30) < 15 } > 25, "\(rolls)")
        var asked = 0
        #expect(throws: RecognitionError.imageRejected(.stopped)) {
            try session(model).prepareAll(picture) {
                asked += 1
                return asked > 3
            }
        }
    }

    @Test func `another face counts from a third of the largest one's size`() throws {
        let session = try session(.dlib)
        let large = try face(5, width: 400)
        for (width, counts) in [(300, true), (180, true), (92, false)] {
            let other = try face(11, width: width)
            let picture = scene(width: 1600, height: 1000, [(large, 150, 200), (other, 1000, 300)])
            if counts {
                #expect(throws: RecognitionError.severalFaces(count: 2)) { try session.prepare(picture) }
            } else {
                #expect(try session.prepare(picture).facesFound == 1)
            }
            let largest = try session.prepare(picture, largest: true)
            #expect(try #require(largest.face).box.center.x < 700)
        }
    }
}
