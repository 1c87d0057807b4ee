// SPDX-License-Identifier: Apache-2.0

/// The image that an embedding network takes: its size, and how pixels become numbers.
///
/// A number is `(pixel − mean) / standardDeviation`, with pixels in 0…255 and one mean and one deviation for
/// each channel *in the network's own channel order*.
public struct NetworkInput: Sendable, Hashable {
    public var width: Int
    public var height: Int
    public var layout: Layout
    public var channels: ChannelOrder
    public var mean: [Double]
    public var standardDeviation: [Double]

    /// Where the channels stand in the tensor, whose first axis is the batch.
    public enum Layout: String, Sendable, Hashable, CaseIterable {
        case nchw = "NCHW"
        case nhwc = "NHWC"
    }

    /// The channels and their order.
    public enum ChannelOrder: String, Sendable, Hashable, CaseIterable {
        case rgb = "RGB"
        case bgr = "BGR"
        case gray

        public var count: Int { self == .gray ? 1 : 3 }
    }

    public init(
        width: Int, height: Int, layout: Layout = .nchw, channels: ChannelOrder = .rgb, mean: [Double],
        standardDeviation: [Double]
    ) {
        self.width = width
        self.height = height
        self.layout = layout
        self.channels = channels
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    /// The sides a package may state.
    public static let sides = 8...2048

    /// The tensor's shape for one image.
    public var shape: [Int] {
        switch layout {
        case .nchw: [1, channels.count, height, width]
        case .nhwc: [1, height, width, channels.count]
        }
    }

    init(_ table: ManifestTable) throws(ModelPackageError) {
        try table.requireKeys(["width", "height", "layout", "channels", "mean", "standard_deviation"])
        let channels = try table.choice("channels", of: ChannelOrder.self)
        self.init(
            width: try table.integer("width", in: Self.sides), height: try table.integer("height", in: Self.sides),
            layout: try table.choice("layout", of: Layout.self), channels: channels,
            mean: try table.numbers("mean", count: channels.count, in: -1024...1024),
            standardDeviation: try table.numbers("standard_deviation", count: channels.count, in: 1e-6...1e6))
    }

    var section: ManifestSection {
        ManifestSection(
            "input",
            [
                "width": .integer(width), "height": .integer(height),
                "layout": .string(layout.rawValue), "channels": .string(channels.rawValue),
                "mean": .numbers(mean), "standard_deviation": .numbers(standardDeviation),
            ])
    }
}
