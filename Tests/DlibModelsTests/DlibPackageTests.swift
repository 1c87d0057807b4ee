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

    @Test func `other contents, scaling and views carry no calibration`() throws {
        let models = try #require(TestEnvironment.dlibModels)
        let scaled = try DlibImport.makePackage(
            modelsFolder: models, scaling: MMODScaling(enlargeBelow: 300, maximumSide: 800))
        #expect(try scaled.modelPackage().manifest.calibration == nil)
        let files = try DlibImport.makePackage(modelsFolder: models)
        #expect(try files.modelPackage(views: .single).manifest.calibration == nil)
        let published = try #require(try Self.package.get().manifest.calibration)
        #expect(published.set.contains(DlibCalibration.strangers))
        #expect(published.operatingPoints.map(\.falseMatchRate) == Calibration.ratesOnStrangers)
    }

    /// Minutes of work, so only where it is asked for.
    @Test(
        .enabled(
            if: TestEnvironment.measuresAccuracy && TestEnvironment.strangers != nil,
            "LIKENESS_ACCURACY is not 1, or LIKENESS_SHARED names no strangers"))
    func `the shipped calibration is what the calibrator measures`() async throws {
        let package = try Self.package.get()
        let outcome = try await Calibrator(recognizer: Recognizer(package: package), decoding: .local).calibrate([
            Calibrator.IdentitySet(name: DlibCalibration.faces, identities: OrlFaces.identities()),
            Calibrator.IdentitySet(
                name: DlibCalibration.strangers, identities: try Strangers.identities(), measuresFalseMatches: true),
        ])
        print("dlib: \(outcome.calibration)")
        for (count, evaluation) in outcome.evaluations.sorted(by: { $0.key < $1.key }) {
            print("\(count) samples: EER \(evaluation.equalErrorRate?.rate ?? .nan)")
        }
        #expect(outcome.failures.count <= 3, "\(outcome.failures)")
        let shipped = try #require(package.manifest.calibration), measured = outcome.calibration
        #expect(shipped.set == measured.set)
        #expect(abs(shipped.a / measured.a - 1) < 1e-3)
        #expect(abs(shipped.d0 - measured.d0) < 1e-4)
        #expect(shipped.genuineCount == measured.genuineCount)
        #expect(shipped.impostorCount == measured.impostorCount)
        #expect(shipped.operatingPoints.count == measured.operatingPoints.count)
        for (ours, measured) in zip(shipped.operatingPoints, measured.operatingPoints) {
            #expect(ours.threshold <= measured.threshold && measured.threshold - ours.threshold < 2e-5)
            #expect(abs(ours.upperBound / measured.upperBound - 1) < 1e-2)
        }
        for (ours, measured) in zip(shipped.sets, measured.sets) {
            #expect(ours.name == measured.name && ours.points.count == measured.points.count)
            for (ours, measured) in zip(ours.points, measured.points) {
                #expect(abs(ours.falseMatchRate - measured.falseMatchRate) <= 1e-6 + 0.01 * measured.falseMatchRate)
                #expect(abs(ours.falseNonMatchRate - measured.falseNonMatchRate) < 1e-3)
            }
        }
        #expect(try #require(outcome.evaluations[3]?.equalErrorRate).rate <= 0.01)
    }
}

/// The people of LFW who are in none of its published pairs: a folder for each, with one photograph of most of them.
enum Strangers {
    static func identities() throws -> [Calibrator.Identity] {
        let folder = TestEnvironment.strangers ?? ""
        func names(_ path: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }.sorted()
        }
        return try names(folder).map { person in
            Calibrator.Identity(
                name: person,
                images: try names("\(folder)/\(person)").map { image in
                    Calibrator.Image(name: "\(person)/\(image)") {
                        Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(person)/\(image)")))
                    }
                })
        }
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
