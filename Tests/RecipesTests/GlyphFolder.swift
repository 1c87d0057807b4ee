// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import ProgramHarness
import Training

/// A folder of small drawn figures: twelve identities, each a figure of its own that is drawn a little otherwise every
/// time, and forgeries that are off by more.
struct GlyphFolder {
    let folder: TemporaryFolder
    static let side = 16

    init() throws {
        folder = try TemporaryFolder()
        var random = RandomSource(seed: 5)
        for identity in 0..<12 {
            let corners = (0..<4).map { _ in SIMD2(random.uniform(in: 2...13), random.uniform(in: 2...13)) }
            for (kind, count, spread) in [("genuine", 6, Float(0.3)), ("forgery", 3, 1.5)] {
                let path = folder.appending("glyphs/id\(identity)/\(kind)")
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                for sample in 0..<count {
                    let image = Self.drawn(corners.map { $0 + spread * SIMD2(random.normal(), random.normal()) })
                    try Data(image.pngBytes()).write(to: URL(fileURLWithPath: "\(path)/\(sample).png"))
                }
            }
        }
    }

    private static func drawn(_ corners: [SIMD2<Float>]) -> GrayImage {
        var image = GrayImage(width: side, height: side, repeating: 255)
        for (first, second) in zip(corners, corners.dropFirst()) {
            for step in 0...32 {
                let point = first + (second - first) * (Float(step) / 32)
                let x = Int(point.x.rounded()), y = Int(point.y.rounded())
                if (0..<side).contains(x), (0..<side).contains(y) { image[x, y] = 0 }
            }
        }
        return image
    }

    func appending(_ name: String) -> String { folder.appending(name) }

    /// A recipe that trains on the folder in a second or two.
    var text: String {
        """
        [package]
        name = "glyphs"

        [run]
        seed = 3
        threads = 2
        held_out = 0.4

        [data]
        modality = "glyph"
        width = 16
        height = 16

        [[data.sources]]
        name = "glyphs"
        folder = "\(folder.appending("glyphs"))"

        [network]
        architecture = "conv4"
        widths = [4, 4]
        embedding = 6
        dropout = 0.1

        [loss]
        kind = "triplet"
        mining = "batch-hard"

        [optimiser]
        kind = "adam"

        [schedule]
        kind = "cosine"
        learning_rate = 0.01

        [batch]
        kind = "episodes"
        identities = 4
        samples = 3
        forgeries = 1

        [training]
        epochs = 4
        steps_per_epoch = 6
        metric = "mean"
        average_decay = 0.8
        checkpoint_steps = 2

        [augmentation]
        affine = { rotation = 4, translation = 0.05 }
        """
    }

    func recipe(_ changes: (String, String)...) throws -> URL {
        var text = text
        for (line, other) in changes {
            precondition(text.contains(line), "the recipe has no “\(line)”")
            text = text.replacing(line, with: other)
        }
        let url = URL(fileURLWithPath: folder.appending("recipe-\(changes.count)-\(UUID().uuidString).toml"))
        try text.write(to: url, atomically: true, encoding: .utf8)
        return url
    }
}
