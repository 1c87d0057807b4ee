// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Recognition
import Testing

@Suite struct ManifestTests {
    /// Writes a package of a manifest, changes `model.toml`, and loads it.
    private func loading(
        _ manifest: ModelManifest, _ change: (String) -> String = { $0 }
    ) throws -> ModelPackage {
        let folder = try TemporaryFolder()
        var files: [String: [UInt8]] = [:]
        for file in manifest.files { files[file] = Array("the file \(file)".utf8) }
        try ModelPackage(manifest: manifest, files: files).write(toFolder: folder.path)
        let path = folder.path + "/model.toml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try change(text).write(toFile: path, atomically: true, encoding: .utf8)
        return try ModelPackage.load(from: folder.path)
    }

    /// A package as a reader finds it after it was written.
    static func reread(_ package: ModelPackage) throws -> ModelPackage {
        let folder = try TemporaryFolder()
        try package.write(toFolder: folder.path)
        return try ModelPackage.load(from: folder.path)
    }

    private func error(_ manifest: ModelManifest, _ change: (String) -> String) throws -> ModelPackageError? {
        do {
            _ = try loading(manifest, change)
            return nil
        } catch let error as ModelPackageError {
            return error
        }
    }

    @Test func everyKindOfManifestIsReadAsItWasWritten() throws {
        let yuNet = try ModelManifest(
            name: "any.face_net-2", version: "1", modality: .face, license: "Apache-2.0", source: "somewhere",
            input: NetworkInput(
                width: 112, height: 112, mean: [127.5, 127.5, 127.5], standardDeviation: [128, 128, 128]),
            network: EmbeddingNetwork(file: "a.onnx", embeddingSize: 512, normalize: true), alignment: .arcFace,
            detector: FaceDetection(file: "b.onnx", kind: .yuNet(FaceModelImport.defaultDetection)))
        for manifest in [
            try Fixtures.manifest(), try Fixtures.manifest(normalize: true, spread: ReferenceSpread(usual: 0.375)),
            try Fixtures.signaturePackage().manifest, try Fixtures.manifest(calibration: Fixtures.calibration()),
            try Fixtures.faceManifest(), yuNet,
        ] {
            #expect(try loading(manifest).manifest == manifest)
        }
    }

    @Test func anUnknownKeyIsRefusedWithTheNearestKnownOne() throws {
        let manifest = try Fixtures.faceManifest()
        for (right, wrong, section) in [
            ("embedding_size", "embeding_size", "network"), ("minimum_sharpness", "minimal_sharpness", "quality"),
        ] {
            var line: Int?
            let found = try error(manifest) { text in
                let changed = text.replacingOccurrences(of: right, with: wrong)
                line = changed.components(separatedBy: "\n").firstIndex { $0.hasPrefix(wrong) }.map { $0 + 1 }
                return changed
            }
            #expect(
                line != nil
                    && found == .unknownKey(key: "\(section).\(wrong)", line: line, nearest: "\(section).\(right)"))
        }
        #expect(try error(manifest) { "colour = 1\n" + $0 } == .unknownKey(key: "colour", line: 1, nearest: nil))
        let text = try #require(try error(manifest) { $0.replacingOccurrences(of: "[detector]", with: "[detektor]") })
            .description
        #expect(text.contains("detektor") && text.contains("detector"))
    }

    @Test func aMissingKeyIsNamedWithWhatItShouldHold() throws {
        let found = try error(Fixtures.manifest()) { $0.replacingOccurrences(of: "width = 8\n", with: "") }
        guard case .missingKey("input.width", 9?, let expected)? = found else {
            Issue.record("unexpected: \(String(describing: found))")
            return
        }
        #expect(expected.contains("8…2048"))
    }

    @Test(arguments: [
        ("width = 8", "width = 9000", "input.width"), ("width = 8", "width = \"8\"", "input.width"),
        ("normalise = false", "normalise = 0", "network.normalise"), ("format = 1", "format = 2", "format"),
        ("layout = \"NCHW\"", "layout = \"nchw\"", "input.layout"),
        ("mean = [100.5]", "mean = [1.0, 2.0]", "input.mean"),
        ("mean = [100.5]", "mean = [nan]", "input.mean"), ("modality = \"glyph\"", "modality = 1979-05-27", "modality"),
        ("upper_bound = 0.0012", "upper_bound = 1.5", "calibration.operating_points[1].upper_bound"),
    ])
    func aValueOutOfRangeNamesItsKey(old: String, new: String, key: String) throws {
        let found = try error(Fixtures.manifest(calibration: Fixtures.calibration())) {
            $0.replacingOccurrences(of: old, with: new)
        }
        guard case .invalidValue(key, .some, _, _)? = found else {
            Issue.record("unexpected: \(String(describing: found))")
            return
        }
    }

    @Test func theInkIsPartOfWhatDeterminesAnEmbedding() throws {
        let gray = try Fixtures.signaturePackage()
        var manifest = gray.manifest
        manifest.alignment = .signatureCanvas(ink: .binary)
        #expect(try ModelPackage(manifest: manifest, files: gray.files).digest != gray.digest)
        manifest = gray.manifest
        manifest.quality.maximumInk = 0.5
        #expect(try ModelPackage(manifest: manifest, files: gray.files).digest == gray.digest)
        let unknown = try error(gray.manifest) { $0.replacingOccurrences(of: "ink = \"grey\"", with: "ink = \"blue\"") }
        guard case .invalidValue("alignment.ink", .some, _, _)? = unknown else {
            Issue.record("unexpected: \(String(describing: unknown))")
            return
        }
    }

    @Test func whatIsNoTOMLNamesItsLine() throws {
        let found = try error(Fixtures.manifest()) { "name = \n" + $0 }
        guard case .invalidSyntax(line: 1, _)? = found else {
            Issue.record("unexpected: \(String(describing: found))")
            return
        }
    }

    @Test(arguments: [
        String(repeating: "a.", count: 20_000) + "a = 1\n", "a = " + String(repeating: "[", count: 20_000) + "\n",
        "[" + String(repeating: "a.", count: 20_000) + "a]\n", String(repeating: "# comment\n", count: 30_000),
    ])
    func `a manifest that would overflow the parser's stack, or is huge, is refused`(text: String) throws {
        let found = try error(Fixtures.manifest()) { text + $0 }
        switch found {
        case .invalidSyntax(line: 1, _), .tooLarge: break
        default: Issue.record("unexpected: \(String(describing: found))")
        }
    }

    @Test func partsThatDoNotFitTogetherAreRefused() throws {
        var face = try Fixtures.faceManifest()
        #expect(throws: ModelPackageError.self) { try Fixtures.manifest(modality: .face) }
        #expect(throws: ModelPackageError.self) { try Fixtures.manifest(name: "../etc") }
        #expect(throws: ModelPackageError.self) { try Fixtures.manifest(name: "") }
        var signature = try Fixtures.signaturePackage().manifest
        signature.modality = .glyph
        #expect(throws: ModelPackageError.self) { try loading(signature) }
        signature.modality = .signature
        signature.alignment = .arcFace
        #expect(throws: ModelPackageError.self) { try loading(signature) }
        face.input.width = 151
        #expect(throws: ModelPackageError.self) { try loading(face) }
        #expect(throws: ModelPackageError.self) {
            try ModelManifest(
                name: "x", version: "1", modality: .face, license: "", source: "", input: face.input,
                network: face.network, alignment: .arcFace, detector: face.detector)
        }
        #expect(throws: ModelPackageError.self) {
            try loading(Fixtures.manifest(normalize: true, spread: ReferenceSpread(usual: 0.4))) {
                $0.replacing("normalise = true", with: "normalise = false")
            }
        }
        #expect(throws: ModelPackageError.self) {
            try loading(Fixtures.manifest(normalize: true, spread: ReferenceSpread(usual: 0.4))) {
                $0.replacing("usual_spread = 0.4", with: "usual_spread = 1.4")
            }
        }
        let contradiction = try error(Fixtures.faceManifest()) {
            $0.replacingOccurrences(of: "kind = \"dlib-chip\"\npadding = 0.25", with: "kind = \"arcface\"")
        }
        guard case .contradiction? = contradiction else {
            Issue.record("unexpected: \(String(describing: contradiction))")
            return
        }
    }

    @Test func everyTruncationIsRefusedOrComplete() throws {
        let manifest = try Fixtures.manifest(calibration: Fixtures.calibration())
        var length = 0
        _ = try loading(manifest) { text in
            length = text.utf8.count; return text
        }
        for share in stride(from: 0, to: length, by: 37) {
            let found = try error(manifest) { String($0.prefix(share)) }
            // A cut between two tables leaves a manifest without what followed; the files come before the calibration.
            if let found { #expect(!found.description.isEmpty) } else { #expect(share > length / 2) }
        }
    }
}
