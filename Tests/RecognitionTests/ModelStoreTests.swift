// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import ProgramHarness
import Recognition
import Testing

@Suite struct ModelStoreTests {
    @Test func theFirstPackageIsActiveAndAnotherCanBeChosen() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path + "/models")
        #expect(try store.contents().entries.isEmpty)
        #expect(throws: ModelPackageError.self) { try store.activeEntries() }
        let first = try Fixtures.package(), second = try Fixtures.package(scale: 2)
        let path = try store.install(first)
        #expect(path.hasSuffix(first.folderName))
        #expect(try ModelPackage.load(from: store.activeEntry(of: .glyph).path).digest == first.digest)
        try store.install(second)
        #expect(try store.activeEntry(of: .glyph).digest == first.digest)
        try store.activate(second.digest)
        #expect(try ModelPackage.load(from: store.activeEntry(of: .glyph).path).digest == second.digest)
        #expect(try store.contents().entries.count == 2)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: store.folder).allSatisfy { !$0.hasPrefix(".incoming") })
    }

    @Test func eachModalityHasItsOwnActivePackage() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path)
        let glyphs = [try Fixtures.package(), try Fixtures.package(scale: 2)]
        let first = try Fixtures.signaturePackage(), second = try Fixtures.signaturePackage(scale: 2)
        for package in [glyphs[0], first, glyphs[1], second] { try store.install(package) }
        #expect(try store.activeEntries().map(\.digest) == [first.digest, glyphs[0].digest])
        try store.activate(second.digest)
        #expect(try store.activeEntries().map(\.digest) == [second.digest, glyphs[0].digest])
        try store.activate(glyphs[1].digest)
        #expect(try store.activeEntries().map(\.digest) == [second.digest, glyphs[1].digest])
        // Where one of two is left, it needs no choice; the other modality keeps its own.
        try store.remove(store.entry(named: second.digest.hexadecimal))
        #expect(try store.activeEntries().map(\.digest) == [first.digest, glyphs[1].digest])
        #expect(throws: ModelPackageError.self) { try store.activate(second.digest) }
        #expect(throws: ModelPackageError.self) { try store.activeEntry(of: .face) }
    }

    @Test func `a package that is active because it is alone stays active beside another`() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path)
        let first = try Fixtures.package(), second = try Fixtures.package(scale: 2)
        try store.install(first)
        // As it is where somebody copied the package's folder into the store.
        try FileManager.default.removeItem(atPath: folder.path + "/active")
        try store.install(first)
        #expect(try store.activeEntry(of: .glyph).digest == first.digest)
        try store.install(second)
        #expect(try store.activeEntries().map(\.digest) == [first.digest])
    }

    @Test func severalWithoutAChoiceAndAChoiceThatIsGoneAreRefused() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path)
        let first = try Fixtures.package(), second = try Fixtures.package(scale: 2)
        try store.install(first)
        let path = try store.install(second)
        try FileManager.default.removeItem(atPath: folder.path + "/active")
        #expect(throws: ModelPackageError.self) { try store.activeEntries() }
        try store.activate(second.digest)
        try FileManager.default.removeItem(atPath: path)
        do {
            _ = try store.activeEntries()
            Issue.record("a package that is gone was found")
        } catch {
            guard case .noSuchModel(String(second.digest.short), _) = error else {
                Issue.record("unexpected: \(error)")
                return
            }
        }
    }

    @Test func packagesAreFoundByNameAndByTheBeginningOfTheirDigest() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path)
        let first = try Fixtures.package(), second = try Fixtures.package(scale: 2)
        try store.install(first)
        #expect(try store.entry(named: "glyphs").digest == first.digest)
        try store.install(second)
        #expect(throws: ModelPackageError.self) { try store.entry(named: "glyphs") }
        #expect(try store.entry(named: second.digest.short).digest == second.digest)
        #expect(try store.entry(named: first.folderName).digest == first.digest)
        #expect(throws: ModelPackageError.self) { try store.entry(named: "ab") }
    }

    @Test func installingAgainTakesTheCalibrationAndMendsTheFiles() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path)
        let package = try Fixtures.package()
        let path = try store.install(package)
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path + "/embed.onnx"))
        #expect(throws: ModelPackageError.self) { try ModelPackage.load(from: store.activeEntry(of: .glyph).path) }
        try store.install(package.with(calibration: Fixtures.calibration()))
        let loaded = try ModelPackage.load(from: store.activeEntry(of: .glyph).path)
        #expect(loaded.files == package.files)
        #expect(try loaded.manifest.calibration == Fixtures.calibration())
    }

    @Test func aFolderThatIsNoPackageIsAProblemAndHidesNothing() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path)
        let package = try Fixtures.package()
        try store.install(package)
        try FileManager.default.createDirectory(atPath: folder.path + "/aaa", withIntermediateDirectories: true)
        try "format = 7".write(toFile: folder.path + "/aaa/model.toml", atomically: true, encoding: .utf8)
        let contents = try store.contents()
        #expect(contents.entries.map(\.digest) == [package.digest])
        #expect(contents.problems.map(\.path) == [folder.path + "/aaa"])
    }

    @Test func `a package that cannot be read is named and left out, and named where it is the chosen one`() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path)
        let package = try Fixtures.package(), damaged = try Fixtures.package(scale: 2)
        try store.install(package)
        let path = try store.install(damaged)
        try (String(repeating: "a.", count: 20_000) + "a = 1").write(
            toFile: path + "/model.toml", atomically: true, encoding: .utf8)
        #expect(try store.contents().problems.map(\.path) == [path])
        #expect(try store.activeEntries().map(\.digest) == [package.digest])
        #expect(try store.entry(named: "glyphs").digest == package.digest)
        try (damaged.digest.hexadecimal + "\n").write(
            toFile: folder.path + "/active", atomically: true, encoding: .utf8)
        let looks: [() throws -> ModelStore.Entry?] = [
            { try store.activeEntries().first }, { try store.entry(named: damaged.digest.short) },
        ]
        for look in looks {
            let error = #expect(throws: ModelPackageError.self) { try look() }
            guard case .inPackage(path, .invalidSyntax(line: 1, _))? = error else {
                Issue.record("unexpected: \(String(describing: error))")
                continue
            }
        }
    }

    @Test func `a model under another name is refused before anything is stored`() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path)
        let package = try Fixtures.package()
        try store.install(package)
        let before = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
        var manifest = package.manifest
        manifest.name = "other"
        let renamed = try ModelPackage(manifest: manifest, files: package.files)
        #expect(throws: ModelPackageError.sameModel(name: "other", present: "glyphs")) { try store.install(renamed) }
        #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == before)
    }

    @Test func `a model that is in several folders from before is one model`() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path)
        let package = try Fixtures.package()
        try store.install(package)
        var manifest = package.manifest
        manifest.name = "calibrated"
        manifest.calibration = try Fixtures.calibration()
        let other = try ModelPackage(manifest: manifest, files: package.files)
        try other.write(toFolder: folder.path + "/" + other.folderName)
        #expect(try store.entry(named: package.digest.hexadecimal).manifest.name == "calibrated")
        #expect(try store.entry(named: "glyphs").manifest.name == "glyphs")
        #expect(try store.activeEntries().count == 1)
        // The choice stays for as long as one of them is there.
        try store.remove(store.entry(named: "calibrated"))
        #expect(try store.activeEntry(of: .glyph).manifest.name == "glyphs")
        #expect(FileManager.default.fileExists(atPath: folder.path + "/active"))
    }

    @Test func `a daemon's store takes no package that others could change, and no folder`() throws {
        let folder = try TemporaryFolder(), open = ModelStore(folder: folder.path),
            store = ModelStore(folder: folder.path, paths: TrustedPaths())
        let package = try Fixtures.package(), other = try Fixtures.package(scale: 2)
        try open.install(package)
        let path = try open.install(other)
        #expect(try store.contents().problems.isEmpty)
        #expect(chmod(path + "/model.toml", 0o666) == 0)
        #expect(try open.contents().problems.isEmpty)
        let problem = try #require(try store.contents().problems.first)
        #expect(problem.error == .notTrusted(.openToOthers(path: path + "/model.toml", mode: 0o666)))
        #expect(try store.activeEntries().map(\.digest) == [package.digest])
        #expect(chmod(path + "/model.toml", 0o644) == 0 && chmod(path + "/embed.onnx", 0o622) == 0)
        #expect(throws: ModelPackageError.self) { try ModelPackage.load(from: path, paths: store.paths) }
        #expect(chmod(path + "/embed.onnx", 0o644) == 0 && chmod(folder.path, 0o1777) == 0)
        #expect(throws: ModelPackageError.notTrusted(.openToOthers(path: folder.path, mode: 0o1777))) {
            try store.contents()
        }
    }
}
