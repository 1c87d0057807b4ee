// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import Imaging
import Synchronization
import Testing
import Training

@Suite struct TileStoreTests {
    private let folder: DataFolder
    private let store: TileStore

    init() throws {
        folder = try DataFolder()
        store = try TileStore(folder: folder.path("kept"), preparation: "a")
    }

    private final class Counter: Sendable {
        let calls = Mutex(0)
    }

    /// The first levels of the tiles, and how many had to be prepared.
    private func prepared(
        _ images: [LabeledImage], in store: TileStore?, side: Int = 3
    ) throws -> (levels: [UInt8], count: Int) {
        let counter = Counter()
        let cache = try ImageCache(
            images, width: side, height: side, limits: .init(maximumBadShare: 1), decoding: .local, store: store
        ) {
            image in
            counter.calls.withLock { $0 += 1 }
            let level = image.pixels[0].red
            if level == 99 { throw CancellationError() }
            return GrayImage(width: side, height: side, repeating: level)
        }
        return ((0..<cache.count).map { cache.tile($0).pixels[side * side - 1] }, counter.calls.withLock { $0 })
    }

    private func generated(_ name: String, _ level: UInt8, orientation: ImageOrientation = .upright) -> LabeledImage {
        LabeledImage(
            identity: "x",
            source: .generated(name: name, basis: { "\(level)" }) {
                GrayImage(width: 2, height: 2, repeating: level).rgb()
            },
            kind: .genuine, orientation: orientation)
    }

    @Test func whatWasPreparedOnceIsTakenFromTheFile() throws {
        let file = LabeledImage(identity: "x", source: .file(try folder.image("a.png", level: 7)), kind: .genuine)
        let images = [file, generated("b", 8), generated("b", 8, orientation: ImageOrientation(quarterTurns: 1))]
        #expect(try prepared(images, in: store) == ([7, 8, 8], 3))
        #expect(try prepared(images + [generated("c", 9)], in: store) == ([7, 8, 8, 9], 1))
        #expect(try prepared(images, in: store) == ([7, 8, 8], 0))
    }

    @Test func anotherContentBasisSizeOrPreparationIsPreparedAnew() throws {
        let path = try folder.image("a.png", level: 7)
        let file = LabeledImage(identity: "x", source: .file(path), kind: .genuine)
        _ = try prepared([file, generated("b", 8)], in: store)
        _ = try folder.image("a.png", level: 17)
        #expect(try prepared([file, generated("b", 18)], in: store) == ([17, 18], 2))
        #expect(try prepared([file], in: try TileStore(folder: folder.path("kept"), preparation: "b")) == ([17], 1))
        #expect(
            try prepared([file], in: try TileStore(folder: folder.path("kept"), preparation: "c"), side: 5) == ([17], 1)
        )
    }

    @Test func whatIsRefusedIsNotKept() throws {
        #expect(try prepared([generated("a", 99), generated("b", 1)], in: store) == ([1], 2))
        #expect(try prepared([generated("a", 99), generated("b", 1)], in: store) == ([1], 1))
    }

    @Test(arguments: [-100, -9, 5, 40, 70, 145]) func aFileThatIsCutOrDamagedCostsOnlyTheTilesInIt(position: Int) throws
    {
        let images = [generated("a", 1), generated("b", 2), generated("c", 3)]
        _ = try prepared(images, in: store)
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path("kept")).first)
        let path = folder.path("kept") + "/" + name
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        if position < 0 { bytes.removeLast(-position) } else { bytes[position] ^= 0x40 }
        try bytes.write(to: URL(fileURLWithPath: path))
        let again = try prepared(images, in: store)
        #expect(again.levels == [1, 2, 3] && (1...2).contains(again.count))
        #expect(try prepared(images, in: store) == ([1, 2, 3], 0))
    }

    @Test func aFileThatIsGoneAndCannotBeMadeAnewIsARemarkAndNoFailure() throws {
        try FileManager.default.removeItem(atPath: folder.path("kept"))
        let cache = try ImageCache([generated("a", 1)], width: 2, height: 2, decoding: .local, store: store) {
            $0.grayscale()
        }
        #expect(cache.count == 1)
        #expect(cache.report.remarks.count == 1 && cache.report.remarks[0].contains("No such file or directory"))
    }

    @Test func aFolderThatCannotBeMadeOrIsAFileIsRefusedBeforeAnythingIsPrepared() throws {
        #expect(throws: FileFailure(path: folder.path("none/kept"), code: ENOENT)) {
            try TileStore(folder: folder.path("none/kept"), preparation: "a")
        }
        let file = try folder.write("x", to: "file")
        #expect(throws: FileFailure.self) { try TileStore(folder: file, preparation: "a") }
    }
}
