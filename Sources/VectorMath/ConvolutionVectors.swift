// SPDX-License-Identifier: Apache-2.0

import Kernels
import KernelsBaseline

#if arch(x86_64)
import KernelsAVX2
import KernelsAVX512
#endif

/// The vector code of convolutions, for the instruction set that it is made for.
package struct ConvolutionVectors: Sendable {
    private let code: any ConvolutionCode.Type

    /// - Parameter instructionSet: one of ``InstructionSet/available``.
    package init(_ instructionSet: InstructionSet = .current) {
        code =
            switch min(instructionSet, .ofProcessor) {
            #if arch(x86_64)
            case .avx512: ConvolutionAVX512.self
            case .avx2: ConvolutionAVX2.self
            #endif
            default: ConvolutionBaseline.self
            }
    }

    /// The floats of working space of the two transforms.
    package static var transformScratchCount: Int { WinogradKernel.scratchCount }

    package func run(_ product: TiledProduct) { code.run(product) }

    package func run(_ block: DepthwiseBlock) { code.run(block) }

    package func run(_ affine: BlockAffine) { code.run(affine) }

    package func run(_ pool: BlockPool) { code.run(pool) }

    package func transformInput(
        _ filter: WinogradFilter, _ tiles: WinogradTiles, image: UnsafePointer<Float>,
        products: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        code.transformInput(filter, tiles, image: image, products: products, scratch: scratch)
    }

    package func transformOutput(
        _ filter: WinogradFilter, _ tiles: WinogradTiles, products: UnsafePointer<Float>,
        image: UnsafeMutablePointer<Float>, epilogue: BlockEpilogue, scratch: UnsafeMutablePointer<Float>
    ) {
        code.transformOutput(
            filter, tiles, products: products, image: image, epilogue: epilogue, scratch: scratch)
    }
}
