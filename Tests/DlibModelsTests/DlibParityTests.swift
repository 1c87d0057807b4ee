// SPDX-License-Identifier: Apache-2.0

import DlibModels
import Foundation
import Imaging
import NeuralNet
import ProgramHarness
import Recognition
import Testing

/// Detection, landmarks, chip and embedding against dlib itself, on all 400 images of the ORL set.
@Suite(
    .enabled(
        if: TestEnvironment.dlibModels != nil && TestEnvironment.dlibReference != nil && TestEnvironment.faces != nil,
        "LIKENESS_DLIB_MODELS, LIKENESS_DLIB_REFERENCE or LIKENESS_SHARED names nothing that is there"))
struct DlibParityTests {
    /// The largest differences found.
    struct Differences: Sendable {
        var faces = 0
        var landmark = 0.0
        var box = 0.0
        var confidence = 0.0
        var chipLevel = 0
        var chipSamples = 0
        var embedding = 0.0

        mutating func merge(_ other: Differences) {
            faces += other.faces
            landmark = max(landmark, other.landmark)
            box = max(box, other.box)
            confidence = max(confidence, other.confidence)
            chipLevel = max(chipLevel, other.chipLevel)
            chipSamples += other.chipSamples
            embedding = max(embedding, other.embedding)
        }
    }

    @Test func facesLandmarksChipsAndEmbeddingsAreThoseOfDlib() async throws {
        let models = try #require(TestEnvironment.dlibModels)
        let images = try Self.images(in: #require(TestEnvironment.faces))
        #expect(images.count == 400)
        let reference = try DlibReference.answers(
            program: #require(TestEnvironment.dlibReference), models: models, images: images,
            enlargeBelow: MMODScaling.default.enlargeBelow, named: "orl")
        try #require(reference.results.count == images.count)

        let pipeline = try Pipeline(files: DlibImport.makePackage(modelsFolder: models))
        let names = images.keys.sorted()
        let differences = try await withThrowingTaskGroup(of: Differences.self) { group in
            for worker in 0..<2 {
                group.addTask {
                    let session = try pipeline.makeSession()
                    var differences = Differences()
                    for index in stride(from: worker, to: names.count, by: 2) {
                        guard let image = images[names[index]] else { continue }
                        differences.merge(try session.compare(image, index: index, with: reference))
                    }
                    return differences
                }
            }
            return try await group.reduce(into: Differences()) { $0.merge($1) }
        }
        print("dlib parity: \(differences)")
        #expect(differences.faces == reference.results.reduce(0) { $0 + $1.faces.count })
        #expect(differences.landmark <= 0.5)
        #expect(differences.box <= 0.5)
        #expect(differences.confidence < 1e-3)
        #expect(differences.chipLevel <= 1)
        #expect(differences.embedding < 1e-3)
    }

    private static func images(in folder: String) throws -> [String: RGBImage] {
        var images: [String: RGBImage] = [:]
        for person in try FileManager.default.contentsOfDirectory(atPath: folder) where person.hasPrefix("s") {
            for file in try FileManager.default.contentsOfDirectory(atPath: folder + "/" + person)
            where file.hasSuffix(".png") {
                let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(person)/\(file)")))
                images["\(person)-\(file.dropLast(4))"] = try RGBImage(decoding: bytes)
            }
        }
        return images
    }
}

/// The parts of a package put together by hand, so that the comparison depends on nothing but them.
private struct Pipeline: Sendable {
    let detector: MMODDetector
    let aligner: DlibFaceAligner
    let embedding: ExecutionPlan
    let means: [Float]
    let divisor: Float

    init(files: DlibModelFiles) throws {
        detector = try MMODDetector(
            network: Network(onnx: files.detectONNX),
            landmarkPredictor: ShapePredictor(fileBytes: files.landmarks), parameters: files.detector)
        aligner = try DlibFaceAligner(
            scaling: files.detector.scaling, chipSize: files.chipSide, padding: files.chipPadding)
        embedding = try Network(onnx: files.embedONNX).plan(inputShapes: ["image": [1, 3, 150, 150]])
        means = files.means
        divisor = files.divisor
    }

    func makeSession() throws -> PipelineSession {
        PipelineSession(pipeline: self, locator: try detector.makeSession(), run: embedding.makeRun())
    }
}

private struct PipelineSession {
    let pipeline: Pipeline
    let locator: any FaceLocatorSession
    let run: NetworkRun

    func compare(
        _ image: RGBImage, index: Int, with reference: DlibReference
    ) throws -> DlibParityTests.Differences {
        let expected = reference.results[index]
        let faces = try locator.locate(in: image)
        try #require(faces.count == expected.faces.count, "\(expected.image)")
        // From dlib's enlarged image back to the original.
        let scaleX = Double(expected.width - 1) / Double(image.width - 1)
        let scaleY = Double(expected.height - 1) / Double(image.height - 1)
        var differences = DlibParityTests.Differences()
        for (face, dlib) in zip(faces, expected.faces) {
            differences.faces += 1
            differences.confidence = max(differences.confidence, abs(face.confidence - dlib.confidence))
            for (point, pair) in zip(face.landmarks, dlib.landmarks) {
                differences.landmark = max(
                    differences.landmark, abs(point.x * scaleX - Double(pair[0])),
                    abs(point.y * scaleY - Double(pair[1])))
            }
            differences.box = max(
                differences.box, abs((face.box.left * scaleX + 0.5) - Double(dlib.rect[0])),
                abs((face.box.top * scaleY + 0.5) - Double(dlib.rect[1])))

            let chip = try pipeline.aligner.chip(of: face, in: image)
            let theirs = try reference.chip(dlib, of: index)
            try #require(chip.width == theirs.width && chip.height == theirs.height)
            for (a, b) in zip(chip.pixels, theirs.pixels) where a != b {
                differences.chipSamples += 1
                differences.chipLevel = max(
                    differences.chipLevel, abs(Int(a.red) - Int(b.red)), abs(Int(a.green) - Int(b.green)),
                    abs(Int(a.blue) - Int(b.blue)))
            }
            differences.embedding = max(differences.embedding, try distance(of: chip, to: dlib.embedding))
        }
        return differences
    }

    private func distance(of chip: RGBImage, to embedding: [Float]) throws -> Double {
        var input: [Float] = []
        input.reserveCapacity(3 * chip.pixels.count)
        for (channel, path) in [\RGB.red, \RGB.green, \RGB.blue].enumerated() {
            input += chip.pixels.map { (Float($0[keyPath: path]) - pipeline.means[channel]) / pipeline.divisor }
        }
        try run.setInput("image", input)
        try run.execute()
        let values = try run.output("embedding").values
        try #require(values.count == embedding.count)
        return zip(values, embedding).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }.squareRoot()
    }
}
