// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Weights in the layouts that convolution algorithms want, made once for all plans of a network.
final class PreparedWeights: Sendable {
    private struct Key: Hashable {
        let weights: ObjectIdentifier
        let algorithm: ConvolutionAlgorithm
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
        let key = Key(
            weights: ObjectIdentifier(weights), algorithm: algorithm,
            dimensions: [
                shape.outputChannels, shape.inputChannels, shape.groups, shape.window.kernelHeight,
                shape.window.kernelWidth,
            ])
        return entries.withLock { entries in
            if let entry = entries[key] { return entry.prepared }
            let prepared = ConstantFloats(count: count) {
                ConvolutionKernel.prepareWeights(shape, algorithm, weights: weights.pointer, into: $0)
            }
            entries[key] = Entry(weights: weights, prepared: prepared)
            return prepared
        }
    }
}
