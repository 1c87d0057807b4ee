// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Which darkness is ink, and how dark a signature's ink usually is.
struct InkThreshold {
    /// What is darker is ink for certain.
    let certain: UInt8
    /// What is darker is ink where it is connected to what is certain: the faint parts of a stroke.
    let possible: UInt8
    /// What is as light as this is paper even beside ink.
    private let paperLevel: Int

    /// The share of the certain level from which on ink is possible. Lower, and strokes widen with a scan's blur.
    private static let possibleShare = 0.6
    /// Fainter marks than a twelfth of the paper's light are none that a pen leaves.
    private static let faintestInk = 21.0
    /// How far from ink its blurred edge reaches.
    private static let edge = 3
    /// How far noise reaches: beyond five standard deviations lies one pixel of three million.
    private static let noiseReach = 5.0

    /// - Parameters:
    ///   - darkness: 0 for paper.
    ///   - noise: the standard deviation of the paper's darkness.
    init(darkness: GrayImage, noise: Double) {
        let reach = min(max(Self.faintestInk, Self.noiseReach * noise), 254)
        certain = max(darkness.otsuThreshold(), UInt8(reach))
        possible = UInt8(max(Self.possibleShare * Double(certain), reach))
        paperLevel = Int(reach / 2)
    }

    /// The share of the picture that is neither paper nor ink, though away from ink: as much as a pen leaves no ink,
    /// while a photograph of anything else has all shades.
    func halfTones(of darkness: GrayImage, beside mask: InkMask) -> Double {
        let near = mask.grown(by: Self.edge)
        let least = UInt8(max(Self.faintestInk / 2, Double(possible) / 3))
        var count = 0
        for (level, isNear) in zip(darkness.pixels, near.isInk) where !isNear && level > least { count += 1 }
        return Double(count) / Double(max(1, darkness.pixels.count))
    }

    /// The ink's levels: 0 for paper to 255 for ink of the usual darkness, which three fifths of it do not exceed.
    /// Pixels beside ink keep their share of it, so that edges stay smooth.
    func inkLevels(of darkness: GrayImage, in mask: InkMask) -> GrayImage {
        var histogram = Array(repeating: 0, count: 256)
        for (level, isInk) in zip(darkness.pixels, mask.isInk) where isInk { histogram[Int(level)] += 1 }
        let enough = max(1, 3 * histogram.reduce(0, +) / 5)
        var sum = 0
        let usual =
            histogram.firstIndex { count in
                sum += count
                return sum >= enough
            } ?? 255
        let levels = (0..<256).map { level in
            UInt8(min(max(255 * (level - paperLevel) / max(1, usual - paperLevel), 0), 255))
        }
        let near = mask.grown()
        return GrayImage(
            width: darkness.width, height: darkness.height,
            pixels: zip(darkness.pixels, near.isInk).map { $1 ? levels[Int($0)] : 0 })
    }
}
