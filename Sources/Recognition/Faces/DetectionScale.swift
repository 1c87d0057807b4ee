// SPDX-License-Identifier: Apache-2.0

/// How large an image is made before a detector looks at it.
///
/// Detectors find faces of a certain range of pixels. Large photographs are shrunk, because a face that
/// matters fills enough of them and detection costs by the pixel; small images are enlarged, because their
/// faces would lie below the range.
public struct DetectionScale: Sendable, Hashable {
    /// An image whose longer side exceeds this is shrunk to it.
    public let maximumSide: Int
    /// An image whose longer side is shorter than this is enlarged to it; 0 enlarges nothing.
    public let enlargeBelow: Int

    public init(maximumSide: Int, enlargeBelow: Int) {
        self.maximumSide = maximumSide
        self.enlargeBelow = enlargeBelow
    }

    /// The factor from the image's pixels to the detector's; 1 leaves the image alone.
    public func factor(width: Int, height: Int) -> Double {
        let longer = max(width, height)
        guard longer > 0 else { return 1 }
        if longer > maximumSide { return Double(maximumSide) / Double(longer) }
        if longer < enlargeBelow { return Double(enlargeBelow) / Double(longer) }
        return 1
    }

    /// The size to resize to; both sides are at least 1.
    public func workingSize(width: Int, height: Int) -> (width: Int, height: Int) {
        let factor = factor(width: width, height: height)
        return (max(1, Int((Double(width) * factor).rounded())), max(1, Int((Double(height) * factor).rounded())))
    }
}
