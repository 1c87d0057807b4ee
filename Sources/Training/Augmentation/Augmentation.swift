// SPDX-License-Identifier: Apache-2.0

import Imaging

/// How training images are changed at random, so that a network learns what does not matter.
///
/// Images are ink (or a glyph) bright on black, and keep their size. Each change has a probability with which it is
/// made to an image; one that is nil is never made. They are made in the order in which they are listed here.
public struct Augmentation: Sendable, Hashable, Codable {
    public var affine: Affine?
    public var elastic: Elastic?
    public var strokeWidth: StrokeWidth?
    public var ink: Ink?
    public var twoLevel: TwoLevel?
    public var blur: Blur?
    public var paper: Paper?
    public var noise: Noise?
    public var erasing: Erasing?

    /// Turn, shear, scale and shift, about the middle of the image. All are drawn uniformly.
    public struct Affine: Sendable, Hashable, Codable {
        public var probability: Float
        /// Degrees, either way.
        public var rotation: Float
        /// The tangent of the angle by which upright strokes lean, either way.
        public var shear: Float
        /// The factor for both axes.
        public var scale: ClosedRange<Float>
        /// How far each axis' own factor is from 1, either way.
        public var anisotropy: Float
        /// As a share of the width and of the height, either way.
        public var translation: Float

        public init(
            probability: Float = 1, rotation: Float = 0, shear: Float = 0, scale: ClosedRange<Float> = 1...1,
            anisotropy: Float = 0, translation: Float = 0
        ) {
            self.probability = probability
            self.rotation = rotation
            self.shear = shear
            self.scale = scale
            self.anisotropy = anisotropy
            self.translation = translation
        }
    }

    /// A smooth random displacement of every point, as by Simard, Steinkraus and Platt, *Best Practices for
    /// Convolutional Neural Networks*, 2003, with a spline over a coarse grid in place of their Gaussian.
    public struct Elastic: Sendable, Hashable, Codable {
        public var probability: Float
        /// The root of the mean square of the displacement along each axis, in pixels.
        public var displacement: ClosedRange<Float>
        /// The spacing of the grid, in pixels: points farther apart than some two of it move independently.
        public var spacing: Float

        public init(probability: Float = 1, displacement: ClosedRange<Float>, spacing: Float) {
            self.probability = probability
            self.displacement = displacement
            self.spacing = spacing
        }
    }

    /// Strokes made wider or narrower.
    public struct StrokeWidth: Sendable, Hashable, Codable {
        public var probability: Float
        /// In pixels; below 0 narrower.
        public var change: ClosedRange<Float>

        public init(probability: Float = 1, change: ClosedRange<Float>) {
            self.probability = probability
            self.change = change
        }
    }

    /// How dark the ink is: level′ = gain · level^gamma, levels in 0…1.
    public struct Ink: Sendable, Hashable, Codable {
        public var probability: Float
        public var gain: ClosedRange<Float>
        public var gamma: ClosedRange<Float>

        public init(probability: Float = 1, gain: ClosedRange<Float> = 1...1, gamma: ClosedRange<Float> = 1...1) {
            self.probability = probability
            self.gain = gain
            self.gamma = gamma
        }
    }

    /// Ink as a scanner leaves it that knows black and white alone: what is above a level is full ink, what is below is
    /// none.
    public struct TwoLevel: Sendable, Hashable, Codable {
        public var probability: Float
        /// The level, in 0…1.
        public var level: ClosedRange<Float>
        /// Over how many levels, in 0…1, paper becomes ink; 0 for a hard edge.
        public var softness: ClosedRange<Float>

        public init(probability: Float = 1, level: ClosedRange<Float>, softness: ClosedRange<Float> = 0...0) {
            self.probability = probability
            self.level = level
            self.softness = softness
        }
    }

    /// A Gaussian blur.
    public struct Blur: Sendable, Hashable, Codable {
        public var probability: Float
        /// The standard deviation, in pixels.
        public var sigma: ClosedRange<Float>

        public init(probability: Float = 1, sigma: ClosedRange<Float>) {
            self.probability = probability
            self.sigma = sigma
        }
    }

    /// What an imperfect removal leaves of the paper: levels above black where there is no ink.
    public struct Paper: Sendable, Hashable, Codable {
        public var probability: Float
        /// The highest level of a shade that changes slowly over the image, in 0…1.
        public var shade: ClosedRange<Float>
        /// The standard deviation of a fine texture, in 0…1.
        public var texture: ClosedRange<Float>

        public init(probability: Float = 1, shade: ClosedRange<Float> = 0...0, texture: ClosedRange<Float> = 0...0) {
            self.probability = probability
            self.shade = shade
            self.texture = texture
        }
    }

    /// Independent noise of each pixel, as nearly normal as the sum of eight uniform numbers is.
    public struct Noise: Sendable, Hashable, Codable {
        public var probability: Float
        /// The standard deviation, in 0…1.
        public var deviation: ClosedRange<Float>

        public init(probability: Float = 1, deviation: ClosedRange<Float>) {
            self.probability = probability
            self.deviation = deviation
        }
    }

    /// A black rectangle (Zhong et al., *Random Erasing Data Augmentation*, 2020).
    public struct Erasing: Sendable, Hashable, Codable {
        public var probability: Float
        /// The rectangle's share of the image's area.
        public var share: ClosedRange<Float>

        public init(probability: Float = 1, share: ClosedRange<Float>) {
            self.probability = probability
            self.share = share
        }
    }

    /// No change at all.
    public init() {}

    /// The image changed; the same image and the same stream give the same result.
    ///
    /// - Precondition: ``check()`` finds nothing.
    public func applied(to image: GrayImage, random: inout RandomSource) -> GrayImage {
        guard image.width > 0, image.height > 0 else { return image }
        var image = image
        var warp = GeometricWarp(width: image.width, height: image.height)
        if let affine, random.happens(affine.probability) { warp.draw(affine, &random) }
        if let elastic, random.happens(elastic.probability) { warp.draw(elastic, &random) }
        if !warp.isIdentity { image = warp.applied(to: image) }
        if let strokeWidth, random.happens(strokeWidth.probability) {
            image = image.strokesWidened(by: random.uniform(in: strokeWidth.change))
        }
        if let ink, random.happens(ink.probability) {
            image = image.toned(gain: random.uniform(in: ink.gain), gamma: random.uniform(in: ink.gamma))
        }
        if let twoLevel, random.happens(twoLevel.probability) {
            image = image.inTwoLevels(
                at: random.uniform(in: twoLevel.level), softness: random.uniform(in: twoLevel.softness))
        }
        if let blur, random.happens(blur.probability) { image = image.blurred(sigma: random.uniform(in: blur.sigma)) }
        if let paper, random.happens(paper.probability) {
            let shade = random.uniform(in: paper.shade), texture = random.uniform(in: paper.texture)
            image = image.onPaper(shade: shade, texture: texture, &random)
        }
        if let noise, random.happens(noise.probability) {
            image = image.noisy(deviation: random.uniform(in: noise.deviation), &random)
        }
        if let erasing, random.happens(erasing.probability) {
            image = image.erased(share: random.uniform(in: erasing.share), &random)
        }
        return image
    }
}

extension RandomSource {
    /// Whether something of this probability happens this time.
    mutating func happens(_ probability: Float) -> Bool { uniform() < probability }
}
