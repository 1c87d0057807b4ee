// SPDX-License-Identifier: Apache-2.0

import Biometrics
import FaultyDisk
import Foundation
import Gallery
import GalleryChurn
import ProgramHarness
import Synchronization
import Testing

/// Cuts the power of the disk below SQLite amid changes, and compares what is left with what was acknowledged.
/// `LIKENESS_FAULT_RUNS` says how often.
@Suite(.serialized) struct PowerLossFaultTests {
    private static let runs = FaultRuns.count(normally: 48)

    @Test func `a loss of power at any write, sync, truncation or removal loses nothing that was acknowledged`()
        async throws
    {
        var random = SeededGenerator(seed: 20_261_126)
        var expected = GalleryState(), before: TemporaryFolder?, acknowledged = 0, interrupted: [String: Int] = [:]
        for run in 0..<Self.runs {
            let seed = random.next(), changes = Int(random.next() % (run % 4 == 0 ? 40 : 400))
            let (current, previous) = run % 2 == 0 ? (1, 2) : (2, 1)
            if run % 16 == 0 { (expected, before) = (GalleryState(), nil) }
            let said = Mutex<[String]>([]), image = try TemporaryFolder(isInMemory: true)
            try await Self.churn(
                from: before?.path, to: image.path, cutAfter: changes, seed: seed,
                options: FaultRuns.options(current, previous)
            ) { line in
                said.withLock { $0.append(line) }
            }
            let lines = said.withLock { $0 }
            acknowledged += lines.count { $0.hasPrefix("< ") }
            let last = lines.last.flatMap { $0.hasPrefix("> ") ? String($0.dropFirst(2).prefix { $0 != "\t" }) : nil }
            interrupted[last ?? "nothing", default: 0] += 1
            try await expectBackup(
                in: image.path, after: lines, since: expected, options: FaultRuns.options(current, previous),
                "run \(run), seed \(seed)")
            // What was replaced is needed no more.
            let isReplaced = lines.contains("< rekey")
            let gallery = try await SQLiteGallery.open(
                path: image.path + "/gallery.sqlite", options: FaultRuns.options(current, isReplaced ? 0 : previous))
            let (found, problems) = try await GalleryState.read(gallery)
            let isKept = expected.follow(lines, to: found)
            #expect(isKept, "run \(run), seed \(seed), after \(changes) changes")
            #expect(problems.isEmpty, "run \(run), seed \(seed), after \(changes) changes")
            expected = found
            try await gallery.close()
            before = image
        }
        print(
            "power loss: \(Self.runs) runs, \(acknowledged) acknowledged changes, interrupted: \(interrupted.sorted { $0.key < $1.key })"
        )
    }

    @Test(arguments: [true, false])
    func `a loss of power at any step of making a gallery, or of migrating one, leaves one that opens`(
        isMigration: Bool
    ) async throws {
        let golden = try #require(
            Bundle.module.url(forResource: "schema-1", withExtension: "sqlite", subdirectory: "Golden"))
        var cuts = 0
        for changes in stride(from: 0, to: 10_000, by: Self.runs < 200 ? 3 : 1) {
            let folder = try TemporaryFolder(isInMemory: true), image = try TemporaryFolder(isInMemory: true)
            if isMigration {
                try FileManager.default.copyItem(
                    at: golden, to: URL(fileURLWithPath: folder.appending("gallery.sqlite")))
            }
            let disk = try FaultyDisk(folder.path)
            disk.cutPower(after: changes, seed: UInt64(changes))
            let gallery = try? await SQLiteGallery.open(
                path: folder.appending("gallery.sqlite"), options: FaultRuns.options(3, 0, acceptsUnencrypted: true))
            let isOver = !disk.isDead
            try await disk.isDead ? (try? gallery?.close()) : gallery?.close()
            try disk.writeImage(to: image.path, seed: UInt64(changes))
            let again = try await SQLiteGallery.open(
                path: image.appending("gallery.sqlite"), options: FaultRuns.options(3, 0, acceptsUnencrypted: true))
            let expected =
                isMigration ? GalleryCounts(identities: 3, samples: 6) : GalleryCounts(identities: 0, samples: 0)
            #expect(try await again.counts() == expected, "after \(changes) changes")
            #expect(try await again.check { _, _ in }.damage.isEmpty, "after \(changes) changes")
            try await again.close()
            if isOver { break }
            cuts += 1
        }
        print("power loss: \(cuts) runs amid \(isMigration ? "a migration" : "the making of a gallery")")
        #expect(cuts > 20)
    }

    /// Opens the gallery of a folder on a disk, changes it until the power goes, and leaves what is on the disk then.
    private static func churn(
        from before: String?, to image: String, cutAfter changes: Int, seed: UInt64, options: SQLGallery.Options,
        say: @escaping @Sendable (String) -> Void
    ) async throws {
        let folder = try TemporaryFolder(isInMemory: true)
        for file in try before.map(FileManager.default.contentsOfDirectory(atPath:)) ?? [] {
            try FileManager.default.copyItem(atPath: (before ?? "") + "/" + file, toPath: folder.appending(file))
        }
        let disk = try FaultyDisk(folder.path), path = folder.appending("gallery.sqlite")
        disk.cutPower(after: changes, seed: seed)
        var gallery: SQLGallery?
        do {
            let opened = try await SQLiteGallery.open(path: path, options: options)
            gallery = opened
            var churn = Churn(gallery: opened, copy: path + ".copy", seed: seed, say: say)
            try await churn.begin()
            while !disk.isDead { try await churn.step() }
        } catch {
            if !disk.isDead { throw error }
        }
        try? await gallery?.close()
        try disk.writeImage(to: image)
    }

    /// A backup that was acknowledged, and not replaced since, is a whole gallery as it was then.
    private func expectBackup(
        in folder: String, after lines: [String], since state: GalleryState, options: SQLGallery.Options,
        _ comment: Comment
    ) async throws {
        var state = state, backup: GalleryState?
        for line in lines where line.hasPrefix("< ") || line == "> backup" {
            state.apply(line.dropFirst(2))
            if line.hasSuffix("backup") { backup = line.hasPrefix("<") ? state : nil }
        }
        let path = folder + "/gallery.sqlite.copy"
        if let backup {
            let copy = try await SQLiteGallery.open(path: path, options: options)
            let (found, problems) = try await GalleryState.read(copy)
            #expect(found == backup, comment)
            #expect(problems.isEmpty, comment)
            try await copy.close()
        }
        for file in try FileManager.default.contentsOfDirectory(atPath: folder)
        where file.hasPrefix("gallery.sqlite.copy") {
            try FileManager.default.removeItem(atPath: folder + "/" + file)
        }
    }
}
