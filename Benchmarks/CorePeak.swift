// SPDX-License-Identifier: Apache-2.0

import Kernels
import VectorMath

/// What a core multiplies and adds at most, measured on numbers that stay in its first-level cache.
enum CorePeak {
    /// In GFLOP/s: the fastest of some tenths of a second.
    static func measure() -> Double {
        let depth = 128, pixels = 8, repeats = 500
        var input = Array(repeating: Float(0.5), count: depth * pixels)
        var weights = Array(repeating: Float(0.25), count: depth * 32)
        var output = Array(repeating: Float(0), count: pixels * 32)
        let vectors = ConvolutionVectors()
        var best = Duration.seconds(1)
        input.withUnsafeMutableBufferPointer { input in
            weights.withUnsafeMutableBufferPointer { weights in
                output.withUnsafeMutableBufferPointer { output in
                    guard let input = input.baseAddress, let weights = weights.baseAddress,
                        let output = output.baseAddress
                    else { return }
                    let product = TiledProduct(
                        input: input, weights: weights, output: output,
                        reduction: TiledProduct.Reduction(
                            blocks: .once, rows: .init(count: repeats, input: 0, weights: 0), columns: .once,
                            depth: .init(count: depth, input: 1, weights: 32)),
                        rows: .init(count: 1, input: 0, output: 0),
                        pixels: .init(count: pixels, input: depth, output: 16), isPair: true, blockWeights: 16,
                        blockOutput: pixels * 16, epilogue: BlockEpilogue())
                    for _ in 0..<200 {
                        let start = ContinuousClock.now
                        vectors.run(product)
                        best = min(best, ContinuousClock.now - start)
                    }
                }
            }
        }
        return 2 * Double(depth * pixels * 32 * repeats) / best.inSeconds / 1e9
    }
}
