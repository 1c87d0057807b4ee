// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import ProgramHarness

/// Fills a gallery with identities that are made up, after the pattern of one that is enrolled.
struct GalleryFiller {
    private let path: String
    private let pattern: EnrolledSample
    private let modality: Modality
    private let image: [UInt8]
    private let model: ModelDescription
    private var generator: SeededGenerator
    private var filled = 0

    /// - Parameter name: an identity of the gallery, whose kept picture and measurements the others get.
    init(path: String, model name: String, seed: UInt64) async throws {
        self.path = path
        let gallery = try await SQLiteGallery.open(path: path)
        let content = try await gallery.content(of: try IdentityName(name))
        guard let content, let sample = content.samples.first, let image = sample.image,
            let generation = try await gallery.activeGenerations().first(where: {
                $0.model.modality == content.modality
            })
        else { throw HarnessError("“\(name)” has no sample with its picture") }
        try await gallery.close()
        pattern = sample.sample
        self.image = image
        modality = content.modality
        model = generation.model
        generator = SeededGenerator(seed: seed)
    }

    var keptBytes: Int { image.count }

    /// Adds identities until there are `size` of them.
    mutating func fill(to size: Int, samples: Int) async throws -> (perSecond: Int, count: Int) {
        let gallery = try await SQLiteGallery.open(path: path)
        let count = size - filled
        let start = ContinuousClock.now
        while filled < size {
            _ = try await gallery.put(try identity(filled, samples: samples), replacing: false, by: nil)
            filled += 1
        }
        let elapsed = (ContinuousClock.now - start).inSeconds
        try await gallery.close()
        return (elapsed > 0 ? Int(Double(count) / elapsed) : 0, count)
    }

    private mutating func identity(_ number: Int, samples: Int) throws -> IdentityContent {
        let content = try (1...samples).map { sample in
            IdentityContent.Sample(
                sample: EnrolledSample(
                    number: sample, enrolled: pattern.enrolled, kept: pattern.kept, width: pattern.width,
                    height: pattern.height,
                    measurements: pattern.measurements,
                    original: (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }),
                image: image, outcomes: [model.digest: .embedded(try embedding())])
        }
        return IdentityContent(
            name: try IdentityName("made-up-\(number)"), modality: modality, enrolled: pattern.enrolled,
            updated: pattern.enrolled,
            samples: content)
    }

    /// In a random direction: the sum of many uniform numbers is near enough to a normal one.
    private mutating func embedding() throws -> Embedding {
        var values: [Float] = []
        for _ in 0..<model.embeddingSize {
            var sum: Float = 0
            for _ in 0..<4 { sum += Float.random(in: -1...1, using: &generator) }
            values.append(sum)
        }
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard let embedding = Embedding(values: values.map { $0 / length }, model: model.digest) else {
            throw HarnessError("a made-up embedding of length \(length) is none")
        }
        return embedding
    }
}
