import Foundation
import ProgramHarness
import Recognition
import Testing

@Suite struct ModelStoreTests {
    @Test func theFirstPackageIsActiveAndAnotherCanBeChosen() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path + "/models")
        #expect(try store.contents().entries.isEmpty)
        #expect(throws: ModelPackageError.self) { try store.activeEntry() }
        let first = try Fixtures.package(), second = try Fixtures.package(scale: 2)
        let path = try store.install(first)
        #expect(path.hasSuffix(first.folderName))
        #expect(try store.loadActive().digest == first.digest)
        try store.install(second)
        #expect(try store.activeEntry().digest == first.digest)
        try store.activate(second.digest)
        #expect(try store.loadActive().digest == second.digest)
        #expect(try store.contents().entries.count == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.folder).allSatisfy { !$0.hasPrefix(".incoming") })
    }

    @Test func severalWithoutAChoiceAndAChoiceThatIsGoneAreRefused() throws {
        let folder = try TemporaryFolder(), store = ModelStore(folder: folder.path)
        let first = try Fixtures.package(), second = try Fixtures.package(scale: 2)
        try store.install(first)
        let path = try store.install(second)
        try FileManager.default.removeItem(atPath: folder.path + "/active")
        #expect(throws: ModelPackageError.self) { try store.activeEntry() }
        try store.activate(second.digest)
        try FileManager.default.removeItem(atPath: path)
        do {
            _ = try store.activeEntry()
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
        #expect(throws: ModelPackageError.self) { try store.loadActive() }
        try store.install(package.with(calibration: Fixtures.calibration()))
        let loaded = try store.loadActive()
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
