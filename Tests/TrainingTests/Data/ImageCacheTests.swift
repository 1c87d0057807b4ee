// SPDX-License-Identifier: Apache-2.0

import Imaging
import Synchronization
import Testing
import Training

@Suite struct ImageCacheTests {
    private final class Counter: Sendable {
        let calls = Mutex(0)
    }

    private func generated(_ name: String, _ levels: [UInt8], identity: String = "x") -> LabeledImage {
        LabeledImage(
            identity: identity,
            source: .generated(name: name, basis: { "\(levels)" }) {
                GrayImage(width: 2, height: 2, pixels: levels).rgb()
            }, kind: .genuine)
    }

    @Test func everySourceIsPreparedOnceHoweverManyNameIt() throws {
        let counter = Counter()
        let images = ["a", "b", "a", "a"].map { generated($0, [1, 2, 3, $0 == "a" ? 4 : 5]) }
        let cache = try ImageCache(images, width: 2, height: 2, decoding: .local) {
            counter.calls.withLock { $0 += 1 }
            return $0.grayscale()
        }
        #expect(counter.calls.withLock { $0 } == 2)
        #expect((0..<4).map { cache.tile($0).pixels[3] } == [4, 5, 4, 4])
    }

    @Test func whatIsRefusedIsLeftOutWithItsCauseAndOthersKeepTheirOrder() throws {
        struct Refusal: Error, CustomStringConvertible { let description = "too dark" }
        let images = (0..<5).map { generated("\($0)", [UInt8($0), 0, 0, 0]) }
        func cache(_ share: Double) throws -> ImageCache {
            try ImageCache(images, width: 2, height: 2, limits: .init(maximumBadShare: share), decoding: .local) {
                image in
                if image.pixels[0].red == 2 { throw Refusal() }
                return image.pixels[0].red == 3 ? GrayImage(width: 1, height: 1, repeating: 0) : image.grayscale()
            }
        }
        let kept = try cache(0.4)
        #expect(kept.positions == [0, 1, nil, nil, 2])
        #expect((0..<kept.count).map { kept.tile($0).pixels[0] } == [0, 1, 4])
        #expect(
            kept.report.defects.map(\.description) == [
                "2: too dark", "3: its preparation gave 1 × 1 pixels in place of 2 × 2",
            ])
        #expect(throws: DataSetError.tooManyBad(kept.report, maximumShare: 0.3)) { try cache(0.3) }
    }

    @Test func filesThatAreNoImagesAreReported() throws {
        let folder = try DataFolder()
        let good = try folder.image("good.png", level: 7), bad = try folder.write("GIF89a", to: "bad.png")
        let images = [good, bad, folder.path("none.png"), folder.path].map {
            LabeledImage(identity: "x", source: .file($0), kind: .genuine)
        }
        let cache = try ImageCache(images, width: 4, height: 3, limits: .init(maximumBadShare: 1), decoding: .local) {
            $0.grayscale()
        }
        #expect(cache.count == 1 && cache.tile(0).pixels.allSatisfy { $0 == 7 })
        #expect(
            cache.report.defects.map(\.cause) == [
                "the file looks like GIF, which is not read; convert it to PNG or JPEG", "there is no such file",
                "it is a folder and no image",
            ])
    }

    @Test func theMemoryIsBoundedBeforeAnythingIsDecoded() {
        let counter = Counter()
        let images = (0..<5).map { generated("\($0)", [0, 0, 0, 0]) }
        #expect(throws: DataSetError.self) {
            try ImageCache(images, width: 2, height: 2, limits: .init(maximumBytes: 19), decoding: .local) {
                counter.calls.withLock { $0 += 1 }
                return $0.grayscale()
            }
        }
        #expect(counter.calls.withLock { $0 } == 0)
    }

    @Test func turnedAndMirroredImagesAreFurtherIdentities() throws {
        let images = VirtualIdentities.adding(quarterTurns: true, mirrored: true, to: [generated("a", [1, 2, 3, 4])])
        #expect(Set(images.map(\.identity)).count == 8 && Set(images.map { $0.original ?? $0.identity }) == ["x"])
        let cache = try ImageCache(images, width: 2, height: 2, decoding: .local) { $0.grayscale() }
        // Clockwise quarter turns of 1 2 / 3 4, then of its mirror image 2 1 / 4 3.
        #expect(
            (0..<8).map { cache.tile($0).pixels } == [
                [1, 2, 3, 4], [3, 1, 4, 2], [4, 3, 2, 1], [2, 4, 1, 3], [2, 1, 4, 3], [4, 2, 3, 1], [3, 4, 1, 2],
                [1, 3, 2, 4],
            ])
    }

    @Test(arguments: [0, 1, 2, 3], [false, true])
    func orientationsFollowOneAnotherAsTheImagesDo(_ turns: Int, _ mirrored: Bool) throws {
        let first = ImageOrientation(quarterTurns: 1, isMirrored: true)
        let second = ImageOrientation(quarterTurns: turns, isMirrored: mirrored)
        func tile(_ levels: [UInt8], _ orientation: ImageOrientation) throws -> [UInt8] {
            var image = generated("a", levels)
            image.orientation = orientation
            return try ImageCache([image], width: 2, height: 2, decoding: .local) { $0.grayscale() }.tile(0).pixels
        }
        #expect(try tile(tile([1, 2, 3, 4], first), second) == tile([1, 2, 3, 4], first.followed(by: second)))
    }

    @Test func numbersOfABatchDoNotDependOnTheThreads() throws {
        let images = (0..<9).map { number in
            LabeledImage(
                identity: "x",
                source: .generated(name: "\(number)", basis: { "" }) {
                    RGBImage(width: 20, height: 10, repeating: RGB(red: 200, green: 9, blue: 30))
                },
                kind: .genuine)
        }
        let cache = try ImageCache(images, width: 20, height: 10, decoding: .local) { $0.grayscale() }
        var augmentation = Augmentation()
        augmentation.noise = .init(deviation: 0.1...0.1)
        let values = [1, 2, 5].map { threads in
            var random = RandomSource(seed: 4)
            return cache.values(of: [0, 3, 3, 8], augmentation: augmentation, random: &random, threads: threads)
        }
        #expect(values[0] == values[1] && values[0] == values[2])
        #expect(values[0].count == 4 * 200 && values[0].allSatisfy { (0...1).contains($0) })
        #expect(values[0][200..<400] != values[0][400..<600])
    }

    @Test(arguments: [UInt8(0), 255])
    func whatMovesIntoAnImageIsGroundAndNotInk(_ ground: UInt8) throws {
        var levels = Array(repeating: ground, count: 400)
        for y in 6..<14 { for x in 8..<12 { levels[y * 20 + x] = 255 - ground } }
        let image = GrayImage(width: 20, height: 20, pixels: levels)
        let cache = try ImageCache(
            [
                LabeledImage(
                    identity: "x", source: .generated(name: "bar", basis: { "" }) { image.rgb() }, kind: .genuine)
            ], width: 20, height: 20, decoding: .local
        ) { $0.grayscale() }
        var augmentation = Augmentation()
        augmentation.affine = .init(rotation: 40, translation: 0.2)
        var random = RandomSource(seed: 3)
        let values = cache.values(of: Array(repeating: 0, count: 50), augmentation: augmentation, random: &random)
        let inked = values.count { abs($0 - Float(ground) / 255) > 0.5 }
        #expect((50 * 20...50 * 36).contains(inked))
    }
}
