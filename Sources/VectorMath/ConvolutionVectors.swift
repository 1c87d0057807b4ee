// SPDX-License-Identifier: Apache-2.0

import Kernels
import KernelsBaseline

#if arch(x86_64)
import KernelsAVX2
import KernelsAVX512
#endif

/// The vector code of convolutions, for the instruction set that it is made for.
package struct ConvolutionVectors: Sendable {
    private let instructionSet: InstructionSet

    /// - Parameter instructionSet: one of ``InstructionSet/available``.
    package init(_ instructionSet: InstructionSet = .current) {
        self.instructionSet = min(instructionSet, .ofProcessor)
    }

    /// The floats of working space of the two transforms.
    package static var transformScratchCount: Int { WinogradKernel.scratchCount }

    package func run(_ product: TiledProduct) {
        switch instructionSet {
        #if arch(x86_64)
        case .avx512: ConvolutionAVX512.run(product)
        case .avx2: ConvolutionAVX2.run(product)
        #endif
        default: ConvolutionBaseline.run(product)
        }
    }

    package func run(_ block: DepthwiseBlock) {
        switch instructionSet {
        #if arch(x86_64)
        case .avx512: ConvolutionAVX512.run(block)
        case .avx2: ConvolutionAVX2.run(block)
        #endif
        default: ConvolutionBaseline.run(block)
        }
    }

    package func run(_ affine: BlockAffine) {
        switch instructionSet {
        #if arch(x86_64)
        case .avx512: ConvolutionAVX512.run(affine)
        case .avx2: ConvolutionAVX2.run(affine)
        #endif
        default: ConvolutionBaseline.run(affine)
        }
    }

    package func run(_ pool: BlockPool) {
        switch instructionSet {
        #if arch(x86_64)
        case .avx512: ConvolutionAVX512.run(pool)
        case .avx2: ConvolutionAVX2.run(pool)
        #endif
        default: ConvolutionBaseline.run(pool)
        }
    }

    package func transformInput(
        _ filter: WinogradFilter, _ tiles: WinogradTiles, image: UnsafePointer<Float>,
        products: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        switch instructionSet {
        #if arch(x86_64)
        case .avx512:
            ConvolutionAVX512.transformInput(filter, tiles, image: image, products: products, scratch: scratch)
        case .avx2:
            ConvolutionAVX2.transformInput(filter, tiles, image: image, products: products, scratch: scratch)
        #endif
        default:
            ConvolutionBaseline.transformInput(filter, tiles, image: image, products: products, scratch: scratch)
        }
    }

    package func transformOutput(
        _ filter: WinogradFilter, _ tiles: WinogradTiles, products: UnsafePointer<Float>,
        image: UnsafeMutablePointer<Float>, epilogue: BlockEpilogue, scratch: UnsafeMutablePointer<Float>
    ) {
        switch instructionSet {
        #if arch(x86_64)
        case .avx512:
            ConvolutionAVX512.transformOutput(
                filter, tiles, products: products, image: image, epilogue: epilogue, scratch: scratch)
        case .avx2:
            ConvolutionAVX2.transformOutput(
                filter, tiles, products: products, image: image, epilogue: epilogue, scratch: scratch)
        #endif
        default:
            ConvolutionBaseline.transformOutput(
                filter, tiles, products: products, image: image, epilogue: epilogue, scratch: scratch)
        }
    }
}
