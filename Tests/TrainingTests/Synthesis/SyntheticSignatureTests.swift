// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import Testing
import Training

@Suite struct SyntheticSignatureTests {
    private func synthesizer(paper: Float = 0) throws -> SignatureSynthesizer {
        try SignatureSynthesizer(options: .init(resolutions: [150], paperShare: paper))
    }

    /// The ink's thickness in each cell of an 8 × 16 grid over a signature's bounds.
    private func sketch(_ image: GrayImage) -> [Double] {
        image.resized(width: 16, height: 8, method: .area).pixels.map { 255 - Double($0) }
    }

    private func distance(_ first: [Double], _ second: [Double]) -> Double {
        func unit(_ values: [Double]) -> [Double] {
            let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return values.map { $0 / length }
        }
        return zip(unit(first), unit(second)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }

    @Test func theNumberOfAWriterAndTheStreamAloneChooseAnImage() throws {
        let synthesizer = try synthesizer(paper: 0.5)
        for seed in 0..<4 as Range<UInt64> {
            var first = RandomSource(seed: seed), second = first
            let genuine = synthesizer.writer(seed).genuine(&first)
            #expect(genuine == synthesizer.writer(seed).genuine(&second))
            #expect(synthesizer.writer(seed).forgery(&first) == synthesizer.writer(seed).forgery(&second))
            #expect(genuine != synthesizer.writer(seed).genuine(&first))
            #expect(genuine != synthesizer.writer(seed + 100).genuine(&second))
        }
    }

    @Test func imagesAreDarkInkOnLightPaperWithAMargin() throws {
        let synthesizer = try synthesizer()
        var random = RandomSource(seed: 1)
        for seed in 0..<12 as Range<UInt64> {
            let writer = synthesizer.writer(seed)
            for image in [writer.genuine(&random), writer.forgery(&random)] {
                let dark = Double(image.pixels.count { $0 < 128 }) / Double(image.pixels.count)
                #expect(dark > 0.002 && dark < 0.4, "writer \(seed): \(dark)")
                #expect((0..<image.width).allSatisfy { image[$0, 0] == 255 && image[$0, image.height - 1] == 255 })
                #expect((0..<image.height).allSatisfy { image[0, $0] == 255 && image[image.width - 1, $0] == 255 })
                #expect(max(image.width, image.height) <= 4001)
            }
        }
    }

    @Test func samplesOfOneWriterAreNearerThanThoseOfTwo() throws {
        let synthesizer = try synthesizer()
        var random = RandomSource(seed: 2)
        let sketches = (0..<12).map { seed in
            let writer = synthesizer.writer(UInt64(seed))
            return (0..<3).map { _ in sketch(writer.genuine(&random)) }
        }
        // How often a sample's nearest other sample is by the same writer: by chance 2 of 35.
        let samples = sketches.enumerated().flatMap { writer, samples in samples.map { (writer, $0) } }
        let right = samples.indices.count { index in
            let others = samples.indices.filter { $0 != index }
            let nearest = others.min {
                distance(samples[$0].1, samples[index].1) < distance(samples[$1].1, samples[index].1)
            }
            return nearest.map { samples[$0].0 == samples[index].0 } ?? false
        }
        #expect(right >= 30, "\(right) of 36")
    }

    @Test func forgeriesAreSlowerLessLikeTheModelAndStillLikeIt() throws {
        let synthesizer = try synthesizer()
        var random = RandomSource(seed: 3)
        var slower = 0, same = 0.0, forged = 0.0, other = 0.0
        for seed in 0..<12 as Range<UInt64> {
            let writer = synthesizer.writer(seed)
            let genuine = writer.genuineTrajectory(&random), forgery = writer.forgedTrajectory(&random)
            if forgery.length / forgery.duration < 0.7 * genuine.length / genuine.duration { slower += 1 }
            #expect(abs(log(forgery.length / genuine.length)) < 0.7)
            let sample = sketch(writer.genuine(&random))
            same += distance(sample, sketch(writer.genuine(&random)))
            forged += distance(sample, sketch(writer.forgery(&random)))
            other += distance(sample, sketch(synthesizer.writer(seed + 50).genuine(&random)))
        }
        #expect(slower >= 11)
        #expect(same < forged && forged < other, "\(same) \(forged) \(other)")
    }

    @Test func aSetIsRenderedByTheCacheAndEachSampleDependsOnItsOwnNumbers() throws {
        let options = SignatureSynthesizer.Options(resolutions: [100], paperShare: 0)
        let set = try SyntheticSignatureSet(writers: 3, genuine: 2, forgeries: 1, seed: 9, options: options)
        #expect(
            set.images.map(\.kind) == [
                .genuine, .genuine, .forgery, .genuine, .genuine, .forgery, .genuine, .genuine, .forgery,
            ])
        #expect(Set(set.images.map(\.identity)).count == 3)
        func cache(_ set: SyntheticSignatureSet) throws -> ImageCache {
            try ImageCache(set.images, width: 40, height: 20, decoding: .local) {
                $0.grayscale().resized(width: 40, height: 20, method: .area)
            }
        }
        let first = try cache(set)
        let more = try cache(SyntheticSignatureSet(writers: 4, genuine: 2, forgeries: 1, seed: 9, options: options))
        #expect((0..<9).allSatisfy { first.tile($0) == more.tile($0) })
        #expect(Set((0..<9).map { first.tile($0) }).count == 9)
    }

    @Test func optionsOutOfRangeAreRefused() {
        #expect(throws: TrainingError.self) { try SignatureSynthesizer(options: .init(resolutions: [])) }
        #expect(throws: TrainingError.self) { try SignatureSynthesizer(options: .init(resolutions: [10])) }
        #expect(throws: TrainingError.self) { try SignatureSynthesizer(options: .init(paperShare: .nan)) }
        #expect(throws: TrainingError.self) {
            try SyntheticSignatureSet(writers: -1, genuine: 1, forgeries: 1, seed: 1)
        }
    }
}
