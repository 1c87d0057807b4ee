// SPDX-License-Identifier: Apache-2.0

import DaemonHarness
import Foundation
import ProgramHarness
import Testing

/// From images of signatures to answers about them, with the built programs alone.
@Suite(
    .serialized, .enabled(if: Products.contains("enroll"), "needs the built programs; scripts/test sets LIKENESS_BIN"))
struct SignatureJobTests {
    /// A short training on the images in `folder`, half of whose writers the calibration is measured on.
    private static func recipe(_ folder: String, calibration: String = "held-out") -> String {
        """
        [package]
        name = "mine"
        calibration = "\(calibration)"
        [run]
        seed = 1
        held_out = 0.5
        [data]
        modality = "signature"
        width = 64
        height = 32
        [[data.sources]]
        name = "mine"
        folder = "\(folder)"
        [network]
        architecture = "conv4"
        widths = [8, 16]
        embedding = 16
        [loss]
        kind = "triplet"
        [optimiser]
        kind = "adam"
        [schedule]
        learning_rate = 0.003
        [batch]
        kind = "episodes"
        identities = 6
        samples = 3
        forgeries = 1
        [training]
        epochs = 4
        steps_per_epoch = 15
        """
    }

    private static let shippedModel = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "models/signature").path

    private static func program(_ arguments: String...) async throws -> CommandResult {
        try await Command.run(Products.program("enroll"), arguments)
    }

    /// Trains on generated signatures and imports the package.
    private static func train(
        in folder: TemporaryFolder, calibration: String = "held-out"
    ) async throws -> (images: String, models: String) {
        let images = folder.appending("images"), models = folder.appending("models"), run = folder.appending("run")
        let made = try await program(
            "train", "signatures", images, "--writers", "12", "--genuine", "5", "--forgeries", "2", "--seed", "9")
        #expect(made.status == 0, "\(made.errors)")
        try recipe(images, calibration: calibration).write(
            toFile: folder.appending("recipe.toml"), atomically: true, encoding: .utf8)
        let trained = try await program("train", folder.appending("recipe.toml"), "--output", run)
        #expect(trained.status == 0, "\(trained.errors)")
        let imported = try await program("model", "import", "package", run + "/package", "--models", models)
        #expect(imported.status == 0, "\(imported.errors)")
        return (images, models)
    }

    @Test func `a network that a user trained answers about signatures through the daemon`() async throws {
        let folder = try TemporaryFolder(), (images, models) = try await Self.train(in: folder)
        let daemon = try Daemon(models: models)
        try await daemon.start()
        let samples = (1...3).map { "\(images)/writer-03/genuine/\($0).png" }
        let added = try await daemon.enroll(["add", "alice", "--modality", "signature"] + samples)
        #expect(added.status == 0, "\(added.errors)")
        func distance(_ image: String) async throws -> Double {
            let answer = try await daemon.enroll("verify", "alice", "\(images)/\(image)", "--json")
            return try #require(try answer.json()["distance"] as? Double, "\(answer.errors)")
        }
        let own = try await distance("writer-03/genuine/4.png")
        var others: [Double] = []
        for writer in ["01", "05", "07", "10"] { others.append(try await distance("writer-\(writer)/genuine/1.png")) }
        #expect(own < others.sorted()[1], "\(own) \(others)")
        let shown = try await daemon.enroll("show", "alice", "--json")
        #expect(shown.output.contains("signature"))
    }

    @Test(.enabled(if: Material.isPresent, Comment(rawValue: Material.absence)))
    func `a model that waits for its calibration keeps no other from its work`() async throws {
        let folder = try TemporaryFolder(), (images, models) = try await Self.train(in: folder, calibration: "none")
        let alone = try Daemon(models: models)
        await #expect(throws: HarnessError.self) { try await alone.start() }
        #expect(alone.log.contains("has no calibration"), "\(alone.log)")

        try FaceModels.importDlib(from: TestEnvironment.dlibModels ?? "", into: models)
        let daemon = try Daemon(models: models)
        try await daemon.start()
        #expect(daemon.log.contains("nothing is decided on the modality “signature” until then"), "\(daemon.log)")
        #expect(try await daemon.enroll("add", "alice", Material.face(1, 1)).status == 0)
        let refused = try await daemon.enroll(
            "add", "alice", "--modality", "signature", "\(images)/writer-03/genuine/1.png")
        #expect(refused.status != 0)
        #expect(refused.errors.contains("signature"), "\(refused.errors)")
    }

    @Test(.enabled(if: Material.isPresent, Comment(rawValue: Material.absence)))
    func `faces and signatures live in one gallery, with the model that Likeness brings`() async throws {
        let folder = try TemporaryFolder(), models = folder.appending("models"), images = folder.appending("images")
        try FaceModels.importDlib(from: TestEnvironment.dlibModels ?? "", into: models)
        let imported = try await Self.program("model", "import", "package", Self.shippedModel, "--models", models)
        #expect(imported.status == 0, "\(imported.errors)")
        let made = try await Self.program("train", "signatures", images, "--writers", "2", "--seed", "2")
        #expect(made.status == 0, "\(made.errors)")
        let daemon = try Daemon(models: models)
        try await daemon.start()

        let face = try await daemon.enroll("add", "alice", Material.face(1, 1), Material.face(1, 2))
        #expect(face.status == 0, "\(face.errors)")
        let signature = try await daemon.enroll(
            ["add", "alice signs", "--modality", "signature"] + (1...3).map { "\(images)/writer-1/genuine/\($0).png" })
        #expect(signature.status == 0, "\(signature.errors)")
        #expect(try await daemon.enroll("verify", "alice", Material.face(1, 5)).status == 0)
        #expect(try await daemon.enroll("verify", "alice signs", "\(images)/writer-1/genuine/4.png").status == 0)
        #expect(try await daemon.enroll("verify", "alice signs", "\(images)/writer-2/genuine/1.png").status == 1)
        let refused = try await daemon.enroll(
            "add", "alice", "--modality", "signature", "\(images)/writer-1/genuine/5.png")
        #expect(refused.status != 0)
        #expect(refused.errors.contains("face"), "\(refused.errors)")
        let inverted = folder.appending("inverted.png"), python = try #require(TestEnvironment.python)
        let script =
            "from PIL import Image, ImageOps; ImageOps.invert(Image.open('\(images)/writer-1/genuine/5.png')).save('\(inverted)')"
        #expect(try await Command.run(python, ["-c", script]).status == 0)
        let dark = try await daemon.enroll("add", "alice signs", inverted)
        #expect(dark.status == 65)
        #expect(dark.errors.contains("ink"), "\(dark.errors)")
        let listed = try await daemon.enroll("list").output
        #expect(listed.contains("face") && listed.contains("signature"))
    }
}
