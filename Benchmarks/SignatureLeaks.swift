// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Imaging
import Recognition

/// What a set of signatures gives away besides hands, and whether a model lives on it.
struct SignatureLeaks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leaks",
        abstract:
            "What of a set of signatures tells writers and forgeries apart without the hand: darkness, size, paper, one picture alone.",
        discussion: """
            Rows of numbers are verified as embeddings are: references of 1, 3 and 5 samples, one threshold for all writers. What \
            stands near 50 % carries nothing. “Without a reference” is a classifier of single embeddings, genuine or forged, on writers \
            that it did not see; the area under its curve is near 50 % when a picture alone does not tell.
            """)

    @OptionGroup var options: SignatureModelOptions

    @Option(help: "The most images of each writer, genuine and forged.")
    var images = 12

    func run() async throws {
        let recognizer = try Recognizer(package: options.package())
        for set in options.sets {
            try await report(
                try LeakSamples(folder: set, most: images), name: (set as NSString).lastPathComponent, recognizer)
        }
    }

    private func report(_ samples: LeakSamples, name: String, _ recognizer: Recognizer) async throws {
        print("\(name): \(samples.images.count) images of \(samples.writers) writers")
        print("  EER in %, skilled (random)       k = 1          k = 3          k = 5")
        let ink = try samples.images.map { try InkFeatures(ofFile: $0.path) }
        try line("how dark the ink is", samples, ink.map { [$0.darkness] })
        try line("size of the box", samples, ink.map { [log($0.width), log($0.height)] })
        try line("shape of the box", samples, ink.map { [log($0.width / $0.height)] })
        let embedded = try await embeddings(samples, recognizer)
        try line("the model", samples, embedded)
        let erased = try await embeddings(samples, recognizer) { image throws(RecognitionError) in image.withoutInk() }
        let left = erased.count { $0 != nil }
        print("  paper alone                      \(left) of \(erased.count) taken for a signature")
        if left > erased.count / 10 { try line("paper alone", samples, erased) }
        let known = samples.images.indices.filter { embedded[$0] != nil && samples.hasForgeries($0) }
        let area = ForgeryClassifier.heldOutArea(
            known.compactMap { embedded[$0] }, isForgery: known.map { samples.images[$0].isForgery },
            writers: known.map { samples.images[$0].writer })
        print(
            "  without a reference              \(area.map { String(format: "area %.1f %%", 100 * $0) } ?? "no forgeries")"
        )
    }

    private func embeddings(
        _ samples: LeakSamples, _ recognizer: Recognizer,
        change: (@Sendable (RGBImage) throws(RecognitionError) -> RGBImage)? = nil
    ) async throws -> [[Float]?] {
        let images = samples.images.map { image in
            Calibrator.Image(name: image.path) { [UInt8](try Data(contentsOf: URL(filePath: image.path))) }
        }
        return try await SampleAcquisition(recognizer: recognizer, decoding: .local, change: change).embed(images).map {
            outcome in
            if case .embedding(let embedding, _) = outcome { embedding.values } else { nil }
        }
    }

    private func line(_ title: String, _ samples: LeakSamples, _ rows: [[Float]?]) throws {
        let known = rows.indices.filter { rows[$0] != nil }
        guard let dimension = known.first.flatMap({ rows[$0]?.count }) else { return }
        let labeled = try LabeledEmbeddings(
            values: known.flatMap { rows[$0] ?? [] }, dimension: dimension,
            identities: known.map { samples.images[$0].writer },
            isForgery: known.map { samples.images[$0].isForgery })
        let results = try VerificationProtocol(rule: .mean, bootstrap: .none).evaluate(labeled)
        func percent(_ rates: ErrorRates?) -> String {
            rates.map { String(format: "%4.1f", 100 * $0.equalErrorRate.rate) } ?? "   –"
        }
        let cells = results.map { "\(percent($0.skilled)) (\(percent($0.random)))" }
        print("  \(title.padding(toLength: 33, withPad: " ", startingAt: 0))\(cells.joined(separator: "    "))")
    }
}

/// The images of a set of signatures.
private struct LeakSamples: Sendable {
    struct Image: Sendable {
        let path: String
        let writer: Int
        let isForgery: Bool
    }

    let images: [Image]
    let writers: Int
    private let forged: Set<Int>

    init(folder: String, most: Int) throws {
        let genuine = try Person.all(in: folder, below: "genuine"),
            forgeries = try Person.all(in: folder, below: "forgery")
        guard genuine.count > 1 else {
            throw ValidationError("\(folder) does not hold a folder with “genuine” for each of two writers or more")
        }
        let numbers = Dictionary(uniqueKeysWithValues: genuine.enumerated().map { ($1.name, $0) })
        images = [(genuine, false), (forgeries, true)].flatMap { people, isForgery in
            people.flatMap { person in
                person.photographs.prefix(most).compactMap { path in
                    numbers[person.name].map { Image(path: path, writer: $0, isForgery: isForgery) }
                }
            }
        }
        writers = genuine.count
        forged = Set(images.filter(\.isForgery).map(\.writer))
    }

    func hasForgeries(_ image: Int) -> Bool { forged.contains(images[image].writer) }
}

/// What is left of an image when its strokes' ways are forgotten.
private struct InkFeatures {
    /// The mean share of the paper's light that the ink takes, 0 to 1.
    let darkness: Float
    /// The box around the ink, in pixels of the image.
    let width: Float
    let height: Float

    init(ofFile path: String) throws {
        let image = try RGBImage(decoding: [UInt8](Data(contentsOf: URL(filePath: path)))).grayscale()
        let level = image.otsuThreshold()
        var left = image.width, right = 0, top = image.height, bottom = 0, ink = 0, inkLight = 0, paperLight = 0
        for y in 0..<image.height {
            for x in 0..<image.width {
                let pixel = image[x, y]
                guard pixel <= level else {
                    paperLight += Int(pixel)
                    continue
                }
                (left, right, top, bottom) = (min(left, x), max(right, x), min(top, y), max(bottom, y))
                ink += 1
                inkLight += Int(pixel)
            }
        }
        let paper = Float(paperLight) / Float(max(1, image.pixels.count - ink))
        darkness = 1 - Float(inkLight) / Float(max(1, ink)) / max(paper, 1)
        width = Float(max(1, right - left + 1))
        height = Float(max(1, bottom - top + 1))
    }
}

extension RGBImage {
    /// The paper: ink and what is near it get the light of a paper's pixel a little away.
    fileprivate func withoutInk() -> RGBImage {
        let gray = grayscale(), level = gray.otsuThreshold(), reach = 4
        var isInk = gray.pixels.map { $0 <= level }
        for step in [1, width] {
            let before = isInk
            for position in before.indices where before[position] {
                for away in 1...reach {
                    if position >= away * step { isInk[position - away * step] = true }
                    if position + away * step < isInk.count { isInk[position + away * step] = true }
                }
            }
        }
        var result = self, paper = pixels.first ?? RGB(red: 255, green: 255, blue: 255)
        for position in isInk.indices {
            if isInk[position] { result.pixels[position] = paper } else { paper = pixels[position] }
        }
        return result
    }
}
