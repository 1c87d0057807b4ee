// SPDX-License-Identifier: Apache-2.0

import Kernels

/// Chooses the method of a convolution in blocks by a model of its cost, so that a plan is the same wherever and
/// whenever it is made.
package enum BlockedMethod: Hashable, Sendable {
    case direct(BlockedConvolution.Source)
    case winograd(WinogradFilter)
    case depthwise

    /// What a vector of a tile's products costs on its way in or out, in multiply-adds of 16 numbers.
    private static let transformCost = 6.0
    /// The floats of weights that are read in the time of one multiply-add of 16 numbers, beside it, where they do not
    /// fit the cache.
    private static let weightsRate = 1.6
    /// The floats of a layer's weights that are taken to stay in the cache from one run to the next.
    private static let cachedWeights = 1 << 20

    /// - Precondition: one group, and an input in blocks.
    package static func choose(for shape: ConvolutionShape) -> BlockedMethod {
        var best: (method: BlockedMethod, cost: Double) = (.direct(.blocks), directCost(shape))
        for filter in WinogradFilter.allCases where WinogradConvolution.supports(shape, filter) {
            let cost = winogradCost(shape, filter)
            if cost < best.cost { best = (.winograd(filter), cost) }
        }
        return best.method
    }

    /// In multiply-adds of 16 numbers, for one image.
    private static func directCost(_ shape: ConvolutionShape) -> Double {
        let weights = BlockedConvolution.weightsCount(shape, .blocks)
        // The rows of windows that lie outside the image are left out.
        let taps = (0..<shape.outputHeight).reduce(0) { $0 + shape.verticalTaps($1).count }
        return max(
            Double(shape.outputWidth) * Double(taps) * Double(weights)
                / Double(BlockedShape.lanes * shape.window.kernelHeight), reading(weights))
    }

    private static func winogradCost(_ shape: ConvolutionShape, _ filter: WinogradFilter) -> Double {
        let vectors = Double(filter.tiles(shape).count * filter.products)
        let inputs = Double(BlockedShape.blocks(shape.inputChannels))
        let outputs = Double(BlockedShape.blocks(shape.outputChannels))
        return max(
            vectors * inputs * outputs * Double(BlockedShape.lanes),
            reading(WinogradConvolution.weightsCount(shape, filter))) + vectors * transformCost * (inputs + outputs)
    }

    private static func reading(_ weights: Int) -> Double {
        weights > cachedWeights ? Double(weights) / weightsRate : 0
    }

    package func weightsCount(_ shape: ConvolutionShape) -> Int {
        switch self {
        case .direct(let source): BlockedConvolution.weightsCount(shape, source)
        case .winograd(let filter): WinogradConvolution.weightsCount(shape, filter)
        case .depthwise: BlockedDepthwise.weightsCount(shape)
        }
    }

    /// Whether its layout of weights is used: windows of one channel and of any size would take 16 times their memory.
    func takesReasonableWeights(_ shape: ConvolutionShape) -> Bool {
        weightsCount(shape) <= max(BlockedLayout.smallCount, BlockedLayout.mostGrowth * shape.weightsCount)
    }

    /// Brings weights into the method's own layout.
    package func prepareWeights(
        _ shape: ConvolutionShape, weights: ConvolutionWeights, into prepared: UnsafeMutablePointer<Float>
    ) {
        switch self {
        case .direct(let source): BlockedConvolution.prepareWeights(shape, source, weights: weights, into: prepared)
        case .winograd(let filter): WinogradConvolution.prepareWeights(shape, filter, weights: weights, into: prepared)
        case .depthwise: BlockedDepthwise.prepareWeights(shape, weights: weights, into: prepared)
        }
    }
}
