// SPDX-License-Identifier: Apache-2.0

/// Keeps a step from following a gradient too far (Pascanu et al., *On the difficulty of training recurrent neural
/// networks*, 2013), as `torch.nn.utils.clip_grad_norm_`.
public struct GradientClipping: Sendable, Hashable, Codable {
    /// nil where gradients are measured and left as they are.
    public let maximumNorm: Float?

    /// - Throws: ``TrainingError/invalidInput(reason:)`` when the norm is not above 0.
    public init(maximumNorm: Float?) throws(TrainingError) {
        if let maximumNorm, !(maximumNorm > 0) {
            throw .invalidInput(reason: "gradients are clipped to the norm \(maximumNorm), and it has to be above 0")
        }
        self.maximumNorm = maximumNorm
    }

    /// Scales all gradients by one factor such that their norm, taken over all of them together, is at most the
    /// maximum.
    ///
    /// - Returns: the norm before.
    /// - Throws: ``TrainingError/diverged(reason:)`` naming a parameter whose gradient is not finite; nothing is
    ///   changed then.
    @discardableResult
    public func apply(to parameters: [Parameter]) throws(TrainingError) -> Float {
        var sum = 0.0
        for parameter in parameters {
            let own = ParameterSweep.sumOfSquares(parameter.gradient)
            guard own.isFinite else {
                throw .diverged(reason: "the gradient of “\(parameter.name)” is not finite")
            }
            sum += own
        }
        let norm = sum.squareRoot()
        if let maximumNorm {
            let factor = Float(Double(maximumNorm) / (norm + 1e-6))
            if factor < 1 {
                for parameter in parameters { Self.scale(&parameter.gradient, by: factor) }
            }
        }
        return Float(norm)
    }

    private static func scale(_ values: inout [Float], by factor: Float) {
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            ParameterSweep.run(values.count) { _, range in
                for position in range { base[position] *= factor }
            }
        }
    }
}
