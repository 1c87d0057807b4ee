// SPDX-License-Identifier: Apache-2.0

/// How one axis of a tensor becomes longer or shorter: each new place is a sum of old ones with weights.
package struct AxisResampling: Sendable, Hashable {
    /// Between which old places a new one is found.
    package enum Filter: Sendable, Hashable {
        case nearest(ResizeRounding)
        case linear
        /// With the coefficient that ONNX calls `cubic_coeff_a`.
        case cubic(Float)

        fileprivate var reach: Int { if case .cubic = self { 2 } else { 1 } }
    }

    /// Where a new place lies among the old ones.
    package enum Coordinates: Sendable, Hashable {
        case halfPixel, halfPixelSymmetric, pytorchHalfPixel, alignCorners, asymmetric
        /// A region from one fraction of the axis to another; places outside the axis get a value of their own.
        case region(start: Float, end: Float)
    }

    package let newExtent: Int
    /// The taps of one place.
    let width: Int
    /// For each new place, `width` old places and their weights.
    fileprivate let places: [Int]
    fileprivate let weights: [Float]
    /// Whether a new place lies outside the region.
    fileprivate let isOutside: [Bool]

    /// The most taps of all places together.
    private static let maximumTaps = 1 << 22

    /// nil where an extent or the scale is impossible, or there would be too many taps.
    ///
    /// - Parameters:
    ///   - scale: by which the axis is stretched.
    ///   - antialias: whether a smaller axis is made of all old places that a new one covers.
    ///   - excludeOutside: whether places outside the axis get no weight; else its ends are repeated.
    package init?(
        from old: Int, to new: Int, scale: Float, filter: Filter, coordinates: Coordinates, antialias: Bool,
        excludeOutside: Bool
    ) {
        guard old > 0, let taps = Self.tapCount(to: new, scale: scale, filter: filter, antialias: antialias) else {
            return nil
        }
        let shrink = antialias ? min(scale, 1) : 1
        width = taps / new
        let first = 1 - width / 2, last = width / 2
        newExtent = new
        var places: [Int] = [], weights: [Float] = [], isOutside: [Bool] = []
        for index in 0..<new {
            let position = Self.position(index, old: old, new: new, scale: scale, coordinates)
            guard position.isFinite, abs(position) < Float(1 << 30) else { return nil }
            isOutside.append(
                { if case .region = coordinates { position < 0 || position > Float(old - 1) } else { false } }())
            if case .nearest(let rounding) = filter {
                places.append(min(max(Int(rounding.whole(position)), 0), old - 1))
                weights.append(1)
                continue
            }
            let base = position.rounded(.down), ratio = position - base
            var own = (first...last).map { Self.weight(filter, abs(Float($0) - ratio) * shrink) }
            let chosen = (first...last).map { Int(base) + $0 }
            if excludeOutside {
                for tap in chosen.indices where chosen[tap] < 0 || chosen[tap] >= old { own[tap] = 0 }
            }
            let sum = own.reduce(0, +)
            weights += excludeOutside || antialias ? own.map { $0 / sum } : own
            places += chosen.map { min(max($0, 0), old - 1) }
        }
        self.places = places
        self.weights = weights
        self.isOutside = isOutside
    }

    /// The taps of all places together; nil where the extent or the scale is impossible, or there would be too many.
    static func tapCount(to new: Int, scale: Float, filter: Filter, antialias: Bool) -> Int? {
        guard new > 0, scale.isFinite, scale > 0 else { return nil }
        let span = (Float(filter.reach) / (antialias ? min(scale, 1) : 1)).rounded(.up)
        guard span <= Float(1 << 20) else { return nil }
        let isNearest = if case .nearest = filter { true } else { false }
        let (taps, overflows) = (isNearest ? 1 : 2 * Int(span)).multipliedReportingOverflow(by: new)
        return overflows || taps > maximumTaps ? nil : taps
    }

    private static func position(
        _ index: Int, old: Int, new: Int, scale: Float, _ coordinates: Coordinates
    ) -> Float {
        let place = Float(index), centered = (place + 0.5) / scale - 0.5
        switch coordinates {
        case .halfPixel: return centered
        case .pytorchHalfPixel: return new > 1 ? centered : 0
        case .halfPixelSymmetric:
            let whole = scale * Float(old)
            return Float(old) / 2 * (1 - Float(new) / whole) + centered
        case .alignCorners: return new > 1 ? place * Float(old - 1) / Float(new - 1) : 0
        case .asymmetric: return place / scale
        case .region(let start, let end):
            let length = Float(old - 1)
            return new > 1
                ? start * length + place * (end - start) * length / Float(new - 1) : 0.5 * (start + end) * length
        }
    }

    /// Of a place at a distance.
    private static func weight(_ filter: Filter, _ distance: Float) -> Float {
        switch filter {
        case .nearest: return 1
        case .linear: return max(0, 1 - distance)
        case .cubic(let a):
            let x = distance
            if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
            return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
        }
    }
}

package enum AxisResamplingKernel {
    /// - Parameters:
    ///   - shape: the tensor seen from the axis, before.
    ///   - outside: what places outside the region get.
    package static func run(
        _ resampling: AxisResampling, _ shape: AxisShape, outside: Float, input: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        let inner = shape.inner
        for outer in 0..<shape.outer {
            let source = input + outer * shape.count * inner
            for place in 0..<resampling.newExtent {
                let target = output + (outer * resampling.newExtent + place) * inner
                if resampling.isOutside[place] {
                    target.update(repeating: outside, count: inner)
                    continue
                }
                target.update(repeating: 0, count: inner)
                for tap in place * resampling.width..<(place + 1) * resampling.width {
                    let weight = resampling.weights[tap]
                    // An old place that has no weight may be no number.
                    guard weight != 0 else { continue }
                    let from = source + resampling.places[tap] * inner
                    VectorLoop.run(inner) { position, width in
                        if width == VectorLoop.width {
                            VectorLoop.store(
                                VectorLoop.load(UnsafePointer(target) + position)
                                    + weight * VectorLoop.load(from + position), target + position)
                        } else {
                            target[position] += weight * from[position]
                        }
                    }
                }
            }
        }
    }
}
