// SPDX-License-Identifier: Apache-2.0

/// The loops of ``TiledProduct``. Each module of vector code makes functions of its own of them, for as many pixels and
/// channels as its instruction set has registers for sums: small ones, because the compiler leaves generic code outlined
/// in large ones.
public enum TiledProductKernel {
    public typealias Sums<let pixels: Int> = InlineArray<pixels, SIMD16<Float>>

    /// Calls the body for each tile of each row, cut into parts that are as equal as may be.
    @inlinable @inline(__always)
    public static func forEachTile(
        _ product: TiledProduct, most: Int,
        _ body: (
            _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ epilogue: BlockEpilogue,
            _ pixels: Int
        ) -> Void
    ) {
        let tiles = (product.pixels.count &+ most &- 1) / most
        guard tiles > 0 else { return }
        let least = product.pixels.count / tiles, larger = product.pixels.count % tiles
        for row in 0..<product.rows.count {
            var pixel = 0
            for tile in 0..<tiles {
                let count = least &+ (tile < larger ? 1 : 0)
                let offset = row &* product.rows.output &+ pixel &* product.pixels.output
                body(
                    product.input + (row &* product.rows.input &+ pixel &* product.pixels.input),
                    product.output + offset, product.epilogue.advanced(channels: 0, values: offset), count)
                pixel &+= count
            }
        }
    }

    /// A tile of 32 channels.
    @inlinable @inline(__always)
    public static func pair<Arithmetic: MultiplyAdd, let pixels: Int>(
        _: Arithmetic.Type, _ zeros: Sums<pixels>, _ product: TiledProduct,
        _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ epilogue: BlockEpilogue
    ) {
        let second = product.blockWeights, step = product.pixels.input
        var sums0 = zeros, sums1 = zeros
        reduce(product.reduction, input, product.weights) { input, weights in
            let weights0 = VectorMemory.load(weights), weights1 = VectorMemory.load(weights + second)
            for pixel in 0..<pixels {
                let value = SIMD16<Float>(repeating: input[pixel &* step])
                sums0[pixel] = Arithmetic.multiplyAdd(value, weights0, sums0[pixel])
                sums1[pixel] = Arithmetic.multiplyAdd(value, weights1, sums1[pixel])
            }
        }
        epilogue.store(sums0, channel: 0, to: output, at: 0, step: product.pixels.output)
        epilogue.store(sums1, channel: 16, to: output, at: product.blockOutput, step: product.pixels.output)
    }

    /// A tile of 16 channels.
    @inlinable @inline(__always)
    public static func single<Arithmetic: MultiplyAdd, let pixels: Int>(
        _: Arithmetic.Type, _ zeros: Sums<pixels>, _ product: TiledProduct,
        _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ epilogue: BlockEpilogue
    ) {
        let step = product.pixels.input
        var sums = zeros
        reduce(product.reduction, input, product.weights) { input, weights in
            let weights0 = VectorMemory.load(weights)
            for pixel in 0..<pixels {
                sums[pixel] = Arithmetic.multiplyAdd(
                    SIMD16<Float>(repeating: input[pixel &* step]), weights0, sums[pixel])
            }
        }
        epilogue.store(sums, channel: 0, to: output, at: 0, step: product.pixels.output)
    }

    /// Calls the body for each step of all levels.
    @inlinable @inline(__always)
    static func reduce(
        _ reduction: TiledProduct.Reduction, _ input: UnsafePointer<Float>, _ weights: UnsafePointer<Float>,
        _ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Void
    ) {
        var blockInput = input, blockWeights = weights
        var blocks = reduction.blocks.count
        while blocks > 0 {
            var rowInput = blockInput, rowWeights = blockWeights
            var rows = reduction.rows.count
            while rows > 0 {
                var columnInput = rowInput, columnWeights = rowWeights
                var columns = reduction.columns.count
                while columns > 0 {
                    var stepInput = columnInput, stepWeights = columnWeights
                    var depth = reduction.depth.count
                    while depth > 0 {
                        body(stepInput, stepWeights)
                        stepInput += reduction.depth.input
                        stepWeights += reduction.depth.weights
                        depth &-= 1
                    }
                    columnInput += reduction.columns.input
                    columnWeights += reduction.columns.weights
                    columns &-= 1
                }
                rowInput += reduction.rows.input
                rowWeights += reduction.rows.weights
                rows &-= 1
            }
            blockInput += reduction.blocks.input
            blockWeights += reduction.blocks.weights
            blocks &-= 1
        }
    }
}

extension TiledProduct {
    /// One block of 16 channels alone.
    @inlinable @inline(__always)
    public func block(_ index: Int) -> TiledProduct {
        TiledProduct(
            input: input, weights: weights + index &* blockWeights, output: output + index &* blockOutput,
            reduction: reduction, rows: rows, pixels: pixels, isPair: false, blockWeights: 0, blockOutput: 0,
            epilogue: epilogue.advanced(channels: index &* 16, values: index &* blockOutput))
    }
}
