// SPDX-License-Identifier: Apache-2.0

import Kernels

/// The kernels of convolutions; see their loops in `Kernels`.
package enum ConvolutionBaseline: ConvolutionCode {
    private typealias Sums<let pixels: Int> = InlineArray<pixels, SIMD16<Float>>
    private typealias Input = UnsafePointer<Float>
    private typealias Output = UnsafeMutablePointer<Float>

    package static func run(_ product: TiledProduct) {
        for block in 0..<(product.isPair ? 2 : 1) {
            let own = product.block(block)
            TiledProductKernel.forEachTile(own, most: 2) { input, output, epilogue, pixels in
                switch pixels {
                case 1: single1(own, input, output, epilogue)
                default: single2(own, input, output, epilogue)
                }
            }
        }
    }

    @inline(never)
    private static func single1(_ product: TiledProduct, _ input: Input, _ output: Output, _ epilogue: BlockEpilogue) {
        TiledProductKernel.single(SeparateMultiplyAdd.self, Sums<1>(repeating: .zero), product, input, output, epilogue)
    }

    @inline(never)
    private static func single2(_ product: TiledProduct, _ input: Input, _ output: Output, _ epilogue: BlockEpilogue) {
        TiledProductKernel.single(SeparateMultiplyAdd.self, Sums<2>(repeating: .zero), product, input, output, epilogue)
    }

    package static func run(_ block: DepthwiseBlock) {
        let isStrided = block.width.stride == 2
        DepthwiseKernel.forEachTile(block, most: 2) { input, offset, pixels in
            switch (pixels, isStrided) {
            case (1, _): three1(block, input, offset)
            case (_, false): three2(block, input, offset)
            default: threeStrided2(block, input, offset)
            }
        } single: { row, column in
            single(block, row, column)
        }
    }

    @inline(never)
    private static func three1(_ block: DepthwiseBlock, _ input: Input, _ offset: Int) {
        DepthwiseKernel.three(
            SeparateMultiplyAdd.self, Sums<1>(repeating: .zero), InlineArray<1, Bool>(repeating: false), block, input,
            at: offset)
    }

    @inline(never)
    private static func three2(_ block: DepthwiseBlock, _ input: Input, _ offset: Int) {
        DepthwiseKernel.three(
            SeparateMultiplyAdd.self, Sums<2>(repeating: .zero), InlineArray<1, Bool>(repeating: false), block, input,
            at: offset)
    }

    @inline(never)
    private static func threeStrided2(_ block: DepthwiseBlock, _ input: Input, _ offset: Int) {
        DepthwiseKernel.three(
            SeparateMultiplyAdd.self, Sums<2>(repeating: .zero), InlineArray<2, Bool>(repeating: false), block, input,
            at: offset)
    }

    @inline(never)
    private static func single(_ block: DepthwiseBlock, _ row: Int, _ column: Int) {
        DepthwiseKernel.pixel(SeparateMultiplyAdd.self, block, row, column)
    }

    package static func run(_ affine: BlockAffine) {
        BlockAffineKernel.run(SeparateMultiplyAdd.self, affine)
    }

    package static func run(_ pool: BlockPool) {
        switch pool.kind {
        case .maximum: BlockPoolKernel.maximum(pool)
        case .average(let countIncludePad): BlockPoolKernel.average(pool, countIncludePad: countIncludePad)
        }
    }

    package static func transformInput(
        _ filter: WinogradFilter, _ tiles: WinogradTiles, image: UnsafePointer<Float>,
        products: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        switch filter {
        case .fourThree: inputFourThree(tiles, image, products, scratch)
        case .twoThree: inputTwoThree(tiles, image, products, scratch)
        case .twoFive: inputTwoFive(tiles, image, products, scratch)
        }
    }

    package static func transformOutput(
        _ filter: WinogradFilter, _ tiles: WinogradTiles, products: UnsafePointer<Float>,
        image: UnsafeMutablePointer<Float>, epilogue: BlockEpilogue, scratch: UnsafeMutablePointer<Float>
    ) {
        switch filter {
        case .fourThree: outputFourThree(tiles, products, image, epilogue, scratch)
        case .twoThree: outputTwoThree(tiles, products, image, epilogue, scratch)
        case .twoFive: outputTwoFive(tiles, products, image, epilogue, scratch)
        }
    }

    @inline(never)
    private static func inputFourThree(_ tiles: WinogradTiles, _ image: Input, _ products: Output, _ scratch: Output) {
        WinogradKernel.transformInput(
            WinogradFourThree.self, tiles, image: image, products: products, scratch: scratch)
    }

    @inline(never)
    private static func outputFourThree(
        _ tiles: WinogradTiles, _ products: Input, _ image: Output, _ epilogue: BlockEpilogue, _ scratch: Output
    ) {
        WinogradKernel.transformOutput(
            WinogradFourThree.self, tiles, products: products, image: image, epilogue: epilogue, scratch: scratch)
    }

    @inline(never)
    private static func inputTwoThree(_ tiles: WinogradTiles, _ image: Input, _ products: Output, _ scratch: Output) {
        WinogradKernel.transformInput(
            WinogradTwoThree.self, tiles, image: image, products: products, scratch: scratch)
    }

    @inline(never)
    private static func outputTwoThree(
        _ tiles: WinogradTiles, _ products: Input, _ image: Output, _ epilogue: BlockEpilogue, _ scratch: Output
    ) {
        WinogradKernel.transformOutput(
            WinogradTwoThree.self, tiles, products: products, image: image, epilogue: epilogue, scratch: scratch)
    }

    @inline(never)
    private static func inputTwoFive(_ tiles: WinogradTiles, _ image: Input, _ products: Output, _ scratch: Output) {
        WinogradKernel.transformInput(
            WinogradTwoFive.self, tiles, image: image, products: products, scratch: scratch)
    }

    @inline(never)
    private static func outputTwoFive(
        _ tiles: WinogradTiles, _ products: Input, _ image: Output, _ epilogue: BlockEpilogue, _ scratch: Output
    ) {
        WinogradKernel.transformOutput(
            WinogradTwoFive.self, tiles, products: products, image: image, epilogue: epilogue, scratch: scratch)
    }
}
