// SPDX-License-Identifier: Apache-2.0

import Kernels

extension WinogradFilter {
    /// The rows and columns of the window.
    package var kernel: Int { self == .twoFive ? 5 : 3 }
    /// The outputs of a tile along one axis.
    package var outputs: Int { self == .fourThree ? 4 : 2 }
    package var size: Int { outputs + kernel - 1 }
    package var products: Int { size * size }

    package func tiles(_ shape: ConvolutionShape) -> (rows: Int, columns: Int, count: Int) {
        let rows = (shape.outputHeight + outputs - 1) / outputs, columns = (shape.outputWidth + outputs - 1) / outputs
        return (rows, columns, rows * columns)
    }

    /// Lagrange's interpolation at the filter's points: a row for each, then one for infinity.
    var weightsTransform: [[Double]] {
        let outer = 2.0.squareRoot(), inner = 0.5.squareRoot()
        let points = self == .twoThree ? [0, 1, -1] : [0, outer, -outer, inner, -inner]
        var rows = points.map { point in
            let norm = points.filter { $0 != point }.reduce(1) { $0 * (point - $1) }
            var power = 1.0
            return (0..<kernel).map { _ in
                defer { power *= point }
                return power / norm
            }
        }
        rows.append((0..<kernel).map { $0 == kernel - 1 ? 1 : 0 })
        return rows
    }
}
