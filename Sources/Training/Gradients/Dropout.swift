// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// Values left out at random while training (Srivastava et al., *Dropout*, 2014), by factors: 0, or 1 / (1 − ratio), so
/// that at inference nothing has to be scaled. The gradient passes through the same factors.
package enum Dropout {
    /// Writes factors of which a share of `ratio`, 0..<1, is 0.
    package static func draw(
        _ range: Range<Int>, ratio: Float, random: inout RandomSource, factors: UnsafeMutablePointer<Float>
    ) {
        let kept = 1 / (1 - ratio)
        // A copy stays in registers.
        var source = random
        for position in range { factors[position] = source.uniform() < ratio ? 0 : kept }
        random = source
    }

    /// Each value by its own factor. The output may be the values.
    package static func run(
        elements: Range<Int>, factors: UnsafePointer<Float>, values: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        let factors = factors + elements.lowerBound, values = values + elements.lowerBound,
            output = output + elements.lowerBound
        VectorLoop.run(elements.count) { position, width in
            if width == VectorLoop.width {
                VectorLoop.store(
                    VectorLoop.load(values + position) * VectorLoop.load(factors + position), output + position)
            } else {
                output[position] = values[position] * factors[position]
            }
        }
    }

    /// Each plane (one channel of one image) by one factor. The output may be the values.
    package static func runPlanes(
        _ planes: Range<Int>, area: Int, factors: UnsafePointer<Float>, values: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        for plane in planes {
            let factor = factors[plane], values = values + plane * area, output = output + plane * area
            VectorLoop.run(area) { position, width in
                if width == VectorLoop.width {
                    VectorLoop.store(VectorLoop.load(values + position) * factor, output + position)
                } else {
                    output[position] = values[position] * factor
                }
            }
        }
    }
}
