// SPDX-License-Identifier: Apache-2.0

/// The loops of convolutions as one module of vector code has them.
package protocol ConvolutionCode: SendableMetatype {
    /// See ``TiledProduct``.
    static func run(_ product: TiledProduct)
    /// See ``DepthwiseBlock``.
    static func run(_ block: DepthwiseBlock)
    /// See ``BlockAffine``.
    static func run(_ affine: BlockAffine)
    /// See ``BlockPool``.
    static func run(_ pool: BlockPool)
    /// See ``WinogradKernel``.
    static func transformInput(
        _ filter: WinogradFilter, _ tiles: WinogradTiles, image: UnsafePointer<Float>,
        products: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)
    /// See ``WinogradKernel``.
    static func transformOutput(
        _ filter: WinogradFilter, _ tiles: WinogradTiles, products: UnsafePointer<Float>,
        image: UnsafeMutablePointer<Float>, epilogue: BlockEpilogue, scratch: UnsafeMutablePointer<Float>)
}
