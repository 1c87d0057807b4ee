// SPDX-License-Identifier: Apache-2.0

import COpenBLAS
import NeuralNet

/// A convolution as matrix products: weights [channels, depth] times the windows [depth, places] of a tile.
///
/// The windows are laid out anew for the backward run, so that what is kept between the runs is the input alone.
/// Threads share the output's rows in the forward run, and the images in the backward run, where each sums the weights'
/// gradient of its own images; the sums are added in the order of the threads.
struct ConvolutionLayer: Layer {
    private let shape: ConvolutionShape
    private let weights: Parameter
    private let bias: Parameter?
    private let tiling: ConvolutionTiling
    private let matrix: WindowMatrix
    /// The windows of a whole tile are the input itself.
    private let isPointwise: Bool
    private let windowsCount: Int
    private let productCount: Int
    private let threads: Int

    init(shape: ConvolutionShape, weights: Parameter, bias: Parameter?, threads: Int) {
        self.shape = shape
        self.weights = weights
        self.bias = bias
        self.threads = threads
        tiling = ConvolutionTiling(shape)
        matrix = WindowMatrix(shape: shape)
        isPointwise = shape.depth == shape.inputChannelsPerGroup && shape.window.isUnit
        windowsCount = shape.depth * tiling.positions
        productCount = tiling.imagesPerTile > 1 ? shape.outputChannelsPerGroup * tiling.positions : 0
    }

    var outputShape: [Int] { [shape.batch, shape.outputChannels, shape.outputHeight, shape.outputWidth] }
    var backwardReads: BackwardReads { .inputs }
    var forwardScratchCount: Int { threads * (windowsCount + productCount) }
    var backwardScratchCount: Int { threads * (windowsCount + productCount) + (threads - 1) * sumsCount }

    private var sumsCount: Int { shape.weightsCount + (bias == nil ? 0 : shape.outputChannels) }
    private var rows: Int { shape.outputChannelsPerGroup }
    private var depth: Int { shape.depth }

    /// A tile whose product lies in the output as it lies in memory.
    private func isDirect(_ tile: ConvolutionTile) -> Bool { tile.images == 1 }

    private func inputOffset(_ tile: ConvolutionTile, _ group: Int) -> Int {
        (tile.firstImage * shape.inputChannels + group * shape.inputChannelsPerGroup) * shape.inputArea
    }

    private func outputOffset(_ tile: ConvolutionTile, _ group: Int) -> Int {
        (tile.firstImage * shape.outputChannels + group * rows) * shape.outputArea + tile.rows.lowerBound
            * shape.outputWidth
    }

    /// The windows of a tile, laid out in the working space where the input itself does not serve.
    private func windows(
        _ tile: ConvolutionTile, _ group: Int, _ input: UnsafePointer<Float>, _ space: UnsafeMutablePointer<Float>
    ) -> (UnsafePointer<Float>, stride: Int) {
        let source = input + inputOffset(tile, group)
        if isPointwise, isDirect(tile) { return (source + tile.rows.lowerBound * shape.outputWidth, shape.inputArea) }
        matrix.layOut(tile, from: source, into: space)
        return (UnsafePointer(space), tile.positions)
    }

    // MARK: - Forward

    func forward(_ memory: LayerMemory, _ run: inout LayerRun) {
        let threads = run.threads
        weights.withValues { weights in
            bias.withValues { bias in
                threads.run { share in
                    let space = memory.forwardScratch + share * (windowsCount + productCount)
                    tiling.forEachTile(threads.part(share, of: shape.batch * shape.outputHeight)) { tile in
                        for group in 0..<shape.groups {
                            multiply(tile, group, memory.inputs[0], weights, bias, memory.output, space)
                        }
                    }
                }
            }
        }
    }

    private func multiply(
        _ tile: ConvolutionTile, _ group: Int, _ input: UnsafePointer<Float>, _ weights: UnsafePointer<Float>,
        _ bias: UnsafePointer<Float>?, _ output: UnsafeMutablePointer<Float>, _ space: UnsafeMutablePointer<Float>
    ) {
        let (windows, stride) = windows(tile, group, input, space)
        let target = output + outputOffset(tile, group)
        let product = isDirect(tile) ? target : space + windowsCount
        let productStride = isDirect(tile) ? shape.outputArea : tile.positions
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(tile.positions), blasint(depth), 1,
            weights + group * rows * depth, blasint(depth), windows, blasint(stride), 0, product, blasint(productStride)
        )
        for row in 0..<rows {
            let shift = bias?[group * rows + row] ?? 0
            if isDirect(tile) {
                guard shift != 0 else { continue }
                let line = product + row * productStride
                for position in 0..<tile.positions { line[position] += shift }
            } else {
                for image in 0..<tile.images {
                    let source = product + row * productStride + image * shape.outputArea
                    let line = target + (image * shape.outputChannels + row) * shape.outputArea
                    for position in 0..<shape.outputArea { line[position] = source[position] + shift }
                }
            }
        }
    }

    // MARK: - Backward

    func backward(_ memory: LayerMemory, threads: ComputeThreads) {
        let spaceCount = windowsCount + productCount, sums = memory.backwardScratch + threads.count * spaceCount
        weights.withValues { values in
            weights.withGradient { gradient in
                bias.withGradient { biasGradient in
                    threads.run { share in
                        let own = sums + (share - 1) * sumsCount
                        if share > 0 { own.update(repeating: 0, count: sumsCount) }
                        differentiate(
                            images: threads.part(share, of: shape.batch), memory, values,
                            gradient: share == 0 ? gradient : own,
                            biasGradient: biasGradient.map { share == 0 ? $0 : own + shape.weightsCount },
                            space: memory.backwardScratch + share * spaceCount)
                    }
                    for other in 0..<threads.count - 1 {
                        let own = sums + other * sumsCount
                        threads.run(over: shape.weightsCount, granularity: 16) { range in
                            ElementSum.add(range, of: own, to: gradient)
                        }
                        if let biasGradient {
                            for channel in 0..<shape.outputChannels {
                                biasGradient[channel] += own[shape.weightsCount + channel]
                            }
                        }
                    }
                }
            }
        }
    }

    private func differentiate(
        images: Range<Int>, _ memory: LayerMemory, _ weights: UnsafePointer<Float>,
        gradient: UnsafeMutablePointer<Float>,
        biasGradient: UnsafeMutablePointer<Float>?, space: UnsafeMutablePointer<Float>
    ) {
        let imageCount = shape.inputChannels * shape.inputArea
        let inputGradient = memory.inputGradients[0]
        if let inputGradient, !images.isEmpty {
            (inputGradient + images.lowerBound * imageCount).update(repeating: 0, count: images.count * imageCount)
        }
        tiling.forEachTile(images.lowerBound * shape.outputHeight..<images.upperBound * shape.outputHeight) { tile in
            for group in 0..<shape.groups {
                let (slope, slopeStride) = outputGradient(tile, group, memory.outputGradient, space + windowsCount)
                if let biasGradient {
                    for row in 0..<rows {
                        biasGradient[group * rows + row] += Summation.sum(
                            slope + row * slopeStride, count: tile.positions)
                    }
                }
                let (windows, stride) = windows(tile, group, memory.inputs[0], space)
                cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows), blasint(depth), blasint(tile.positions), 1,
                    slope, blasint(slopeStride), windows, blasint(stride), 1, gradient + group * rows * depth,
                    blasint(depth))
                if let inputGradient {
                    differentiateInput(
                        tile, group, weights, slope, slopeStride, inputGradient + inputOffset(tile, group), space)
                }
            }
        }
    }

    private func differentiateInput(
        _ tile: ConvolutionTile, _ group: Int, _ weights: UnsafePointer<Float>, _ slope: UnsafePointer<Float>,
        _ slopeStride: Int, _ target: UnsafeMutablePointer<Float>, _ space: UnsafeMutablePointer<Float>
    ) {
        let isInPlace = isPointwise && isDirect(tile)
        let product = isInPlace ? target + tile.rows.lowerBound * shape.outputWidth : space
        cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, blasint(depth), blasint(tile.positions), blasint(rows), 1,
            weights + group * rows * depth, blasint(depth), slope, blasint(slopeStride),
            0, product, blasint(isInPlace ? shape.inputArea : tile.positions))
        if !isInPlace { matrix.addBack(tile, from: space, to: target) }
    }

    /// The output's gradient over a tile as a matrix [channels, places].
    private func outputGradient(
        _ tile: ConvolutionTile, _ group: Int, _ gradient: UnsafePointer<Float>, _ space: UnsafeMutablePointer<Float>
    ) -> (UnsafePointer<Float>, stride: Int) {
        let source = gradient + outputOffset(tile, group)
        if isDirect(tile) { return (source, shape.outputArea) }
        for row in 0..<rows {
            for image in 0..<tile.images {
                (space + row * tile.positions + image * shape.outputArea).update(
                    from: source + (image * shape.outputChannels + row) * shape.outputArea, count: shape.outputArea)
            }
        }
        return (UnsafePointer(space), tile.positions)
    }
}

extension SlidingWindow {
    /// A window of one place that moves by one, without a margin.
    var isUnit: Bool {
        kernelHeight == 1 && kernelWidth == 1 && strideHeight == 1 && strideWidth == 1
            && padTop == 0 && padLeft == 0 && padBottom == 0 && padRight == 0
    }
}
