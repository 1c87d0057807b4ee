// SPDX-License-Identifier: Apache-2.0

import Biometrics
import DlibModels
import Foundation
import Imaging
import ProgramHarness
import Recognition
import Testing

/// dlib's networks as a package, from the photograph to the embedding.
@Suite(
    .enabled(
        if: TestEnvironment.dlibModels != nil && TestEnvironment.faces != nil,
        "LIKENESS_DLIB_MODELS or LIKENESS_SHARED names nothing that is there"))
struct DlibPackageTests {
    private static let package = Result {
        try DlibImport.makePackage(modelsFolder: TestEnvironment.dlibModels ?? "").modelPackage()
    }

    private func face(_ person: Int, _ image: Int) throws -> RGBImage {
        try RGBImage(decoding: OrlFaces.bytes(person: person, image: image))
    }

    @Test func survivesTheFolderAndTheTar() throws {
        let package = try Self.package.get()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dlib-package-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try package.write(toFolder: folder + "/folder")
        try Data(package.tarBytes()).write(to: URL(fileURLWithPath: folder + "/model.tar"))
        for path in [folder + "/folder", folder + "/model.tar"] {
            let loaded = try ModelPackage.load(from: path)
            #expect(loaded.digest == package.digest && loaded.manifest == package.manifest)
        }
    }

    @Test func onePersonIsNearerThanAnother() throws {
        let session = try Recognizer(package: Self.package.get()).makeSession()
        let samples = try [(3, 1), (3, 2), (8, 1)].map { try session.prepare(face($0.0, $0.1)) }
        #expect(samples.allSatisfy { $0.isAcceptable && $0.image.width == 150 && $0.facesFound == 1 })
        let embeddings = try session.embed(samples)
        #expect(try EmbeddingPair(embeddings[0], embeddings[1]).distance < 0.5)
        #expect(try EmbeddingPair(embeddings[0], embeddings[2]).distance > 0.6)
    }

    @Test func noFaceIsATypedOutcome() throws {
        let session = try Recognizer(package: Self.package.get()).makeSession()
        #expect(throws: RecognitionError.noFace) { try session.prepare(noise(width: 200, height: 150, seed: 9)) }
    }

    @Test func otherContentsAndOtherScalingCarryNoCalibration() throws {
        let models = try #require(TestEnvironment.dlibModels)
        let scaled = try DlibImport.makePackage(
            modelsFolder: models, scaling: MMODScaling(enlargeBelow: 300, maximumSide: 800))
        #expect(try scaled.modelPackage().manifest.calibration == nil)
        let published = try #require(try Self.package.get().manifest.calibration)
        #expect(published.set.contains("AT&T"))
        #expect(published.operatingPoints.map(\.falseMatchRate) == Calibration.standardRates)
    }

    /// Minutes without optimisation, so only where the tests are built with it.
    @Test(.enabled(if: TestEnvironment.isOptimized, "the tests are built without optimisation"))
    func theShippedCalibrationIsWhatTheCalibratorMeasures() async throws {
        let package = try Self.package.get()
        let outcome = try await Calibrator(recognizer: Recognizer(package: package)).calibrate(
            OrlFaces.identities(), setName: DlibCalibration.faces)
        print("dlib on AT&T: \(outcome.calibration)")
        for (count, evaluation) in outcome.evaluations.sorted(by: { $0.key < $1.key }) {
            print(
                "\(count) samples: EER \(evaluation.equalErrorRate?.rate ?? .nan), "
                    + Calibration.standardRates.map {
                        "threshold at \($0): \(evaluation.threshold(falseMatchRate: $0))"
                    }.joined(separator: ", "))
        }
        #expect(outcome.failures.isEmpty)
        let shipped = try #require(package.manifest.calibration)
        #expect(shipped.set == outcome.calibration.set)
        #expect(abs(shipped.a / outcome.calibration.a - 1) < 1e-4)
        #expect(abs(shipped.d0 - outcome.calibration.d0) < 1e-5)
        #expect(shipped.genuineCount == outcome.calibration.genuineCount)
        #expect(shipped.impostorCount == outcome.calibration.impostorCount)
        for (ours, measured) in zip(shipped.operatingPoints, outcome.calibration.operatingPoints) {
            #expect(ours.threshold <= measured.threshold && measured.threshold - ours.threshold < 2e-6)
            #expect(abs(ours.upperBound - measured.upperBound) < 1e-6)
        }
        #expect(try #require(outcome.evaluations[3]?.equalErrorRate).rate <= 0.01)
    }
}

/// The AT&T (ORL) faces: 40 people, 10 images each.
enum OrlFaces {
    static func bytes(person: Int, image: Int) throws -> [UInt8] {
        let path =
            "\(TestEnvironment.faces ?? "")/s\(person < 10 ? "0" : "")\(person)/\(image < 10 ? "0" : "")\(image).png"
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    static func identities() -> [Calibrator.Identity] {
        (1...40).map { person in
            Calibrator.Identity(
                name: "s\(person)",
                images: (1...10).map { image in
                    Calibrator.Image(name: "s\(person)/\(image)") { try bytes(person: person, image: image) }
                })
        }
    }
}
