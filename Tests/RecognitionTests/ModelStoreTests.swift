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
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.folder).allSatisfy { !$0.hasPrefix(".incoming") })
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
}
