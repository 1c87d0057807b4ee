// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging

/// Makes signatures of people who do not exist, and forgeries of them, out of a model of how hands move.
///
/// The movement is a sum of strokes of lognormal speed: the sigma-lognormal model of Plamondon's kinematic theory
/// (O'Reilly and Plamondon, 2009). What a hand aims for is a plan in the manner of names, initials, scrawls, loops and
/// flourishes.
public struct SignatureSynthesizer: Sendable {
    public struct Options: Sendable, Hashable, Codable {
        /// The resolutions of the scans, in dots an inch; one is drawn for each image.
        public var resolutions: [Int]
        /// The share of the images on paper that shows (its shade, unevenness and noise), in 0…1; others are on white.
        public var paperShare: Float

        public init(resolutions: [Int] = [300], paperShare: Float = 0.3) {
            self.resolutions = resolutions
            self.paperShare = paperShare
        }
    }

    private let options: Options

    /// - Throws: ``TrainingError/invalidInput(reason:)`` when there is no resolution, one is outside 50…1200, or the
    ///   share is none.
    public init(options: Options = Options()) throws(TrainingError) {
        guard !options.resolutions.isEmpty, options.resolutions.allSatisfy((50...1200).contains) else {
            throw .invalidInput(
                reason: "synthetic signatures are scanned at 50…1200 dots an inch, and \(options.resolutions) is stated"
            )
        }
        guard (0...1).contains(options.paperShare) else {
            throw .invalidInput(
                reason:
                    "the share of synthetic signatures on visible paper is \(options.paperShare), and 0…1 is allowed")
        }
        self.options = options
    }

    /// The writer with a number; the same number is the same writer.
    public func writer(_ seed: UInt64) -> SyntheticWriter { SyntheticWriter(seed: seed, options: options) }
}

extension SignatureSynthesizer.Options {
    /// The most pixels along a side; what would be larger is scanned at a lower resolution.
    private static let maximumSide = 4000.0

    /// A scan of what a pen left.
    func scanned(_ trajectory: PenTrajectory, pen: Pen, _ random: inout RandomSource) -> GrayImage {
        let resolution = resolutions[random.index(below: resolutions.count)]
        let points = trajectory.components.joined().map(\.position)
        let low = points.reduce(points.first ?? .zero) { pointwiseMin($0, $1) }
        let high = points.reduce(points.first ?? .zero) { pointwiseMax($0, $1) }
        let margin = 1.5 * random.draw(1, 2) + pen.width
        let size = high - low + 2 * margin
        let scale = min(Double(resolution) / 25.4, Self.maximumSide / max(size.x, size.y))
        var renderer = InkRenderer(
            width: Int((size.x * scale).rounded(.up)), height: Int((size.y * scale).rounded(.up)))
        func pixel(_ point: SIMD2<Double>) -> SIMD2<Float> {
            SIMD2(Float((point.x - low.x + margin) * scale), Float((high.y - point.y + margin) * scale))
        }
        for component in trajectory.components {
            var first = component[0]
            for point in component.dropFirst() {
                // Where the pen hardly moves, several points make one piece.
                guard (point.position - first.position).length * scale > 1.2 else { continue }
                let mark = pen.mark(at: point.speed, pressure: point.pressure)
                renderer.draw(
                    from: pixel(first.position), to: pixel(point.position), radius: Float(mark.width * scale / 2),
                    darkness: Float(mark.darkness))
                first = point
            }
            let end = component[component.count - 1]
            let mark = pen.mark(at: end.speed, pressure: end.pressure)
            renderer.draw(
                from: pixel(first.position), to: pixel(end.position), radius: Float(mark.width * scale / 2),
                darkness: Float(mark.darkness))
        }
        let showsPaper = random.happens(paperShare)
        return renderer.onPaper(grain: Float(pen.grain), showsPaper: showsPaper, &random)
    }
}
