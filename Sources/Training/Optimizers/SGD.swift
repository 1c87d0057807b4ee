// SPDX-License-Identifier: Apache-2.0

/// Stochastic gradient descent with momentum, as `torch.optim.SGD` without dampening:
/// g ← g + λ·p, v ← μ·v + g, p ← p − η·v, and with Nesterov's momentum p ← p − η·(g + μ·v).
public final class SGD: Optimizer {
    public let momentum: Float
    public let isNesterov: Bool
    public let weightDecay: WeightDecay
    private var memory: OptimizerMemory

    /// - Throws: ``TrainingError/invalidInput(reason:)`` when the momentum is not in 0..<1, or is 0 and Nesterov's.
    public init(momentum: Float = 0.9, isNesterov: Bool = false, weightDecay: WeightDecay = .none) throws(TrainingError)
    {
        guard (0..<1).contains(momentum) else {
            throw .invalidInput(reason: "the momentum is \(momentum), and has to be at least 0 and less than 1")
        }
        guard !isNesterov || momentum > 0 else {
            throw .invalidInput(reason: "Nesterov's momentum needs a momentum above 0")
        }
        self.momentum = momentum
        self.isNesterov = isNesterov
        self.weightDecay = weightDecay
        memory = OptimizerMemory(kinds: ["momentum"])
    }

    public func step(_ parameters: [Parameter], learningRate: Float) {
        memory.beginStep(parameters)
        for (index, parameter) in parameters.enumerated() {
            let decay = weightDecay.strength(for: parameter), count = parameter.values.count
            parameter.gradient.withUnsafeBufferPointer { gradients in
                parameter.values.withUnsafeMutableBufferPointer { values in
                    guard let gradients = gradients.baseAddress, let values = values.baseAddress else { return }
                    memory.withArray(0, of: index) { velocities in
                        ParameterSweep.run(count) { _, range in
                            update(
                                range, values: values, gradients: gradients, velocities: velocities, learningRate, decay
                            )
                        }
                    }
                }
            }
        }
    }

    private func update(
        _ range: Range<Int>, values: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
        velocities: UnsafeMutablePointer<Float>, _ learningRate: Float, _ decay: Float
    ) {
        let momentum = momentum, ahead: Float = isNesterov ? momentum : 1, own: Float = isNesterov ? 1 : 0
        for position in range {
            let gradient = gradients[position] + decay * values[position]
            let velocity = momentum * velocities[position] + gradient
            velocities[position] = velocity
            values[position] -= learningRate * (own * gradient + ahead * velocity)
        }
    }

    public var state: OptimizerState { memory.state }

    public func restore(_ state: OptimizerState, for parameters: [Parameter]) throws(TrainingError) {
        try memory.restore(state, for: parameters)
    }
}
