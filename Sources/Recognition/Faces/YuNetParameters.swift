// SPDX-License-Identifier: Apache-2.0

/// How a YuNet detector is used.
public struct YuNetParameters: Sendable, Hashable {
    /// Detections below this confidence, in [0, 1], are dropped.
    public var minimumConfidence: Double
    /// Of two boxes whose intersection is more than this share of their union, the surer stays.
    public var overlapUnion: Double
    /// How images are scaled before detection. A network of fixed size sets an upper limit of its own.
    public var scale: DetectionScale

    public init(minimumConfidence: Double, overlapUnion: Double, scale: DetectionScale) {
        self.minimumConfidence = minimumConfidence
        self.overlapUnion = overlapUnion
        self.scale = scale
    }

    static let keys = ["minimum_confidence", "overlap_union", "maximum_side", "enlarge_below"]

    init(_ table: ManifestTable) throws(ModelPackageError) {
        self.init(
            minimumConfidence: try table.number("minimum_confidence", in: 0.01...1),
            overlapUnion: try table.number("overlap_union", in: 0...1),
            scale: DetectionScale(
                maximumSide: try table.integer("maximum_side", in: 64...4096),
                enlargeBelow: try table.integer("enlarge_below", in: 0...4096)))
    }

    var entries: [ManifestSection.Entry] {
        [
            .init(key: "minimum_confidence", value: .number(minimumConfidence)),
            .init(key: "overlap_union", value: .number(overlapUnion)),
            .init(key: "maximum_side", value: .integer(scale.maximumSide)),
            .init(key: "enlarge_below", value: .integer(scale.enlargeBelow)),
        ]
    }
}
