// SPDX-License-Identifier: Apache-2.0

/// One thing measured on a prepared image, with the limit it was held to.
public struct QualityMeasurement: Sendable, Hashable {
    /// What was measured.
    public enum Quantity: String, Sendable, Hashable, Codable, CaseIterable {
        /// The shorter side of the face's box, in pixels of the original image.
        case faceSize = "face_size"
        /// Sharpness of the aligned chip; larger is sharper.
        case sharpness
        /// Mean grey level of the aligned chip, in [0, 255].
        case brightness
        /// Standard deviation of the grey levels of the aligned chip, in [0, 128].
        case contrast
        /// Confidence of the detector, on the detector's own scale.
        case detection
        /// How far the head is turned to a side, in degrees in −90…90, as the landmarks tell.
        case headYaw = "head_yaw"
        /// How far the head is tilted in the picture, in degrees in −180…180; it is undone.
        case headRoll = "head_roll"
        /// The distance of the face's embedding to that of its mirror image.
        case mirrorDistance = "mirror_distance"
        /// How surely the eyes are seen and not covered, in [0, 1].
        case eyesVisible = "eyes_visible"
        /// How surely mouth and nose are seen and not covered, in [0, 1].
        case mouthAndNoseVisible = "mouth_and_nose_visible"
        /// Share of the pixels that are ink, in [0, 1].
        case ink
        /// Share of the pixels that are neither paper nor ink nor beside ink, in [0, 1].
        case halfTones = "half_tones"
        /// Share of the ink that a form printed, as lines, in [0, 1].
        case formLines = "form_lines"
        /// How many pieces the ink has that are not connected.
        case pieces
        /// How many groups of ink lie too far apart to be one signature.
        case signatures
        /// The longer side of the box around the signature's ink, in pixels of the original image.
        case signatureSize = "signature_size"
    }

    public let quantity: Quantity
    public let value: Double
    /// The smallest acceptable value, where there is one.
    public let minimum: Double?
    /// The largest acceptable value, where there is one.
    public let maximum: Double?

    public init(_ quantity: Quantity, _ value: Double, minimum: Double? = nil, maximum: Double? = nil) {
        self.quantity = quantity
        self.value = value
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Whether the value keeps both limits.
    public var isAcceptable: Bool {
        if let minimum, value < minimum { return false }
        if let maximum, value > maximum { return false }
        return true
    }
}
