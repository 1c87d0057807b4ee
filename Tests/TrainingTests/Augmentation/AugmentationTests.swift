// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import Testing
import Training

@Suite struct AugmentationTests {
    /// A bright ring on black.
    private let ring: GrayImage = {
        var image = GrayImage(width: 60, height: 40, repeating: 0)
        for y in 0..<40 {
            for x in 0..<60 {
                let distance = hypot(Double(x) - 29.5, Double(y) - 19.5)
                image[x, y] = UInt8(255 * min(max(3 - abs(distance - 12), 0), 1))
            }
        }
        return image
    }()

    private var everything: Augmentation {
        var augmentation = Augmentation()
        augmentation.affine = .init(rotation: 10, shear: 0.1, scale: 0.8...1.2, anisotropy: 0.1, translation: 0.1)
        augmentation.elastic = .init(displacement: 1...2, spacing: 10)
        augmentation.strokeWidth = .init(change: -1...1)
        augmentation.ink = .init(gain: 0.8...1.1, gamma: 0.7...1.4)
        augmentation.twoLevel = .init(probability: 0.5, level: 0.2...0.6, softness: 0...0.5)
        augmentation.blur = .init(sigma: 0.3...1)
        augmentation.paper = .init(shade: 0...0.2, texture: 0...0.1)
        augmentation.noise = .init(deviation: 0...0.05)
        augmentation.erasing = .init(share: 0...0.1)
        return augmentation
    }

    private func mean(_ image: GrayImage) -> Double {
        image.pixels.reduce(0) { $0 + Double($1) } / Double(image.pixels.count)
    }

    private func center(_ image: GrayImage) -> (x: Double, y: Double) {
        var x = 0.0, y = 0.0, sum = 0.0
        for row in 0..<image.height {
            for column in 0..<image.width {
                let level = Double(image[column, row])
                (x, y, sum) = (x + level * Double(column), y + level * Double(row), sum + level)
            }
        }
        return (x / sum, y / sum)
    }

    @Test func theStreamAloneChoosesTheResultAndTheSizeIsKept() {
        for seed in 0..<20 as Range<UInt64> {
            var first = RandomSource(seed: seed), second = first, other = RandomSource(seed: seed + 100)
            let image = everything.applied(to: ring, random: &first)
            #expect(image == everything.applied(to: ring, random: &second))
            #expect(first == second)
            #expect(image != everything.applied(to: ring, random: &other))
            #expect(image.width == 60 && image.height == 40)
        }
    }

    @Test(arguments: [(1, 1), (1, 7), (3, 1)]) func theSmallestImagesAreTaken(_ size: (Int, Int)) {
        var random = RandomSource(seed: 1)
        for _ in 0..<20 {
            let image = everything.applied(
                to: GrayImage(width: size.0, height: size.1, repeating: 200), random: &random)
            #expect(image.width == size.0 && image.height == size.1)
        }
    }

    @Test func changesOfNoSizeChangeNothing() {
        var augmentation = Augmentation(), random = RandomSource(seed: 1)
        #expect(augmentation.applied(to: ring, random: &random) == ring)
        augmentation.affine = .init()
        augmentation.elastic = .init(displacement: 0...0, spacing: 10)
        augmentation.strokeWidth = .init(change: 0...0)
        augmentation.ink = .init()
        augmentation.blur = .init(sigma: 0...0)
        augmentation.paper = .init()
        augmentation.noise = .init(deviation: 0...0)
        augmentation.erasing = .init(share: 0...0)
        #expect(augmentation.applied(to: ring, random: &random) == ring)
    }

    @Test func changesOfProbability0AreNeverMade() {
        var augmentation = everything, random = RandomSource(seed: 1)
        augmentation.affine?.probability = 0
        augmentation.elastic?.probability = 0
        augmentation.strokeWidth?.probability = 0
        augmentation.ink?.probability = 0
        augmentation.twoLevel?.probability = 0
        augmentation.blur?.probability = 0
        augmentation.paper?.probability = 0
        augmentation.noise?.probability = 0
        augmentation.erasing?.probability = 0
        for _ in 0..<20 { #expect(augmentation.applied(to: ring, random: &random) == ring) }
    }

    @Test func aProbabilityIsTheShareOfTheImagesThatAreChanged() {
        var augmentation = Augmentation(), random = RandomSource(seed: 1)
        augmentation.ink = .init(probability: 0.3, gain: 0.5...0.6)
        let changed = (0..<1000).count { _ in augmentation.applied(to: ring, random: &random) != ring }
        #expect((250...350).contains(changed))
    }

    @Test func shiftsAreWithinTheirShareOfTheSides() {
        var augmentation = Augmentation(), random = RandomSource(seed: 2)
        augmentation.affine = .init(translation: 0.1)
        let start = center(ring)
        var shifts: [Double] = []
        for _ in 0..<50 {
            let moved = center(augmentation.applied(to: ring, random: &random))
            #expect(abs(moved.x - start.x) <= 6.1 && abs(moved.y - start.y) <= 4.1)
            shifts.append(moved.x - start.x)
        }
        #expect((shifts.max() ?? 0) > 3 && (shifts.min() ?? 0) < -3)
    }

    @Test func aTurnIsAboutTheMiddleAndByNoMoreThanStated() {
        // A bright spot 12 pixels to the right of the middle goes along a circle.
        var spot = GrayImage(width: 41, height: 41, repeating: 0)
        for y in 19...21 { for x in 31...33 { spot[x, y] = 255 } }
        var augmentation = Augmentation(), random = RandomSource(seed: 3)
        augmentation.affine = .init(rotation: 30)
        var angles: [Double] = []
        for _ in 0..<50 {
            let position = center(augmentation.applied(to: spot, random: &random))
            #expect(abs(hypot(position.x - 20, position.y - 20) - 12) < 0.2)
            angles.append(atan2(position.y - 20, position.x - 20) * 180 / .pi)
        }
        #expect((angles.map(abs).max() ?? 0) <= 30.5 && (angles.max() ?? 0) > 15 && (angles.min() ?? 0) < -15)
    }

    @Test func elasticDisplacementsHaveTheStatedSizeAndAreSmooth() {
        // A ramp shows how far its pixels came: one level a pixel.
        var ramp = GrayImage(width: 200, height: 200, repeating: 0)
        for y in 0..<200 { for x in 0..<200 { ramp[x, y] = UInt8(x + 20) } }
        var augmentation = Augmentation(), random = RandomSource(seed: 4)
        augmentation.elastic = .init(displacement: 3...3, spacing: 20)
        var squares = 0.0, count = 0.0
        for _ in 0..<10 {
            let warped = augmentation.applied(to: ramp, random: &random)
            for y in 20..<180 {
                for x in 20..<180 {
                    let moved = Double(warped[x, y]) - Double(ramp[x, y])
                    squares += moved * moved
                    count += 1
                    let next = Double(warped[x + 1, y]) - Double(ramp[x + 1, y])
                    #expect(abs(moved - next) <= 2)
                }
            }
        }
        #expect(abs((squares / count).squareRoot() - 3) < 0.5)
    }

    @Test func strokesGrowAndShrinkByTheStatedWidth() {
        var bar = GrayImage(width: 30, height: 20, repeating: 0)
        for y in 0..<20 { for x in 12..<18 { bar[x, y] = 255 } }
        func width(_ change: Float) -> Double {
            var augmentation = Augmentation(), random = RandomSource(seed: 5)
            augmentation.strokeWidth = .init(change: change...change)
            return augmentation.applied(to: bar, random: &random).pixels[300..<330].reduce(0) { $0 + Double($1) } / 255
        }
        for change in [-4, -1, -0.5, 0.5, 1, 2, 3] as [Float] {
            #expect(abs(width(change) - (6 + Double(change))) < 0.02, "\(change)")
        }
    }

    @Test func noisePaperBlurAndErasingDoWhatTheySay() {
        let gray = GrayImage(width: 100, height: 100, repeating: 128),
            black = GrayImage(width: 100, height: 100, repeating: 0)
        func change(_ image: GrayImage, _ set: (inout Augmentation) -> Void) -> GrayImage {
            var augmentation = Augmentation(), random = RandomSource(seed: 6)
            set(&augmentation)
            return augmentation.applied(to: image, random: &random)
        }
        let noisy = change(gray) { $0.noise = .init(deviation: 0.1...0.1) }
        let deviation = (noisy.pixels.reduce(0) { $0 + pow(Double($1) - 128, 2) } / 10_000).squareRoot()
        #expect(abs(deviation - 25.5) < 1 && abs(mean(noisy) - 128) < 1)

        let paper = change(black) { $0.paper = .init(shade: 0.4...0.4, texture: 0.02...0.02) }
        #expect(mean(paper) > 5 && mean(paper) < 102)
        #expect((paper.pixels.max() ?? 0) < 140)

        let blurred = change(ring) { $0.blur = .init(sigma: 1.5...1.5) }
        #expect(abs(mean(blurred) - mean(ring)) < 0.5 && (blurred.pixels.max() ?? 0) < 240)

        let erased = change(gray) { $0.erasing = .init(share: 0.2...0.2) }
        #expect(abs(erased.pixels.count { $0 == 0 } - 2000) < 100)
        #expect(erased.pixels.allSatisfy { $0 == 0 || $0 == 128 })
    }

    @Test func inkIsTonedByGainAndGamma() {
        let ramp = GrayImage(width: 256, height: 1, pixels: (0...255).map { UInt8($0) })
        var augmentation = Augmentation(), random = RandomSource(seed: 6)
        augmentation.ink = .init(gain: 0.5...0.5, gamma: 2...2)
        let toned = augmentation.applied(to: ramp, random: &random)
        for level in 0...255 { #expect(abs(Double(toned.pixels[level]) - 127.5 * pow(Double(level) / 255, 2)) <= 0.51) }
    }

    @Test func whatIsWrittenIsRead() throws {
        #expect(try JSONDecoder().decode(Augmentation.self, from: JSONEncoder().encode(everything)) == everything)
    }

    @Test func numbersOutOfRangeAreNamed() throws {
        try everything.check()
        var augmentation = everything
        augmentation.blur?.sigma = 0...99
        #expect(
            throws: TrainingError.invalidInput(
                reason: "blur.sigma of the augmentation is 0.0…99.0, and 0.0…20.0 is allowed")
        ) {
            try augmentation.check()
        }
        augmentation = everything
        augmentation.affine?.probability = .nan
        #expect(throws: TrainingError.self) { try augmentation.check() }
    }

    @Test func twoLevelsKeepTheOrderOfLevelsAndMakeFullInkAndNone() {
        let ramp = GrayImage(width: 256, height: 1, pixels: (0...255).map { UInt8($0) })
        var augmentation = Augmentation(), random = RandomSource(seed: 1)
        augmentation.twoLevel = .init(level: 0.4...0.4, softness: 0.2...0.2)
        let soft = augmentation.applied(to: ramp, random: &random).pixels
        #expect(soft == soft.sorted() && soft[76] == 0 && abs(Int(soft[102]) - 128) <= 2 && soft[128] == 255)
        augmentation.twoLevel?.softness = 0...0
        let hard = augmentation.applied(to: ramp, random: &random).pixels
        #expect(hard[...101].allSatisfy { $0 == 0 } && hard[103...].allSatisfy { $0 == 255 })
    }
}
