// SPDX-License-Identifier: Apache-2.0

import Imaging

/// The images that a stage trains on, and how they become a network's input.
public struct TrainingImages: Sendable {
    public let cache: ImageCache
    public let scaling: PixelScaling
    /// Makes another version of an image for each step; nil takes images as they are.
    public let augmentation: Augmentation?

    public init(cache: ImageCache, scaling: PixelScaling, augmentation: Augmentation? = nil) {
        self.cache = cache
        self.scaling = scaling
        self.augmentation = augmentation
    }

    /// The input for images as they are, N×1×H×W.
    func values(of indices: [Int]) -> [Float] {
        var unused = RandomSource(seed: 0)
        return scaling.applied(to: cache.values(of: indices, random: &unused))
    }

    /// The input for images changed at random, if they are to be.
    func values(of indices: [Int], random: inout RandomSource) -> [Float] {
        scaling.applied(to: cache.values(of: indices, augmentation: augmentation, random: &random))
    }
}

/// How grey levels become the numbers of a network's input: `(level − mean) / standardDeviation`, with levels in 0…255.
public struct PixelScaling: Sendable, Hashable {
    public let mean: Double
    public let standardDeviation: Double

    /// Levels in 0…1.
    public static let unit = PixelScaling(mean: 0, standardDeviation: 255)

    /// - Precondition: the deviation is above 0.
    public init(mean: Double, standardDeviation: Double) {
        precondition(standardDeviation > 0)
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    /// - Parameter levels: in 0…1.
    func applied(to levels: [Float]) -> [Float] {
        guard self != .unit else { return levels }
        let factor = Float(255 / standardDeviation), offset = Float(mean / standardDeviation)
        return levels.map { $0 * factor - offset }
    }
}
