// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Weights in the layouts that convolution algorithms want, made once for all plans of a network.
final class PreparedWeights: Sendable {
    /// What weights are laid out for.
    enum Layout: Hashable {
        case planes(ConvolutionAlgorithm)
        case blocks(BlockedMethod)
        /// A number for each channel, up to whole blocks.
        case channelVector
    }

    private struct Key: Hashable {
        let weights: ObjectIdentifier
        let layout: Layout
        let dimensions: [Int]
    }

    private struct Entry {
        /// Kept, so that its identity is not given to another object.
        let weights: ConstantFloats
        let prepared: ConstantFloats
    }

    private let entries = Mutex<[Key: Entry]>([:])

    /// The weights as the algorithm takes them; themselves where it takes ONNX's layout.
    func weights(
        _ weights: ConstantFloats, for shape: ConvolutionShape, _ algorithm: ConvolutionAlgorithm
    ) -> ConstantFloats {
        guard let count = ConvolutionKernel.preparedWeightsCount(shape, algorithm) else { return weights }
        return prepare(weights, .planes(algorithm), dimensions: shape.weightsDimensions, count: count) {
            ConvolutionKernel.prepareWeights(shape, algorithm, weights: $0, into: $1)
        }
    }

    /// The weights as a method in blocks of channels takes them.
    func prepare(_ weights: ConstantFloats, for shape: ConvolutionShape, _ method: BlockedMethod) -> ConstantFloats {
        prepare(
            weights, .blocks(method), dimensions: shape.weightsDimensions, count: method.weightsCount(shape)
        ) { method.prepareWeights(shape, weights: ConvolutionWeights($0, shape), into: $1) }
    }

    /// What the body writes, made once for each layout of the same weights and dimensions.
    func prepare(
        _ weights: ConstantFloats, _ layout: Layout, dimensions: [Int], count: Int,
        _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
    ) -> ConstantFloats {
        let key = Key(weights: ObjectIdentifier(weights), layout: layout, dimensions: dimensions)
        return entries.withLock { entries in
            if let entry = entries[key] { return entry.prepared }
            let prepared = ConstantFloats(count: count) { body(weights.pointer, $0) }
            entries[key] = Entry(weights: weights, prepared: prepared)
            return prepared
        }
    }
}

extension ConvolutionShape {
    fileprivate var weightsDimensions: [Int] {
        [outputChannels, inputChannels, groups, window.kernelHeight, window.kernelWidth]
    }
}
