// SPDX-License-Identifier: Apache-2.0

import Biometrics
import FaultyDisk
import Foundation
import Gallery
import GalleryChurn
import ProgramHarness
import Synchronization
import Testing

/// Has the disk below SQLite fail amid changes, once, some times or until it is mended, and looks at what is told and
/// at what is there. `LIKENESS_FAULT_RUNS` says how often.
@Suite(.serialized) struct DiskFaultTests {
    private static let runs = FaultRuns.count(normally: 48)

    @Test(arguments: DiskFault.allCases.filter(\.isMetAmidChanges))
    func `a disk that fails amid changes is told, undoes what failed, and does no harm when it works again`(
        fault: DiskFault
    ) async throws {
        var random = SeededGenerator(seed: 20_261_127 &+ UInt64(fault.seed))
        var tally = FaultTally(), expected = GalleryState(), folder = try TemporaryFolder(isInMemory: true)
        for run in 0..<max(1, Self.runs / DiskFault.allCases.count) {
            let seed = random.next(), comment: Comment = "\(fault), run \(run), seed \(seed)"
            let (current, previous) = run % 2 == 0 ? (1, 2) : (2, 1)
            let options = FaultRuns.options(current, previous)
            let said = Mutex<[String]>([]), disk = try FaultyDisk(folder.path),
                path = folder.appending("gallery.sqlite")
            let gallery = try await SQLiteGallery.open(path: path, options: options)
            var churn = Churn(gallery: gallery, copy: path + ".copy", seed: seed) { line in
                said.withLock { $0.append(line) }
            }
            try await churn.begin()
            for _ in 0..<Int(random.next() % 4) { try await churn.step() }

            fault.make(on: disk, &random)
            for _ in 0..<12 {
                do {
                    try await churn.step()
                } catch {
                    tally.refusals += 1
                    #expect(fault.isTold(by: error), "\(comment): \(error)")
                    if said.withLock({ $0.last }) == "> backup" {
                        #expect(!FileManager.default.fileExists(atPath: path + ".copy"), comment)
                    }
                }
            }
            tally.add(disk)
            disk.recover()

            // What failed is not there, and nothing else is lost, without a restart.
            var lines = said.withLock { $0 }
            var state = expected
            for line in lines where line.hasPrefix("< ") { state.apply(line.dropFirst(2)) }
            let (found, problems) = try await GalleryState.read(gallery)
            #expect(found == state, comment)
            #expect(problems.isEmpty, comment)
            for _ in 0..<4 { try await churn.step() }
            lines = said.withLock { $0 }
            tally.acknowledged += lines.count { $0.hasPrefix("< ") }
            for line in lines where line.hasPrefix("< ") { expected.apply(line.dropFirst(2)) }

            // Nor after one, orderly, on a disk that fails again, or by a loss of power.
            let next = try run % 3 == 2 ? TemporaryFolder(isInMemory: true) : folder
            switch run % 3 {
            case 0: try await gallery.close()
            case 1:
                fault.make(on: disk, after: 0, times: nil)
                do { try await gallery.close() } catch {
                    #expect(fault.isTold(by: error), "\(comment), at the end: \(error)")
                }
                tally.add(disk)
                disk.recover()
            default:
                try disk.writeImage(to: next.path, seed: seed)
                try? await gallery.close()
            }
            let again = try await SQLiteGallery.open(path: next.appending("gallery.sqlite"), options: options)
            let (kept, damage) = try await GalleryState.read(again)
            #expect(kept == expected, comment)
            #expect(damage.isEmpty, comment)
            try await again.close()
            folder = next
        }
        print("\(fault): \(tally)")
        #expect(tally.failures > 0)
    }

    /// A page that reads as nothing is no page of a gallery.
    @Test func `a read that finds nothing where something is gives an error or the right answer`() async throws {
        let folder = try TemporaryFolder(isInMemory: true), path = folder.appending("gallery.sqlite")
        var gallery = try await SQLiteGallery.open(path: path), lines = 0, tally = FaultTally()
        var churn = Churn(gallery: gallery, copy: path + ".copy", seed: 1) { _ in }
        try await churn.begin()
        while lines < 60 {
            try await churn.step()
            lines += 1
        }
        let (truth, _) = try await GalleryState.read(gallery)
        try await gallery.close()
        var after = 0, isOver = false
        while !isOver {
            let disk = try FaultyDisk(folder.path)
            disk.fail(.read, with: .shortRead, after: after, times: 1)
            do {
                let opened = try await SQLiteGallery.open(path: path)
                do {
                    let (state, problems) = try await GalleryState.read(opened)
                    // What cannot be read is named.
                    if problems.isEmpty { #expect(state == truth, "after \(after)") }
                    #expect(problems.allSatisfy { !$0.hasSuffix("is another") }, "after \(after): \(problems)")
                    tally.refusals += problems.isEmpty ? 0 : 1
                } catch is GalleryError {
                    tally.refusals += 1
                }
                try await opened.close()
            } catch is GalleryError {
                tally.refusals += 1
            }
            isOver = disk.failures == 0
            tally.add(disk)
            disk.recover()
            gallery = try await SQLiteGallery.open(path: path)
            let (state, problems) = try await GalleryState.read(gallery)
            #expect(state == truth && problems.isEmpty, "after \(after)")
            try await gallery.close()
            after += Self.runs < 200 ? 7 : 1
        }
        print("reads of nothing: \(tally)")
        #expect(tally.refusals > 0)
    }

    /// A commit whose sync fails is in the log all the same.
    @Test func `a change that failed at its sync is not there after a kill`() async throws {
        for step in 0..<3 {
            let folder = try TemporaryFolder(isInMemory: true), copy = try TemporaryFolder(isInMemory: true)
            let disk = try FaultyDisk(folder.path), path = folder.appending("gallery.sqlite")
            let gallery = try await SQLiteGallery.open(path: path)
            _ = try await gallery.activate(GalleryFixture.model)
            disk.fail(.sync, with: .syncError, after: step, times: 1)
            let name = try IdentityName("alice")
            let failure = await #expect(throws: GalleryError.self) {
                for _ in 0..<4 {
                    _ = try await gallery.enroll(GalleryFixture.sample(), as: name, modality: .face, by: nil)
                }
            }
            if case .diskFailed(path, _)? = failure {} else { Issue.record("\(String(describing: failure))") }
            let samples = try await gallery.counts().samples
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(
                    atPath: path + suffix, toPath: copy.appending("gallery.sqlite" + suffix))
            }
            let again = try await SQLiteGallery.open(path: copy.appending("gallery.sqlite"))
            #expect(try await again.counts().samples == samples)
            #expect(samples == step)
        }
    }

    @Test(arguments: DiskFault.allCases)
    func `a disk that fails while a gallery is opened, made or migrated leaves one that opens afterwards`(
        fault: DiskFault
    ) async throws {
        let golden = try #require(
            Bundle.module.url(forResource: "schema-1", withExtension: "sqlite", subdirectory: "Golden"))
        var tally = FaultTally(), random = SeededGenerator(seed: UInt64(fault.seed))
        for scene in ["made", "migrated", "opened"] {
            var after = 0, isOver = false
            while !isOver {
                let folder = try TemporaryFolder(isInMemory: true), path = folder.appending("gallery.sqlite")
                if scene != "made" { try FileManager.default.copyItem(at: golden, to: URL(fileURLWithPath: path)) }
                if scene == "opened" {
                    try await SQLiteGallery.open(path: path, options: FaultRuns.options(3, 0, acceptsUnencrypted: true))
                        .close()
                }
                let disk = try FaultyDisk(folder.path), comment: Comment = "\(fault), \(scene), after \(after)"
                fault.make(on: disk, after: after, times: random.next() % 2 == 0 ? 1 : nil)
                do {
                    try await SQLiteGallery.open(path: path, options: FaultRuns.options(3, 0, acceptsUnencrypted: true))
                        .close()
                } catch {
                    tally.refusals += 1
                    #expect(fault.isTold(by: error), "\(comment): \(error)")
                }
                isOver = disk.failures == 0
                tally.add(disk)
                disk.recover()
                let gallery = try await SQLiteGallery.open(
                    path: path, options: FaultRuns.options(3, 0, acceptsUnencrypted: true))
                let expected =
                    scene == "made"
                    ? GalleryCounts(identities: 0, samples: 0) : GalleryCounts(identities: 3, samples: 6)
                #expect(try await gallery.counts() == expected, comment)
                #expect(try await gallery.check { _, _ in }.damage.isEmpty, comment)
                try await gallery.close()
                after += Self.runs < 200 ? 1 + Int(random.next() % 24) : 1
            }
        }
        print("\(fault), at the opening: \(tally)")
    }
}

/// What is wrong with a disk.
enum DiskFault: String, CaseIterable, CustomStringConvertible {
    case read, write, sync, truncation, opening, removal, noRoom, noRoomUntilFreed

    var description: String {
        switch self {
        case .read: "EIO on a read"
        case .write: "EIO on a write"
        case .sync: "EIO on a sync"
        case .truncation: "EIO on a truncation"
        case .opening: "a file that cannot be opened"
        case .removal: "EIO on a removal"
        case .noRoom: "ENOSPC"
        case .noRoomUntilFreed: "ENOSPC until there is room"
        }
    }

    var seed: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// Whether changes open or remove no file.
    var isMetAmidChanges: Bool { self != .opening && self != .removal }

    /// Makes it happen at some time, once, a few times or until the disk recovers.
    func make(on disk: FaultyDisk, _ random: inout SeededGenerator) {
        let times = [1, 1, 3, nil][Int(random.next() % 4)]
        switch self {
        case .noRoomUntilFreed: disk.leave(bytes: Int(random.next() % 200_000))
        case .read, .write: make(on: disk, after: Int(random.next() % 200), times: times)
        default: make(on: disk, after: Int(random.next() % 8), times: times)
        }
    }

    func make(on disk: FaultyDisk, after: Int, times: Int?) {
        switch self {
        case .read: disk.fail(.read, with: .readError, after: after, times: times)
        case .write: disk.fail(.write, with: .writeError, after: after, times: times)
        case .sync: disk.fail(.sync, with: .syncError, after: after, times: times)
        case .truncation: disk.fail(.truncate, with: .truncationError, after: after, times: times)
        case .opening: disk.fail(.open, with: .cannotOpen, after: after, times: times)
        case .removal: disk.fail(.delete, with: .removalError, after: after, times: times)
        case .noRoom: disk.fail(.write, with: .full, after: after, times: times)
        case .noRoomUntilFreed: disk.leave(bytes: after * 4096)
        }
    }

    /// Whether an error says what is wrong.
    func isTold(by error: any Error) -> Bool {
        switch (self, error as? GalleryError) {
        case (.read, .diskFailed), (.write, .diskFailed), (.sync, .diskFailed), (.truncation, .diskFailed),
            (.removal, .diskFailed),
            (.opening, .cannotOpen), (.noRoom, .diskFull), (.noRoomUntilFreed, .diskFull):
            true
        default: false
        }
    }
}

/// What was done to a gallery, and what it said.
struct FaultTally: CustomStringConvertible {
    private var runs = 0
    private(set) var failures = 0
    var refusals = 0
    var acknowledged = 0

    mutating func add(_ disk: FaultyDisk) {
        runs += 1
        failures += disk.failures
    }

    var description: String {
        "\(runs) runs, \(failures) operations failed, \(refusals) changes refused, \(acknowledged) acknowledged"
    }
}
