// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// The networks that there are, by the names that recipes use.
public enum Architecture: String, Sendable, Hashable, Codable, CaseIterable {
    /// The twin network of the reference recipe: 1 × 105 × 105, two large convolutions with local response
    /// normalisation and two small ones, 30976 → 1024 → 128 → 2.
    case reference105
    /// The embedding network of prototypical networks (Snell et al., 2017): blocks of convolution, batch normalisation,
    /// rectifier and halving pool.
    case conv4
    /// The twin network of Koch et al., *Siamese Neural Networks for One-shot Image Recognition*, 2015, up to its layer
    /// of 4096 values, without the sigmoid: distances are compared, not weighted.
    case koch
    /// A small residual network (He et al., 2016).
    case residual
    /// A small network of depthwise convolutions after MobileFaceNet (Chen et al., 2018).
    case depthwise
}

/// A network as a recipe states it. What is nil has the architecture's default.
public struct ArchitectureDescription: Sendable, Hashable, Codable {
    public enum Activation: String, Sendable, Hashable, Codable, CaseIterable {
        case relu, prelu
    }

    /// How an image of features becomes a vector.
    public enum Pooling: String, Sendable, Hashable, Codable, CaseIterable {
        /// The mean of each channel.
        case average
        /// All values in a row.
        case flatten
        /// A mean with learnt weights for each channel.
        case depthwise
        /// A convolution over each of ``regions`` equal regions from left to right, over the whole height, with the
        /// same weights. Value v of the embedding is of the region v mod ``regions``.
        case regions
    }

    public var architecture: Architecture
    /// The extents of the input.
    public var channels: Int
    public var height: Int
    public var width: Int
    /// Values of an embedding. Defaults: reference105 2, conv4 what its last block answers, koch 4096, others 128.
    public var embedding: Int?
    /// conv4: channels of each block, by default four times 64. residual, depthwise: channels of each stage, by default
    /// 32, 64, 128; every stage but residual's first halves the image.
    public var widths: [Int]?
    /// residual, depthwise: blocks of each stage, by default one.
    public var blocks: [Int]?
    /// residual, depthwise: the stride of the first convolution; 1 by default for residual, 2 for depthwise.
    public var stemStride: Int?
    /// conv4, residual: relu by default; depthwise: prelu.
    public var activation: Activation?
    /// conv4: flatten by default; residual: average; depthwise: depthwise.
    public var pooling: Pooling?
    /// How many regions the pooling of that name has; 4 by default.
    public var regions: Int?
    /// Whether embeddings have the length 1: residual and depthwise by default. Not for reference105 and koch.
    public var isNormalized: Bool?
    /// conv4, residual, depthwise: whether each value of an embedding is normalised over the batch before embeddings
    /// are brought to length 1 (Luo et al., *Bag of Tricks and a Strong Baseline for Deep Person Re-identification*,
    /// 2019); not by default.
    public var isBatchNormalized: Bool?
    /// conv4, residual, depthwise: the ratio of values dropped before the last layer, by default none.
    public var dropout: Float?
    /// reference105: pytorch by default; others: kaiming.
    public var initialization: WeightInitialization?

    public init(
        _ architecture: Architecture, channels: Int = 1, height: Int, width: Int, embedding: Int? = nil,
        widths: [Int]? = nil,
        blocks: [Int]? = nil, stemStride: Int? = nil, activation: Activation? = nil, pooling: Pooling? = nil,
        regions: Int? = nil,
        isNormalized: Bool? = nil, isBatchNormalized: Bool? = nil, dropout: Float? = nil,
        initialization: WeightInitialization? = nil
    ) {
        self.architecture = architecture
        self.channels = channels
        self.height = height
        self.width = width
        self.embedding = embedding
        self.widths = widths
        self.blocks = blocks
        self.stemStride = stemStride
        self.activation = activation
        self.pooling = pooling
        self.regions = regions
        self.isNormalized = isNormalized
        self.isBatchNormalized = isBatchNormalized
        self.dropout = dropout
        self.initialization = initialization
    }

    /// The network of the reference recipe.
    public static let reference = ArchitectureDescription(.reference105, height: 105, width: 105)

    /// The network for training, [batch, channels, height, width] → [batch, embedding], with weights drawn from
    /// `random`.
    ///
    /// - Throws: ``TrainingError/invalidNetwork(reason:)`` when the description states what its architecture does not
    ///   have, or layers do not fit.
    public func makeGraph(random: inout RandomSource) throws(TrainingError) -> Graph {
        try check()
        var builder = try NetworkBuilder(
            channels: channels, height: height, width: width,
            initialization: initialization ?? (architecture == .reference105 ? .pytorch : .kaiming),
            random: random.fork())
        switch architecture {
        case .reference105: try appendReference(to: &builder)
        case .conv4: try appendConv4(to: &builder)
        case .koch: try appendKoch(to: &builder)
        case .residual: try appendResidual(to: &builder)
        case .depthwise: try appendDepthwise(to: &builder)
        }
        return try builder.graph(name: architecture.rawValue)
    }

    /// Refuses settings that the architecture would not heed.
    private func check() throws(TrainingError) {
        var unused: [(name: String, isStated: Bool)] = []
        switch architecture {
        case .reference105, .koch:
            unused = [
                ("widths", widths != nil), ("blocks", blocks != nil), ("stem-stride", stemStride != nil),
                ("activation", activation != nil), ("pooling", pooling != nil), ("regions", regions != nil),
                ("normalised", isNormalized != nil),
                ("batch-normalised", isBatchNormalized != nil), ("dropout", dropout != nil),
            ]
        case .conv4: unused = [("blocks", blocks != nil), ("stem-stride", stemStride != nil)]
        case .residual, .depthwise: break
        }
        if let stated = unused.first(where: \.isStated) {
            throw .invalidNetwork(reason: "\(architecture.rawValue) has no setting “\(stated.name)”")
        }
        if architecture == .reference105, (channels, height, width) != (1, 105, 105) {
            throw .invalidNetwork(
                reason: "reference105 takes grey images of 105 × 105, not \(channels) × \(height) × \(width)")
        }
        if let embedding, !(1...65536).contains(embedding) {
            throw .invalidNetwork(reason: "its embedding has \(embedding) values, and can have 1 to 65536")
        }
        if let widths {
            guard (1...16).contains(widths.count), widths.allSatisfy({ (1...4096).contains($0) }) else {
                throw .invalidNetwork(reason: "its widths are \(widths), and can be 1 to 16 numbers from 1 to 4096")
            }
        }
        if let blocks {
            guard blocks.count == stageWidths.count, blocks.allSatisfy({ (1...64).contains($0) }) else {
                throw .invalidNetwork(
                    reason:
                        "its blocks are \(blocks), and have to be a number from 1 to 64 for each of \(stageWidths.count) widths"
                )
            }
        }
        if let regions, pooling != .regions || !(1...64).contains(regions) {
            throw .invalidNetwork(
                reason: "it has \(regions) regions, which are 1 to 64 and for the pooling “regions” alone")
        }
        if let stemStride, !(1...4).contains(stemStride) {
            throw .invalidNetwork(reason: "its stem has the stride \(stemStride), and can have 1 to 4")
        }
    }

    /// Channels of each block or stage.
    var stageWidths: [Int] { widths ?? (architecture == .conv4 ? [64, 64, 64, 64] : [32, 64, 128]) }
    var stageBlocks: [Int] { blocks ?? stageWidths.map { _ in 1 } }
}
