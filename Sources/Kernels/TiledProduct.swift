// SPDX-License-Identifier: Apache-2.0

/// Sums of products in tiles of a few pixels and 16 or 32 channels, whose sums stay in registers until they are whole:
/// the one loop of convolutions, of their gradients, and of the products of Winograd's method.
///
/// For each pixel and channel: the sum, over the four levels of ``Reduction``, of a number of the input that all channels
/// share and of a weight that all pixels share. What the levels mean is up to the caller. All distances count floats.
@frozen
public struct TiledProduct {
    /// The nested loops over what is summed, outermost first.
    @frozen
    public struct Reduction {
        public var blocks: Level
        public var rows: Level
        public var columns: Level
        public var depth: Level

        @inlinable @inline(__always)

        public init(blocks: Level, rows: Level, columns: Level, depth: Level) {
            self.blocks = blocks
            self.rows = rows
            self.columns = columns
            self.depth = depth
        }
    }

    /// One loop, and how far its steps lead.
    @frozen
    public struct Level: Sendable {
        public var count: Int
        public var input: Int
        public var weights: Int

        @inlinable @inline(__always)

        public init(count: Int, input: Int, weights: Int) {
            self.count = count
            self.input = input
            self.weights = weights
        }

        @inlinable @inline(__always)
        public static var once: Level { Level(count: 1, input: 0, weights: 0) }
    }

    /// A loop over what is computed.
    @frozen
    public struct Extent {
        public var count: Int
        public var input: Int
        public var output: Int

        @inlinable @inline(__always)

        public init(count: Int, input: Int, output: Int) {
            self.count = count
            self.input = input
            self.output = output
        }
    }

    public var input: UnsafePointer<Float>
    public var weights: UnsafePointer<Float>
    public var output: UnsafeMutablePointer<Float>
    public var reduction: Reduction
    public var rows: Extent
    public var pixels: Extent
    /// Whether there are two blocks of 16 channels, or one.
    public var isPair: Bool
    /// From the weights of the first block to those of the second.
    public var blockWeights: Int
    /// From the output of the first block to that of the second.
    public var blockOutput: Int
    public var epilogue: BlockEpilogue

    @inlinable @inline(__always)

    public init(
        input: UnsafePointer<Float>, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        reduction: Reduction, rows: Extent, pixels: Extent, isPair: Bool, blockWeights: Int, blockOutput: Int,
        epilogue: BlockEpilogue
    ) {
        self.input = input
        self.weights = weights
        self.output = output
        self.reduction = reduction
        self.rows = rows
        self.pixels = pixels
        self.isPair = isPair
        self.blockWeights = blockWeights
        self.blockOutput = blockOutput
        self.epilogue = epilogue
    }
}
