// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Imaging
import NeuralNet
import ProgramHarness
import Recognition
import Testing

/// MobileFaceNet with YuNet, as a user imports them.
enum ImportedModel {
    static let statement = FaceModelImport.Statement(
        mean: [0.485 * 255, 0.456 * 255, 0.406 * 255], standardDeviation: [0.229 * 255, 0.224 * 255, 0.225 * 255])

    static func package(
        detector: String = "yunet_n_320_320.onnx", statement: FaceModelImport.Statement = statement
    ) throws -> ModelPackage {
        try FaceModelImport.makePackage(
            name: "mobilefacenet", license: "Apache-2.0", source: "foamliu/MobileFaceNet",
            embedding: TestEnvironment.weight("MobileFaceNet.onnx"), detector: TestEnvironment.weight(detector),
            statement: statement)
    }
}

@Suite(.enabled(if: TestEnvironment.faces != nil && TestEnvironment.weights != nil, "\(TestEnvironment.missing)"))
struct FaceModelImportTests {
    @Test func theManifestStatesWhatTheNetworkAndTheUserSay() throws {
        let manifest = try ImportedModel.package().manifest
        #expect(manifest.input.width == 112 && manifest.input.height == 112 && manifest.input.layout == .nchw)
        #expect(manifest.network.embeddingSize == 128 && manifest.network.normalize)
        #expect(manifest.alignment == .arcFace && manifest.calibration == nil)
        #expect(manifest.defaultReferenceRule == .normalizedMean)
        #expect(manifest.detector?.landmarkLayout == .eyesNoseMouth)
    }

    @Test func aStatementThatDoesNotFitTheNetworkIsRefused() throws {
        var statements: [(FaceModelImport.Statement, String)] = []
        func add(_ word: String, _ change: (inout FaceModelImport.Statement) -> Void) {
            var statement = ImportedModel.statement
            change(&statement)
            statements.append((statement, word))
        }
        add("160×160") { $0.inputSize = 160 }
        add("layout") {
            $0.channels = .gray; $0.mean = [0]; $0.standardDeviation = [1]
        }
        add("mean") { $0.mean = [1, 2] }
        add("standard_deviation") { $0.standardDeviation = [0, 0, 0] }
        add("“elsewhere”") { $0.outputName = "elsewhere" }
        add("shape") { $0.layout = .nhwc }
        for (statement, word) in statements {
            do {
                _ = try ImportedModel.package(statement: statement)
                Issue.record("the statement for “\(word)” was accepted")
            } catch let error as ModelPackageError {
                #expect(error.description.contains(word), "\(error)")
            }
        }
    }

    @Test func filesThatAreNoNetworksAreNamed() throws {
        func refusal(embedding: [UInt8], detector: [UInt8]) -> ModelPackageError? {
            do {
                _ = try FaceModelImport.makePackage(
                    name: "x", license: "MIT", source: "nowhere", embedding: embedding, detector: detector,
                    statement: ImportedModel.statement)
                return nil
            } catch { return error }
        }
        let good = try TestEnvironment.weight("MobileFaceNet.onnx")
        guard case .network("embed.onnx", _)? = refusal(embedding: [1, 2], detector: []) else {
            Issue.record("no refusal that names the embedding network")
            return
        }
        guard case .network("detect.onnx", _)? = refusal(embedding: good, detector: [1, 2]),
            case .invalidFile("detect.onnx", _)? = refusal(embedding: good, detector: good)
        else {
            Issue.record("no refusal that names the detector")
            return
        }
    }
}

@Suite(.enabled(if: TestEnvironment.faces != nil && TestEnvironment.weights != nil, "\(TestEnvironment.missing)"))
struct FacePipelineTests {
    private func distances(_ session: RecognizerSession) throws -> (genuine: Double, impostor: Double) {
        let samples = try [(3, 1), (3, 2), (8, 1)].map { try session.prepare(TestEnvironment.face($0.0, $0.1)) }
        for sample in samples {
            #expect(sample.image.width == 112 && sample.facesFound == 1 && sample.isAcceptable)
            #expect(sample.measurements.count == 8)
        }
        let embeddings = try session.embed(samples)
        for embedding in embeddings {
            #expect(abs(embedding.values.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        }
        return (
            Double(try EmbeddingPair(embeddings[0], embeddings[1]).distance),
            Double(try EmbeddingPair(embeddings[0], embeddings[2]).distance)
        )
    }

    @Test(arguments: ["yunet_n_320_320.onnx", "yunet_n_dynamic.onnx"])
    func onePersonIsNearerThanAnother(detector: String) throws {
        let session = try Recognizer(package: ImportedModel.package(detector: detector)).makeSession()
        let (genuine, impostor) = try distances(session)
        #expect(genuine < 0.8 && impostor > 1)
    }

    @Test func noFaceAndSeveralFacesAreDistinctAndTheLargestCanBeTaken() throws {
        let session = try Recognizer(package: ImportedModel.package()).makeSession()
        #expect(throws: RecognitionError.noFace) { try session.prepare(Fixtures.pattern(width: 300, height: 200)) }
        let large = try TestEnvironment.face(5, 1).resized(width: 184, height: 224, method: .bilinear)
        let small = try TestEnvironment.face(9, 1)
        var pair = RGBImage(width: 320, height: 240, repeating: RGB(red: 128, green: 120, blue: 110))
        for (image, x, y) in [(small, 4, 60), (large, 120, 10)] {
            for row in 0..<image.height {
                for column in 0..<image.width { pair[x + column, y + row] = image[column, row] }
            }
        }
        #expect(throws: RecognitionError.severalFaces(count: 2)) { try session.prepare(pair) }
        let sample = try session.prepare(pair, largest: true)
        #expect(sample.facesFound == 2)
        let face = try #require(sample.face)
        #expect(face.box.center.x > 150)
        let alone = try session.prepare(large)
        let other = try session.prepare(small)
        #expect(try EmbeddingPair(session.embed(sample), session.embed(alone)).distance < 0.7)
        #expect(try EmbeddingPair(session.embed(sample), session.embed(other)).distance > 1)
    }

    @Test func poorImagesHaveTheDefectThatIsTheirs() throws {
        let session = try Recognizer(package: ImportedModel.package()).makeSession()
        let good = try TestEnvironment.face(1, 1)
        func defects(_ image: RGBImage) throws -> [QualityDefect] { try session.prepare(image).defects }
        func has(_ image: RGBImage, _ isIt: (QualityDefect) -> Bool) throws -> Bool {
            try defects(image).contains(where: isIt)
        }
        #expect(try defects(good).isEmpty)
        func levels(_ map: (Double) -> Double) -> RGBImage {
            RGBImage(
                width: good.width, height: good.height,
                pixels: good.pixels.map {
                    let level = UInt8(min(max(map(Double($0.luma)), 0), 255))
                    return RGB(red: level, green: level, blue: level)
                })
        }
        #expect(try has(levels { $0 * 0.2 }) { if case .tooDark = $0 { true } else { false } })
        #expect(try has(levels { 110 + $0 * 0.3 }) { if case .tooUncertain = $0 { true } else { false } })
        let tiny = good.resized(width: 46, height: 56, method: .area)
        #expect(try has(tiny) { if case .tooSmall = $0 { true } else { false } })
        let soft = good.resized(width: 23, height: 28, method: .area).resized(width: 92, height: 112, method: .bilinear)
        #expect(try has(soft) { if case .tooBlurred = $0 { true } else { false } })
    }
}

/// All 400 AT&T faces through an imported model, as a user calibrates it.
@Suite(
    .enabled(
        if: TestEnvironment.faces != nil && TestEnvironment.weights != nil && TestEnvironment.isOptimized,
        "LIKENESS_SHARED names nothing that is there, or the tests are built without optimisation"))
struct ImportedModelCalibrationTests {
    /// The second takes pictures of any size, and finds the same in these.
    private static let detectors =
        ["yunet_n_320_320.onnx"] + (TestEnvironment.measuresAccuracy ? ["yunet_n_dynamic.onnx"] : [])

    @Test(arguments: detectors)
    func everyFaceIsTakenAndFewAreMistaken(detector: String) async throws {
        let identities = (1...40).map { person in
            Calibrator.Identity(
                name: "\(person)",
                images: (1...10).map { image in
                    Calibrator.Image(name: "\(person)/\(image)") { try TestEnvironment.faceBytes(person, image) }
                })
        }
        let recognizer = try Recognizer(package: ImportedModel.package(detector: detector))
        let outcome = try await Calibrator(recognizer: recognizer, decoding: .local).calibrate(
            identities, setName: "AT&T")
        #expect(outcome.failures.isEmpty, "\(outcome.failures)")
        let rates = outcome.evaluations.mapValues { $0.equalErrorRate?.rate ?? 1 }
        print("MobileFaceNet with \(detector): EER by samples \(rates), \(outcome.calibration)")
        #expect(try #require(rates[1]) < 0.02 && #require(rates[3]) < 0.01)
    }
}
