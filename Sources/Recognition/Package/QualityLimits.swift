// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// What a sample must keep so that a decision may rest on it. A limit that is nil is not checked.
///
/// The limits do not change an embedding, so that they are no part of the model's digest.
public struct QualityLimits: Sendable, Hashable {
    /// The shorter side of the face's box, in pixels of the original image.
    public var minimumFaceSize: Double?
    /// See ``ChipQuality`` for the units of the next four.
    public var minimumSharpness: Double?
    public var minimumBrightness: Double?
    public var maximumBrightness: Double?
    public var minimumContrast: Double?
    /// The detector's confidence, on its own scale.
    public var minimumDetection: Double?
    /// How far the head may be turned to either side, in degrees; see ``FaceGeometry/yaw``.
    public var maximumYaw: Double?
    /// The distance of the face's embedding to that of its mirror image, on the model's own scale.
    public var maximumMirrorDistance: Double?
    /// The share of a signature's picture that is ink, in 0…1; see ``SignaturePreparation``.
    public var minimumInk: Double?
    public var maximumInk: Double?
    /// The share of a signature's picture that is neither paper nor ink, in 0…1.
    public var maximumHalfTones: Double?
    /// The share of a signature's ink that is printed lines, in 0…1.
    public var maximumFormLines: Double?
    /// How many pieces a signature's ink may have, and how many signatures a picture may show.
    public var maximumPieces: Double?
    public var maximumSignatures: Double?
    /// The longer side of the box around a signature's ink, in pixels of the original image.
    public var minimumSignatureSize: Double?

    public init(
        minimumFaceSize: Double? = nil, minimumSharpness: Double? = nil, minimumBrightness: Double? = nil,
        maximumBrightness: Double? = nil, minimumContrast: Double? = nil, minimumDetection: Double? = nil,
        maximumYaw: Double? = nil, maximumMirrorDistance: Double? = nil,
        minimumInk: Double? = nil, maximumInk: Double? = nil, maximumHalfTones: Double? = nil,
        maximumFormLines: Double? = nil, maximumPieces: Double? = nil, maximumSignatures: Double? = nil,
        minimumSignatureSize: Double? = nil
    ) {
        self.minimumFaceSize = minimumFaceSize
        self.minimumSharpness = minimumSharpness
        self.minimumBrightness = minimumBrightness
        self.maximumBrightness = maximumBrightness
        self.minimumContrast = minimumContrast
        self.minimumDetection = minimumDetection
        self.maximumYaw = maximumYaw
        self.maximumMirrorDistance = maximumMirrorDistance
        self.minimumInk = minimumInk
        self.maximumInk = maximumInk
        self.maximumHalfTones = maximumHalfTones
        self.maximumFormLines = maximumFormLines
        self.maximumPieces = maximumPieces
        self.maximumSignatures = maximumSignatures
        self.minimumSignatureSize = minimumSignatureSize
    }

    /// The limits of face models, whatever the network: units are those of ``ChipQuality``.
    ///
    /// Chosen on the 400 images of the AT&T (ORL) set, whose faces are 57 to 98 pixels wide, and on copies of
    /// every fifth that were blurred, darkened, brightened, flattened and shrunk, with dlib's detector and chip.
    /// Sharpness is at least 10.4 on the originals. Of copies blurred by a Gaussian of 1.5 to 2 pixels those with a
    /// sharpness of 5 to 6 did not match an original of their person in 4 % of comparisons at a threshold of FMR 1e-3
    /// after 1.5 pixels, those below 4 in 18 % after 2 pixels and in 38 % and more beyond; blur brought no false matches.
    /// Of 1,549 photographs of strangers in the wild 10 have less than 7, all but one of them good pictures, and one has
    /// less than 5. Brightness is 88…175, at most 34 at a fifth of the light and at least 234
    /// at three times the light; contrast is at least 21 and at most 6.3 at 15 % of it; a face in images of half
    /// the size has at most 48 pixels. All 400 originals keep all limits.
    ///
    /// Of the 1,549 photographs of strangers one in a thousand shows a head turned by more than 55°, and none by more than
    /// 63°; of their genuine comparisons 27 % do not match at FMR 1e-3 where one head is turned by more than 40°.
    ///
    /// - Parameters:
    ///   - minimumDetection: on the detector's own scale.
    ///   - maximumMirrorDistance: on the model's own scale.
    public static func face(minimumDetection: Double, maximumMirrorDistance: Double? = nil) -> QualityLimits {
        QualityLimits(
            minimumFaceSize: 48, minimumSharpness: 5, minimumBrightness: 35, maximumBrightness: 235,
            minimumContrast: 8, minimumDetection: minimumDetection,
            maximumYaw: 65, maximumMirrorDistance: maximumMirrorDistance)
    }

    /// The limits of signature models.
    public static let signature = QualityLimits(
        minimumInk: 0.001, maximumInk: 0.4, maximumHalfTones: 0.02, maximumFormLines: 0.95, maximumPieces: 60,
        maximumSignatures: 1,
        minimumSignatureSize: 64)

    private static let keys = [
        "minimum_face_size", "minimum_sharpness", "minimum_brightness", "maximum_brightness", "minimum_contrast",
        "minimum_detection", "maximum_yaw", "maximum_mirror_distance", "minimum_ink", "maximum_ink",
        "maximum_half_tones",
        "maximum_form_lines", "maximum_pieces", "maximum_signatures", "minimum_signature_size",
    ]

    init(_ table: ManifestTable) throws(ModelPackageError) {
        try table.requireKeys(Self.keys)
        func limit(_ key: String, in range: ClosedRange<Double>) throws(ModelPackageError) -> Double? {
            table.has(key) ? try table.number(key, in: range) : nil
        }
        self.init(
            minimumFaceSize: try limit("minimum_face_size", in: 0...10_000),
            minimumSharpness: try limit("minimum_sharpness", in: 0...1000),
            minimumBrightness: try limit("minimum_brightness", in: 0...255),
            maximumBrightness: try limit("maximum_brightness", in: 0...255),
            minimumContrast: try limit("minimum_contrast", in: 0...128),
            minimumDetection: try limit("minimum_detection", in: -1000...1000),
            maximumYaw: try limit("maximum_yaw", in: 0...90),
            maximumMirrorDistance: try limit("maximum_mirror_distance", in: 0...10_000),
            minimumInk: try limit("minimum_ink", in: 0...1), maximumInk: try limit("maximum_ink", in: 0...1),
            maximumHalfTones: try limit("maximum_half_tones", in: 0...1),
            maximumFormLines: try limit("maximum_form_lines", in: 0...1),
            maximumPieces: try limit("maximum_pieces", in: 1...1_000_000),
            maximumSignatures: try limit("maximum_signatures", in: 1...1_000_000),
            minimumSignatureSize: try limit("minimum_signature_size", in: 0...10_000))
    }

    var section: ManifestSection {
        let values = [
            minimumFaceSize, minimumSharpness, minimumBrightness, maximumBrightness, minimumContrast, minimumDetection,
            maximumYaw, maximumMirrorDistance, minimumInk, maximumInk, maximumHalfTones, maximumFormLines,
            maximumPieces, maximumSignatures,
            minimumSignatureSize,
        ]
        return ManifestSection(
            "quality",
            entries: zip(Self.keys, values).compactMap { key, value in
                value.map { ManifestSection.Entry(key: key, value: .number($0)) }
            })
    }
}
