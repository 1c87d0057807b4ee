// SPDX-License-Identifier: Apache-2.0

import Biometrics
import EnrollSupport
import Foundation
import LikenessInterface
import ProgramHarness
import Recognition
import Testing

@Suite struct ModelTests {
    private let folder: TemporaryFolder
    private let installation: ModelInstallation

    init() throws {
        folder = try TemporaryFolder()
        installation = ModelInstallation(store: ModelStore(folder: folder.appending("models")))
    }

    /// A package whose network nobody can run; the store does not ask.
    private static func package(_ name: String, set: String? = nil) throws -> ModelPackage {
        let calibration = try set.map {
            try Calibration(
                a: 10, d0: 0.6,
                operatingPoints: [
                    OperatingPoint(falseMatchRate: 1e-2, threshold: 0.7, upperBound: 0.02),
                    OperatingPoint(falseMatchRate: 1e-3, threshold: 0.6, upperBound: 0.003),
                ],
                set: $0, genuineCount: 10, impostorCount: 100)
        }
        let manifest = try ModelManifest(
            name: name, version: "1", modality: .glyph, license: "MIT", source: "a test",
            input: NetworkInput(width: 8, height: 8, channels: .gray, mean: [0], standardDeviation: [1]),
            network: EmbeddingNetwork(file: "embed.onnx", embeddingSize: 3, normalize: true), alignment: .none,
            calibration: calibration)
        return try ModelPackage(manifest: manifest, files: ["embed.onnx": Array(name.utf8)])
    }

    private func install(_ package: ModelPackage, keepsPresent: Bool = true) async throws -> InstalledModel {
        try await installation.install(package, calibratingOn: nil, keepsPresent: keepsPresent) { _, _ in }
    }

    private func status(_ body: () async throws -> Void) async -> CommandStatus? {
        do {
            try await body()
            return nil
        } catch {
            return CommandFailure(error).status
        }
    }

    @Test func `after an import it is said that a rotation takes effect at once, where there is something to rotate`()
        async throws
    {
        let model = try await install(Self.package("new")).model
        func words(
            _ modality: Modality, _ digest: String, _ state: WireGeneration.State = .active, name: String = "old"
        ) -> String? {
            let other = WireModelIdentity(
                digest: digest, name: name, version: "1", modality: modality, embeddingSize: 3)
            return GalleryModels([WireGeneration(id: 1, model: other, state: state, created: 0, samples: 1, refused: 0)]
            ).rotation(to: model)
        }
        #expect(
            words(.glyph, Sample.digest)
                == "enroll rotate new brings what is enrolled to it, and takes effect at once, without a restart of the daemon"
        )
        // A name that two versions have means neither.
        let namesake = try #require(words(.glyph, Sample.digest, name: "new"))
        #expect(namesake.hasPrefix("enroll rotate \(model.model.digest.prefix(12)) brings"))
        #expect(words(.face, Sample.digest) == nil && words(.glyph, model.model.digest) == nil)
        #expect(words(.glyph, Sample.digest, .retired) == nil && GalleryModels([]).rotation(to: model) == nil)
    }

    @Test func `the first model is the active one, and a list says so`() async throws {
        #expect(
            try ModelList(installation.store).text
                == "\(folder.appending("models")) holds no model; make one with enroll model import\n")
        let first = try await install(Self.package("one", set: "some people"))
        #expect(first.model.active)
        #expect(
            first.text.hasSuffix(
                """
                 is the active glyph model
                calibrated on some people
                  FMR   THRESHOLD  FMR AT MOST, WITH 95 % CONFIDENCE
                  1e-2  0.27       2e-2
                  1e-3  0.5        3e-3

                """), "\(first.text)")
        let second = try await install(Self.package("two"))
        #expect(!second.model.active)
        #expect(
            second.text.contains("it has no calibration: run enroll model calibrate two FOLDER before it is used\n"))
        let list = try ModelList(installation.store)
        #expect(
            list.text.hasPrefix(
                "ACTIVE  NAME  VERSION  MODALITY  DIGEST        CALIBRATED\n*       one   1        glyph     "))
        #expect(list.text.contains("\n        two   1        glyph     "))
        #expect(list.complaints.isEmpty)
    }

    @Test func `what this host measured outlives another import, but not a package that brings its own`() async throws {
        _ = try await install(Self.package("one", set: "our people"))
        #expect(try await install(Self.package("one")).model.model.calibrationSet == "our people")
        #expect(try await install(Self.package("one", set: "theirs")).model.model.calibrationSet == "our people")
        #expect(
            try await install(Self.package("one", set: "theirs"), keepsPresent: false).model.model.calibrationSet
                == "theirs")
        #expect(try await install(Self.package("one"), keepsPresent: false).model.model.calibrationSet == "theirs")
    }

    @Test func `a model that the engine refuses is never made active`() async throws {
        _ = try await install(Self.package("one", set: "s"))
        _ = try await install(Self.package("two", set: "s"))
        #expect(await status { _ = try installation.use(try installation.entry(named: "two")) } == .configuration)
        #expect(try installation.store.activeEntry(of: .glyph).manifest.name == "one")
        #expect(await status { _ = try installation.entry(named: "three") } == .configuration)
    }

    @Test func `the active model is removed only by force`() async throws {
        _ = try await install(Self.package("one", set: "s"))
        _ = try await install(Self.package("two", set: "s"))
        let one = try installation.entry(named: "one"), two = try installation.entry(named: "two")
        #expect(await status { _ = try installation.remove(one, forced: false) } == .configuration)
        #expect(try ModelList(installation.store).models.count == 2)
        #expect(try !installation.remove(two, forced: false).active)
        #expect(try installation.remove(one, forced: true).active)
        #expect(try FileManager.default.contentsOfDirectory(atPath: installation.store.folder).isEmpty)
    }

    @Test func `a folder that is no package is told and left alone`() async throws {
        _ = try await install(Self.package("one", set: "s"))
        try FileManager.default.createDirectory(
            atPath: installation.store.folder + "/junk\u{1B}", withIntermediateDirectories: false)
        let list = try ModelList(installation.store)
        #expect(list.models.count == 1)
        #expect(list.complaints.hasPrefix("enroll: warning: \(installation.store.folder)/junk\\u{1B}: "))
    }

    @Test func `a model as JSON has the wire's keys and the package's own`() async throws {
        let summary = try await install(Self.package("one", set: "s")).model
        let object = try JSONSerialization.jsonObject(with: Data(JSONText.line(summary).utf8)) as? [String: Any]
        #expect(
            Set(try #require(object).keys) == [
                "active", "alignment", "calibrated", "calibration_set", "calibration_sets", "digest", "embedding_size",
                "files", "input", "licence",
                "modality", "name", "operating_points", "path", "source", "version",
            ])
        let points = try #require(object?["operating_points"] as? [[String: Double]])
        // The wire's thresholds are scores: 1 / (1 + exp(−10·(0.6 − 0.7))).
        #expect(abs(try #require(points[0]["threshold"]) - 0.2689414213699951) < 1e-12)
        #expect(points[1]["threshold"] == 0.5)
        #expect(summary.text.contains("  calibrated on  s\n"))
    }
}
