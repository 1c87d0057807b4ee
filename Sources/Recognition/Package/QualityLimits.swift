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

    public init(
        minimumFaceSize: Double? = nil, minimumSharpness: Double? = nil, minimumBrightness: Double? = nil,
        maximumBrightness: Double? = nil, minimumContrast: Double? = nil, minimumDetection: Double? = nil
    ) {
        self.minimumFaceSize = minimumFaceSize
        self.minimumSharpness = minimumSharpness
        self.minimumBrightness = minimumBrightness
        self.maximumBrightness = maximumBrightness
        self.minimumContrast = minimumContrast
        self.minimumDetection = minimumDetection
    }

    private static let keys = [
        "minimum_face_size", "minimum_sharpness", "minimum_brightness", "maximum_brightness", "minimum_contrast",
        "minimum_detection",
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
            minimumDetection: try limit("minimum_detection", in: -1000...1000))
    }

    var section: ManifestSection {
        let values = [
            minimumFaceSize, minimumSharpness, minimumBrightness, maximumBrightness, minimumContrast, minimumDetection,
        ]
        return ManifestSection("quality", entries: zip(Self.keys, values).compactMap { key, value in
            value.map { ManifestSection.Entry(key: key, value: .number($0)) }
        })
    }
}
