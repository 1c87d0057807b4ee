// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging

/// How well a chip shows its face, measured on what a network needs of it: the middle three fifths in each
/// direction, as grey levels, resampled to 64×64.
///
/// At that size a face has the same number of pixels whatever the photograph's and the chip's resolution, so
/// that one set of limits serves every model. ``QualityLimits/face(minimumDetection:)`` are chosen on it.
public struct ChipQuality: Sendable, Hashable {
    /// The share, in percent, of the differences between neighbouring pixels that a 3×3 mean takes away: 0 (as
    /// blurred as it can be seen to be) to 100. What is blurred already loses little by being blurred again
    /// (Crété-Roffet et al., *The Blur Effect*, 2007), and a share depends on neither light nor contrast.
    public let sharpness: Double
    /// The mean grey level, in 0…255.
    public let brightness: Double
    /// The standard deviation of the grey levels, in 0…128.
    public let contrast: Double

    private static let side = 64

    /// - Precondition: the chip has pixels.
    public init(of chip: RGBImage) {
        let levels = Self.middle(of: chip)
        let count = Double(levels.count)
        let mean = levels.reduce(0, +) / count
        brightness = mean
        contrast = (levels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
        sharpness = Self.sharpness(of: levels)
    }

    private static func middle(of chip: RGBImage) -> [Double] {
        func margin(_ length: Int) -> Int { Int((Double(length) / 5).rounded()) }
        let x = margin(chip.width), y = margin(chip.height)
        let part = chip.cropped(x: x, y: y, width: chip.width - 2 * x, height: chip.height - 2 * y).grayscale()
        let isEnlarged = part.width < side || part.height < side
        return part.resized(width: side, height: side, method: isEnlarged ? .bilinear : .area).pixels.map(Double.init)
    }

    private static func sharpness(of levels: [Double]) -> Double {
        let inner = 1..<side - 1
        var blurred = levels
        for y in inner {
            for x in inner {
                var sum = 0.0
                for row in y - 1...y + 1 {
                    for column in x - 1...x + 1 { sum += levels[row * side + column] }
                }
                blurred[y * side + x] = sum / 9
            }
        }
        // Both over the pixels that have all nine neighbours.
        func variation(_ levels: [Double]) -> Double {
            var sum = 0.0
            for y in inner {
                for x in inner {
                    let position = y * side + x
                    if inner.contains(x + 1) { sum += abs(levels[position + 1] - levels[position]) }
                    if inner.contains(y + 1) { sum += abs(levels[position + side] - levels[position]) }
                }
            }
            return sum
        }
        let before = variation(levels)
        guard before > 0 else { return 0 }
        return max(0, 100 * (before - variation(blurred)) / before)
    }

    /// What was measured on a face and its chip, each with its limits.
    ///
    /// - Parameter mirrorDistance: of the chip's embedding to that of its mirror image; nil where it was not measured.
    func measurements(
        of face: DetectedFace, mirrorDistance: Double?, limits: QualityLimits
    ) -> [QualityMeasurement] {
        var measurements = [
            QualityMeasurement(.faceSize, face.size, minimum: limits.minimumFaceSize),
            QualityMeasurement(.sharpness, sharpness, minimum: limits.minimumSharpness),
            QualityMeasurement(
                .brightness, brightness, minimum: limits.minimumBrightness, maximum: limits.maximumBrightness),
            QualityMeasurement(.contrast, contrast, minimum: limits.minimumContrast),
            QualityMeasurement(.detection, face.confidence, minimum: limits.minimumDetection),
        ]
        if let geometry = face.geometry {
            measurements.append(
                QualityMeasurement(
                    .headYaw, geometry.yaw, minimum: limits.maximumYaw.map { -$0 }, maximum: limits.maximumYaw))
            measurements.append(QualityMeasurement(.headRoll, geometry.roll))
        }
        if let mirrorDistance, mirrorDistance.isFinite {
            measurements.append(
                QualityMeasurement(.mirrorDistance, mirrorDistance, maximum: limits.maximumMirrorDistance))
        }
        return measurements
    }
}
