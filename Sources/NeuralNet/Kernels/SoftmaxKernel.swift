// SPDX-License-Identifier: Apache-2.0

import Foundation

/// exp(x) over its sum along an axis. The output may be the input.
package enum SoftmaxKernel {
    package static func run(_ shape: AxisShape, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>) {
        guard shape.count > 0 else { return }
        for outer in 0..<shape.outer {
            for inner in 0..<shape.inner {
                let start = outer * shape.count * shape.inner + inner
                var greatest = -Float.infinity
                for index in 0..<shape.count { greatest = max(greatest, input[start + index * shape.inner]) }
                var sum: Float = 0
                for index in 0..<shape.count {
                    let value = exp(input[start + index * shape.inner] - greatest)
                    output[start + index * shape.inner] = value
                    sum += value
                }
                for index in 0..<shape.count { output[start + index * shape.inner] /= sum }
            }
        }
    }
}
