// SPDX-License-Identifier: Apache-2.0

/// Where a pixel of a resized image lies in the source, by ONNX's `coordinate_transformation_mode`.
package enum ResizeCoordinates: Sendable, Hashable {
    case halfPixel, pytorchHalfPixel, alignCorners, asymmetric
}

/// Which pixel is nearest, by ONNX's `nearest_mode`.
package enum ResizeRounding: Sendable, Hashable {
    case roundPreferFloor, roundPreferCeil, floor, ceil

    /// The whole place for one between two.
    func whole(_ position: Float) -> Float {
        // The ratio of two sizes is rounded, so that a place which is halfway comes out beside it; the tolerance is the
        // one that ONNX Runtime's answers show.
        let isHalfway = abs(position - position.rounded(.down) - 0.5) < 1e-6
        return switch self {
        case .roundPreferFloor: isHalfway ? position.rounded(.down) : (position - 0.5).rounded(.up)
        case .roundPreferCeil: isHalfway ? position.rounded(.up) : (position + 0.5).rounded(.down)
        case .floor: position.rounded(.down)
        case .ceil: position.rounded(.up)
        }
    }
}

package enum InterpolationMode: Sendable, Hashable {
    case nearest(ResizeRounding)
    case linear
}

/// A change of the last two sizes of `planes` images.
package struct ResizeShape: Sendable, Hashable {
    package let planes: Int
    package let inputHeight: Int
    package let inputWidth: Int
    package let outputHeight: Int
    package let outputWidth: Int
    fileprivate let rows: [ResizeTap]
    fileprivate let columns: [ResizeTap]

    /// - Parameter heightScale: ONNX's scales where the node states them; else the ratio of the sizes.
    package init?(
        planes: Int, inputHeight: Int, inputWidth: Int, outputHeight: Int, outputWidth: Int,
        heightScale: Float? = nil, widthScale: Float? = nil, mode: InterpolationMode, coordinates: ResizeCoordinates
    ) {
        guard planes > 0, inputHeight > 0, inputWidth > 0, outputHeight > 0, outputWidth > 0,
            TensorExtent.count([planes, inputHeight, inputWidth]) != nil,
            let count = TensorExtent.count([planes, outputHeight, outputWidth]), count <= Int(Int32.max),
            heightScale.map({ $0.isFinite && $0 > 0 }) ?? true, widthScale.map({ $0.isFinite && $0 > 0 }) ?? true
        else { return nil }
        self.planes = planes
        self.inputHeight = inputHeight
        self.inputWidth = inputWidth
        self.outputHeight = outputHeight
        self.outputWidth = outputWidth
        rows = ResizeTap.taps(
            from: inputHeight, to: outputHeight, scale: heightScale, mode: mode, coordinates: coordinates)
        columns = ResizeTap.taps(
            from: inputWidth, to: outputWidth, scale: widthScale, mode: mode, coordinates: coordinates)
    }
}

/// The two pixels along an axis between which a new one lies.
private struct ResizeTap: Sendable, Hashable {
    let lower: Int
    let upper: Int
    /// The weight of the upper one.
    let fraction: Float

    static func taps(
        from old: Int, to new: Int, scale: Float?, mode: InterpolationMode, coordinates: ResizeCoordinates
    ) -> [ResizeTap] {
        let ratio = scale ?? Float(new) / Float(old)
        return (0..<new).map { index in
            let position: Float =
                switch coordinates {
                case .halfPixel: (Float(index) + 0.5) / ratio - 0.5
                case .pytorchHalfPixel: new > 1 ? (Float(index) + 0.5) / ratio - 0.5 : 0
                case .alignCorners: new > 1 ? Float(index) * Float(old - 1) / Float(new - 1) : 0
                case .asymmetric: Float(index) / ratio
                }
            switch mode {
            case .nearest(let rounding):
                let nearest = Int(min(max(rounding.whole(position), 0), Float(old - 1)))
                return ResizeTap(lower: nearest, upper: nearest, fraction: 0)
            case .linear:
                let bounded = min(max(position, 0), Float(old - 1))
                let lower = min(Int(bounded), old - 1)
                return ResizeTap(lower: lower, upper: min(lower + 1, old - 1), fraction: bounded - Float(lower))
            }
        }
    }
}

package enum ResizeKernel {
    package static func run(_ shape: ResizeShape, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>) {
        var target = output
        for plane in 0..<shape.planes {
            let source = input + plane * shape.inputHeight * shape.inputWidth
            for rowIndex in 0..<shape.rows.count {
                let row = shape.rows[rowIndex]
                let upper = source + row.lower * shape.inputWidth, lower = source + row.upper * shape.inputWidth
                for columnIndex in 0..<shape.columns.count {
                    let column = shape.columns[columnIndex]
                    let above = upper[column.lower] + column.fraction * (upper[column.upper] - upper[column.lower])
                    let below = lower[column.lower] + column.fraction * (lower[column.upper] - lower[column.lower])
                    target.pointee = above + row.fraction * (below - above)
                    target += 1
                }
            }
        }
    }
}

extension ResizeShape {
    /// Whether each new pixel is one of the old.
    package var isNearest: Bool { (rows + columns).allSatisfy { $0.fraction == 0 } }
}

/// Resizing in blocks of channels, to the nearest pixels.
package enum BlockedResize {
    /// - Parameter blocks: how many blocks all images have.
    package static func run(
        _ shape: ResizeShape, blocks: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        let lanes = BlockedShape.lanes
        var target = output
        for block in 0..<blocks {
            let source = input + block * shape.inputHeight * shape.inputWidth * lanes
            for row in 0..<shape.rows.count {
                let line = source + shape.rows[row].lower * shape.inputWidth * lanes
                for column in 0..<shape.columns.count {
                    target.update(from: line + shape.columns[column].lower * lanes, count: lanes)
                    target += lanes
                }
            }
        }
    }
}
