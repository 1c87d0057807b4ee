// SPDX-License-Identifier: Apache-2.0

/// What is applied to each value last.
package enum Activation: Sendable, Hashable {
    case none
    case relu
    case clip(lower: Float, upper: Float)
    case leakyRelu(slope: Float)
    /// PReLU with one slope per channel (``Epilogue/slopes``).
    case perChannelSlope
    case sigmoid
    case tanh

    /// Applies it to values that lie one after the other. `slope` is the channel's, for ``perChannelSlope``.
    @inline(__always)
    func apply(_ values: UnsafeMutablePointer<Float>, count: Int, slope: Float = 0) {
        switch self {
        case .none: break
        case .relu: UnaryKernel.run(.relu, count: count, input: values, output: values)
        case .clip(let lower, let upper):
            UnaryKernel.run(.clip(lower: lower, upper: upper), count: count, input: values, output: values)
        case .leakyRelu(let slope):
            UnaryKernel.run(.leakyRelu(slope: slope), count: count, input: values, output: values)
        case .perChannelSlope: UnaryKernel.run(.leakyRelu(slope: slope), count: count, input: values, output: values)
        case .sigmoid: UnaryKernel.run(.sigmoid, count: count, input: values, output: values)
        case .tanh: UnaryKernel.run(.tanh, count: count, input: values, output: values)
        }
    }
}

/// y = activation(x + bias[channel] + residual), after a convolution. The pointers must outlive the run.
package struct Epilogue {
    package var bias: UnsafePointer<Float>?
    /// Of the output's shape; never the output itself.
    package var residual: UnsafePointer<Float>?
    /// One per channel, for ``Activation/perChannelSlope``.
    package var slopes: UnsafePointer<Float>?
    package var activation: Activation

    package init(
        bias: UnsafePointer<Float>? = nil, residual: UnsafePointer<Float>? = nil,
        slopes: UnsafePointer<Float>? = nil, activation: Activation = .none
    ) {
        self.bias = bias
        self.residual = residual
        self.slopes = slopes
        self.activation = activation
    }

    /// Applies it to `count` values of one channel that lie one after the other, `offset` from the output's start.
    @inline(__always)
    func apply(channel: Int, offset: Int, count: Int, output: UnsafeMutablePointer<Float>) {
        let values = output + offset
        let shift = bias?[channel] ?? 0
        if let residual {
            let other = residual + offset
            VectorLoop.run(count) { position, width in
                if width == VectorLoop.width {
                    VectorLoop.store(
                        VectorLoop.load(UnsafePointer(values) + position) + VectorLoop.load(other + position) + shift,
                        values + position)
                } else {
                    values[position] += other[position] + shift
                }
            }
        } else if shift != 0 {
            VectorLoop.run(count) { position, width in
                if width == VectorLoop.width {
                    VectorLoop.store(VectorLoop.load(UnsafePointer(values) + position) + shift, values + position)
                } else {
                    values[position] += shift
                }
            }
        }
        activation.apply(values, count: count, slope: slopes?[channel] ?? 0)
    }
}
