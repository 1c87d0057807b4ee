// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Recognition
import Testing

@Suite struct ModelPackageTests {
    @Test func folderAndTarAreTheSamePackage() throws {
        let package = try Fixtures.package(calibration: Fixtures.calibration())
        let folder = try TemporaryFolder()
        try package.write(toFolder: folder.path + "/model")
        let tar = folder.path + "/model.tar"
        try Data(package.tarBytes()).write(to: URL(fileURLWithPath: tar))
        for path in [folder.path + "/model", tar] {
            let loaded = try ModelPackage.load(from: path)
            #expect(loaded.manifest == package.manifest)
            #expect(loaded.digest == package.digest)
            #expect(loaded.files == package.files)
        }
        #expect(package.tarBytes() == package.tarBytes())
    }

    @Test func aChangedFileIsRefusedByItsDigest() throws {
        let package = try Fixtures.package(), folder = try TemporaryFolder()
        try package.write(toFolder: folder.path)
        var bytes = try #require(package.files["embed.onnx"])
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: folder.path + "/embed.onnx"))
        do {
            _ = try ModelPackage.load(from: folder.path)
            Issue.record("a changed file was accepted")
        } catch {
            guard case .digestMismatch("embed.onnx", let expected, let found) = error else {
                Issue.record("unexpected: \(error)")
                return
            }
            #expect(expected != found && expected.count == 64 && found.count == 64)
        }
    }

    @Test func aMissingFileOrPackageIsNamed() throws {
        let package = try Fixtures.package(), folder = try TemporaryFolder()
        try package.write(toFolder: folder.path)
        try FileManager.default.removeItem(atPath: folder.path + "/embed.onnx")
        #expect(throws: ModelPackageError.missingFile(file: "embed.onnx")) { try ModelPackage.load(from: folder.path) }
        #expect(throws: ModelPackageError.self) { try ModelPackage.load(from: folder.path + "/nowhere") }
        #expect(throws: ModelPackageError.missingFile(file: "embed.onnx")) {
            try ModelPackage(manifest: package.manifest, files: [:])
        }
        #expect(throws: ModelPackageError.self) {
            try ModelPackage(manifest: package.manifest, files: package.files.merging(["other": []]) { $1 })
        }
    }

    @Test func theDigestNamesWhatDeterminesAnEmbeddingAndNothingElse() throws {
        let package = try Fixtures.package()
        var manifest = package.manifest
        #expect(try package.with(calibration: Fixtures.calibration()).digest == package.digest)
        manifest.quality.minimumFaceSize = 1
        manifest.version = "9"
        manifest.source = "elsewhere"
        #expect(try ModelPackage(manifest: manifest, files: package.files).digest == package.digest)
        #expect(try Fixtures.package(normalize: true).digest != package.digest)
        #expect(try Fixtures.package(scale: 2).digest != package.digest)
        manifest.input.mean = [100]
        #expect(try ModelPackage(manifest: manifest, files: package.files).digest != package.digest)
    }

    @Test(.enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
    func pythonsTarfileReadsTheTarAndWritesOnesThatAreRead() throws {
        let package = try Fixtures.package(), folder = try TemporaryFolder()
        let ours = folder.path + "/ours.tar"
        try Data(package.tarBytes()).write(to: URL(fileURLWithPath: ours))
        for format in ["ustar", "gnu", "pax"] {
            let theirs = "\(folder.path)/\(format).tar"
            try PythonReference.run("tar_reference.py", [ours, theirs, format])
            let loaded = try ModelPackage.load(from: theirs)
            #expect(loaded.digest == package.digest && loaded.files == package.files, "\(format)")
        }
    }
}
