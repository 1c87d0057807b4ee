// SPDX-License-Identifier: Apache-2.0

/// Everything dlib's face detector needs to know besides its network. A manifest's `[detector]` table decodes
/// to it; the values come from the detector's own file.
public struct MMODParameters: Sendable, Hashable {
    /// The size of the one box the detector looks for at every level of the pyramid, in pixels.
    public let windowWidth: Int
    public let windowHeight: Int
    /// The network's input is `(value − mean) / divisor` for red, green and blue in 0…255; between the levels
    /// of the pyramid it is 0.
    public let means: [Float]
    public let divisor: Float
    /// Pixels between the levels of the pyramid, and around all of it.
    public let pyramidPadding: Int
    public let pyramidOuterPadding: Int
    /// The score at row and column i looks at the input pixel `outputStride · i + outputOffset`.
    public let outputStride: Int
    public let outputOffset: Int
    /// A box is dropped when it shares more than this with a box of higher confidence: as a share of the
    /// union, or as a share of one of the two. 1 never drops.
    public let overlapUnion: Double
    public let overlapCovered: Double
    /// Scores at or below this are no faces. dlib's own is 0; higher values trade misses for false alarms.
    public let minimumConfidence: Double
    /// How images are scaled before detection.
    public let scaling: MMODScaling

    /// - Throws: ``InvalidMMODParameters`` that says which limit a value breaks.
    public init(
        windowWidth: Int, windowHeight: Int, means: [Float], divisor: Float,
        pyramidPadding: Int, pyramidOuterPadding: Int, outputStride: Int, outputOffset: Int,
        overlapUnion: Double, overlapCovered: Double, minimumConfidence: Double, scaling: MMODScaling
    ) throws(InvalidMMODParameters) {
        try Self.require(
            (1...1000).contains(windowWidth) && (1...1000).contains(windowHeight),
            "the window is \(windowWidth)×\(windowHeight), and 1…1000 pixels are possible")
        try Self.require(
            means.count == 3 && means.allSatisfy { (0...255).contains($0) },
            "mean is \(means), and three numbers in 0…255 are needed")
        try Self.require(divisor.isFinite && divisor >= 1, "divisor is \(divisor), and at least 1 is needed")
        try Self.require(
            (0...1000).contains(pyramidPadding) && (0...1000).contains(pyramidOuterPadding),
            "the pyramid's paddings are \(pyramidPadding) and \(pyramidOuterPadding), and 0…1000 is possible")
        try Self.require(
            (1...64).contains(outputStride) && (0...1000).contains(outputOffset),
            "output_stride and output_offset are \(outputStride) and \(outputOffset), and 1…64 and 0…1000 are possible")
        try Self.require(
            (0...1).contains(overlapUnion) && (0...1).contains(overlapCovered),
            "the overlaps are \(overlapUnion) and \(overlapCovered), and 0…1 is possible")
        try Self.require(
            minimumConfidence.isFinite && minimumConfidence >= 0,
            "minimum_confidence is \(minimumConfidence), and at least 0 is needed")
        self.windowWidth = windowWidth
        self.windowHeight = windowHeight
        self.means = means
        self.divisor = divisor
        self.pyramidPadding = pyramidPadding
        self.pyramidOuterPadding = pyramidOuterPadding
        self.outputStride = outputStride
        self.outputOffset = outputOffset
        self.overlapUnion = overlapUnion
        self.overlapCovered = overlapCovered
        self.minimumConfidence = minimumConfidence
        self.scaling = scaling
    }

    private static func require(_ condition: Bool, _ reason: String) throws(InvalidMMODParameters) {
        guard condition else { throw InvalidMMODParameters(reason: reason) }
    }
}

/// Parameters with which the detector could not run.
public struct InvalidMMODParameters: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which limit a value breaks.
    public let reason: String

    public var description: String { "the detector's parameters are not usable: \(reason)" }
}

extension MMODParameters: Codable {
    /// The keys of the manifest's table.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case windowWidth = "window_width"
        case windowHeight = "window_height"
        case means = "mean"
        case divisor
        case pyramidPadding = "pyramid_padding"
        case pyramidOuterPadding = "pyramid_outer_padding"
        case outputStride = "output_stride"
        case outputOffset = "output_offset"
        case overlapUnion = "overlap_union"
        case overlapCovered = "overlap_covered"
        case minimumConfidence = "minimum_confidence"
        case enlargeBelow = "enlarge_below"
        case maximumSide = "maximum_side"
    }

    public init(from decoder: any Decoder) throws {
        let table = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            windowWidth: table.decode(Int.self, forKey: .windowWidth),
            windowHeight: table.decode(Int.self, forKey: .windowHeight),
            means: table.decode([Double].self, forKey: .means).map(Float.init),
            divisor: Float(table.decode(Double.self, forKey: .divisor)),
            pyramidPadding: table.decode(Int.self, forKey: .pyramidPadding),
            pyramidOuterPadding: table.decode(Int.self, forKey: .pyramidOuterPadding),
            outputStride: table.decode(Int.self, forKey: .outputStride),
            outputOffset: table.decode(Int.self, forKey: .outputOffset),
            overlapUnion: table.decode(Double.self, forKey: .overlapUnion),
            overlapCovered: table.decode(Double.self, forKey: .overlapCovered),
            minimumConfidence: table.decode(Double.self, forKey: .minimumConfidence),
            scaling: MMODScaling(
                enlargeBelow: table.decode(Int.self, forKey: .enlargeBelow),
                maximumSide: table.decode(Int.self, forKey: .maximumSide)))
    }

    public func encode(to encoder: any Encoder) throws {
        var table = encoder.container(keyedBy: CodingKeys.self)
        try table.encode(windowWidth, forKey: .windowWidth)
        try table.encode(windowHeight, forKey: .windowHeight)
        try table.encode(means.map(Double.init), forKey: .means)
        try table.encode(Double(divisor), forKey: .divisor)
        try table.encode(pyramidPadding, forKey: .pyramidPadding)
        try table.encode(pyramidOuterPadding, forKey: .pyramidOuterPadding)
        try table.encode(outputStride, forKey: .outputStride)
        try table.encode(outputOffset, forKey: .outputOffset)
        try table.encode(overlapUnion, forKey: .overlapUnion)
        try table.encode(overlapCovered, forKey: .overlapCovered)
        try table.encode(minimumConfidence, forKey: .minimumConfidence)
        try table.encode(scaling.enlargeBelow, forKey: .enlargeBelow)
        try table.encode(scaling.maximumSide, forKey: .maximumSide)
    }
}
