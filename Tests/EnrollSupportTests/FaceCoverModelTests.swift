// SPDX-License-Identifier: Apache-2.0

import Biometrics
import EnrollSupport
import Foundation
import ProgramHarness
import Recognition
import Testing

/// Face-cover networks in a folder of models, as `enroll model` tells of them and removes them.
@Suite struct FaceCoverModelTests {
    private let folder: TemporaryFolder
    private let installation: ModelInstallation

    init() throws {
        folder = try TemporaryFolder()
        installation = ModelInstallation(store: ModelStore(folder: folder.appending("models")))
    }

    /// A package whose network nobody can run; the store does not ask.
    private static func package(_ name: String) throws -> FaceCoverPackage {
        try FaceCoverPackage(
            manifest: FaceCoverManifest(
                name: name, version: "1", license: "MIT", source: "a test",
                input: NetworkInput(width: 8, height: 8, channels: .gray, mean: [0], standardDeviation: [1]),
                file: "cover.onnx", view: FaceCoverView(side: 2.5, center: 0.4), minimumEyesVisible: 0.5,
                minimumMouthAndNoseVisible: nil),
            network: Array(name.utf8))
    }

    private func cover(_ name: String) throws -> ModelStore.FaceCoverEntry {
        guard case .faceCover(let entry) = try installation.package(named: name) else {
            throw HarnessError("“\(name)” is no face-cover network")
        }
        return entry
    }

    private func failure(_ body: () throws -> Any) -> CommandFailure? {
        do {
            _ = try body()
            return nil
        } catch {
            return CommandFailure(error)
        }
    }

    @Test func `the one that is used is marked, and removed only by force`() throws {
        try installation.store.install(Self.package("covers"))
        #expect(try ModelList(installation.store).text.contains("\n*       covers  1        face cover  "))
        let entry = try cover("covers")
        #expect(installation.summary(of: entry).used == true)
        let refusal = failure { try installation.remove(entry, forced: false) }
        #expect(refusal?.status == .configuration && refusal?.name == "ModelActive")
        #expect(refusal?.message.contains("masks and dark glasses") == true)
        #expect(refusal?.message.contains("--force") == true)
        #expect(try !ModelList(installation.store).isEmpty)
        #expect(try installation.remove(entry, forced: true).used == true)
        #expect(try ModelList(installation.store).isEmpty)
    }

    @Test func `of several none is used, none is marked and each can be removed`() throws {
        try installation.store.install(Self.package("covers"))
        // As by cp.
        try Self.package("others").write(toFolder: installation.store.folder + "/others")
        let list = try ModelList(installation.store)
        #expect(list.faceCovers.map(\.used) == [false, false] && !list.text.contains("*"))
        #expect(try installation.remove(cover("others"), forced: false).used == false)
        #expect(try ModelList(installation.store).faceCovers.map(\.used) == [true])
    }

    @Test func `where a name means nothing that is there, face-cover networks are told too`() throws {
        try installation.store.install(Self.package("covers"))
        let digest = try cover("covers").digest.short
        let message = failure { try installation.package(named: "nosuch") }?.message
        #expect(
            message
                == "there is no model “nosuch”: the folder “\(installation.store.folder)” holds none; there is the face-cover network “covers” (\(digest))"
        )
    }
}
