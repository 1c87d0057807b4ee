// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import ProgramHarness
import Recognition
import Synchronization
import Testing

@Suite struct CalibratorTests {
    /// Glyphs of made-up writers: a pattern each, with noise of its own in each image.
    private func identities(people: Int, images: Int, noise: Int = 60) throws -> [Calibrator.Identity] {
        try (0..<people).map { person in
            Calibrator.Identity(
                name: "p\(person)",
                images: try (0..<images).map { number in
                    var generator = SeededGenerator(seed: UInt64(person * 1000 + number))
                    var image = Fixtures.pattern(width: 8, height: 8, seed: person * 13)
                    for index in image.pixels.indices {
                        let level = UInt8(
                            min(
                                max(
                                    Int(image.pixels[index].luma) + Int.random(in: -noise...noise, using: &generator), 0
                                ), 255))
                        image.pixels[index] = RGB(red: level, green: level, blue: level)
                    }
                    let bytes = try image.pngBytes()
                    return Calibrator.Image(name: "p\(person)/\(number).png") { bytes }
                })
        }
    }

    @Test func everyPairCountsOnceAndThresholdsHoldForAllNumbersOfSamples() async throws {
        let recognizer = try Recognizer(package: Fixtures.package())
        let done = Mutex<[Int]>([])
        let outcome = try await Calibrator(recognizer: recognizer, decoding: .local).calibrate(
            identities(people: 8, images: 7), setName: "glyphs made up"
        ) { count, total in
            #expect(total == 56)
            done.withLock { $0.append(count) }
        }
        #expect(done.withLock { $0.sorted() } == Array(1...56))
        // Pairs of 7; two references of 3 against 4 others each; one of 5 against 2.
        #expect(outcome.evaluations[1]?.genuineCount == 8 * 21)
        #expect(outcome.evaluations[1]?.impostorCount == 28 * 49)
        #expect(outcome.evaluations[3]?.genuineCount == 8 * 2 * 4)
        #expect(outcome.evaluations[3]?.impostorCount == 8 * 2 * 49)
        #expect(outcome.evaluations[5]?.genuineCount == 8 * 2)
        #expect(outcome.evaluations[5]?.impostorCount == 8 * 49)
        let calibration = outcome.calibration
        #expect(calibration.genuineCount == 8 * (21 + 8 + 2))
        #expect(calibration.operatingPoints.map(\.falseMatchRate) == Calibration.standardRates)
        for point in calibration.operatingPoints {
            let thresholds = outcome.evaluations.values.map { $0.threshold(falseMatchRate: point.falseMatchRate) }
            #expect(point.threshold == thresholds.min())
            for evaluation in outcome.evaluations.values {
                #expect(evaluation.falseMatchRate(at: point.threshold) <= point.falseMatchRate)
            }
        }
        #expect(calibration.set.hasPrefix("glyphs made up: 8 people, 56 of 56 images"))
        #expect(outcome.failures.isEmpty)
    }

    @Test func picturesThatRepeatOthersOfAPersonCountOnce() async throws {
        let calibrator = Calibrator(recognizer: try Recognizer(package: Fixtures.package()), decoding: .local)
        let people = try identities(people: 6, images: 4)
        // The same pixels in another file, and for somebody else too.
        let repeated = people.map { person in
            Calibrator.Identity(name: person.name, images: person.images + person.images.prefix(2))
        }
        let once = try await calibrator.calibrate(people, setName: "x"),
            twice = try await calibrator.calibrate(repeated, setName: "x")
        #expect(
            twice.calibration.genuineCount == once.calibration.genuineCount && twice.calibration.a == once.calibration.a
        )
        #expect(twice.calibration.set.contains("24 of 36 images (12 repeat others)"), "\(twice.calibration.set)")
    }

    @Test func distancesAreThoseOfTheReferencesThatADaemonWouldMakeBySpreadToo() async throws {
        var manifest = try Fixtures.manifest(normalize: true)
        let plain = try await Calibrator(
            recognizer: Recognizer(
                package: ModelPackage(manifest: manifest, files: ["embed.onnx": Fixtures.network()])),
            decoding: .local
        )
        .calibrate(identities(people: 8, images: 7, noise: 2), setName: "x")
        manifest.spread = ReferenceSpread(usual: 1)
        let package = try ModelPackage(manifest: manifest, files: ["embed.onnx": Fixtures.network()])
        let spread = try await Calibrator(recognizer: Recognizer(package: package), decoding: .local).calibrate(
            identities(people: 8, images: 7, noise: 2), setName: "x")
        #expect(spread.calibration.set.contains("“normalised-mean, by spread”"))
        // Beside so large a usual spread the own one is nothing: the roots of 6/4, and of 8/4, which is more than the
        // most.
        for (count, factor) in [(1, 1.0), (3, 1.5.squareRoot()), (5, 1.4)] {
            let before = try #require(plain.evaluations[count]), after = try #require(spread.evaluations[count])
            let threshold = before.threshold(falseMatchRate: 0.05)
            #expect(abs(after.threshold(falseMatchRate: 0.05) / threshold - factor) < 0.01, "\(count)")
        }
    }

    @Test func theSameImagesGiveTheSameCalibration() async throws {
        let calibrator = Calibrator(recognizer: try Recognizer(package: Fixtures.package()), decoding: .local)
        let first = try await calibrator.calibrate(identities(people: 6, images: 5), setName: "x")
        for _ in 0..<3 {
            #expect(
                try await calibrator.calibrate(identities(people: 6, images: 5), setName: "x").calibration
                    == first.calibration)
        }
    }

    @Test func tooFewImagesAreRefusedBeforeOneIsRead() async throws {
        let image = Calibrator.Image(name: "never.png") {
            Issue.record("an image was read")
            return []
        }
        let people = (0..<3).map { Calibrator.Identity(name: "p\($0)", images: [image, image]) }
        let calibrator = Calibrator(recognizer: try Recognizer(package: Fixtures.package()), decoding: .local)
        await #expect(throws: CalibrationError.tooFewPairs(genuine: 3, impostor: 12, minimum: 10)) {
            try await calibrator.calibrate(people, setName: "x")
        }
    }

    @Test func failuresToAcquireAreCountedAndNamed() async throws {
        struct Gone: Error {}
        var identities = try identities(people: 6, images: 5)
        identities[2] = Calibrator.Identity(
            name: "p2",
            images: identities[2].images.dropLast(2) + [
                Calibrator.Image(name: "broken.png") { [1, 2, 3] }, Calibrator.Image(name: "gone.png") { throw Gone() },
            ])
        let outcome = try await Calibrator(recognizer: Recognizer(package: Fixtures.package()), decoding: .local)
            .calibrate(identities, setName: "x")
        #expect(outcome.failures.map(\.image) == ["broken.png", "gone.png"])
        #expect(outcome.failures.allSatisfy { !$0.reason.isEmpty })
        #expect(outcome.imageCount == 30)
        #expect(outcome.calibration.set.contains("28 of 30 images"))
        #expect(outcome.evaluations[1]?.genuineCount == 5 * 10 + 3)
    }

    @Test func skilledForgeriesMoveNoThresholdAndAreStatedBesideIt() async throws {
        let calibrator = Calibrator(recognizer: try Recognizer(package: Fixtures.package()), decoding: .local)
        let plain = try identities(people: 8, images: 6, noise: 15)
        let others = try identities(people: 8, images: 12, noise: 15)
        // Two of each person's forgeries are as good as the person's own images, two are somebody else's.
        let forged = plain.enumerated().map { person, identity in
            Calibrator.Identity(
                name: identity.name, images: identity.images,
                forgeries: Array(others[person].images[6..<8]) + Array(others[(person + 1) % 8].images[6..<8]))
        }
        let without = try await calibrator.calibrate(plain, setName: "x")
        let with = try await calibrator.calibrate(forged, setName: "x")
        #expect(with.calibration.a == without.calibration.a && with.calibration.d0 == without.calibration.d0)
        let standard = Calibration.standardRates.map { with.calibration.operatingPoint(falseMatchRate: $0) }
        #expect(standard.map { $0?.threshold } == without.calibration.operatingPoints.map(\.threshold))
        #expect(without.calibration.operatingPoints.allSatisfy { $0.skilledFalseMatchRate == nil })
        let rates = standard.compactMap { $0?.skilledFalseMatchRate }
        #expect(rates.count == 3)
        #expect(rates.allSatisfy { $0 > 0.4 && $0 <= 0.5 }, "\(rates)")
        #expect(rates == rates.sorted(by: >))
        #expect(with.calibration.set.contains("32 of them skilled forgeries"))
        let package = try Fixtures.package(calibration: with.calibration)
        #expect(try ManifestTests.reread(package).manifest.calibration == with.calibration)
    }

    @Test func tooFewPeopleOrImagesAreATypedError() async throws {
        let calibrator = Calibrator(recognizer: try Recognizer(package: Fixtures.package()), decoding: .local)
        for (people, images) in [(0, 0), (1, 20), (2, 1), (2, 2)] {
            await #expect(throws: CalibrationError.self) {
                try await calibrator.calibrate(identities(people: people, images: images), setName: "x")
            }
        }
    }
}
