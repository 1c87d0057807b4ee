// SPDX-License-Identifier: Apache-2.0

import Foundation

/// An axis over a range that its scale has: where values are, and where the ticks are.
struct AxisMapping {
    struct Tick {
        let value: Double
        /// Empty for the lines between the numbers.
        let label: String
    }

    let scale: PlotAxis.Scale
    let range: ClosedRange<Double>
    let ticks: [Tick]
    private let low: Double
    private let length: Double

    /// - Parameters:
    ///   - values: what has to be shown, where the axis states no range; those that are not finite are ignored.
    ///   - ticks: about how many numbers there is room for.
    init(_ axis: PlotAxis, values: some Sequence<Double>, ticks count: Int) {
        scale = axis.scale
        let range =
            switch axis.scale {
            case .linear: Self.linearRange(axis, values)
            case .logarithmic: Self.logarithmicRange(axis, values)
            case .probit: Self.probitRange(axis, values)
            }
        self.range = range
        low = Self.coordinate(range.lowerBound, axis.scale)
        length = Self.coordinate(range.upperBound, axis.scale) - low
        ticks = AxisTicks.of(range, scale: axis.scale, labels: axis.labels, count: count)
    }

    /// Where a value is, 0 at the lower end of the axis and 1 at the upper; nil where it is not finite. Values that
    /// the scale does not have are at the end that they are nearest to.
    func position(of value: Double) -> Double? {
        guard value.isFinite, abs(value) <= Self.limit else { return nil }
        switch scale {
        case .linear: break
        case .logarithmic: if value < 1 / Self.limit { return 0 }
        case .probit:
            if value <= 0 { return 0 }
            if value >= 1 { return 1 }
        }
        return (Self.coordinate(value, scale) - low) / length
    }

    /// Beyond this, differences of values need not be finite.
    static let limit = 1e100

    private static func coordinate(_ value: Double, _ scale: PlotAxis.Scale) -> Double {
        switch scale {
        case .linear: value
        case .logarithmic: log10(value)
        case .probit: NormalDeviate.of(value)
        }
    }

    private static func extent(_ values: some Sequence<Double>, where isTaken: (Double) -> Bool) -> (Double, Double)? {
        var extent: (low: Double, high: Double)?
        for value in values where value.isFinite && abs(value) <= limit && isTaken(value) {
            extent = (min(extent?.low ?? value, value), max(extent?.high ?? value, value))
        }
        return extent
    }

    private static func linearRange(_ axis: PlotAxis, _ values: some Sequence<Double>) -> ClosedRange<Double> {
        if let range = axis.range, abs(range.lowerBound) <= limit, abs(range.upperBound) <= limit {
            return widened(range.lowerBound, range.upperBound)
        }
        guard let (low, high) = extent(values, where: { _ in true }) else { return 0...1 }
        let margin = 0.04 * (high - low)
        // Quantities that cannot be negative do not seem to be.
        return widened(low >= 0 && low - margin < 0 ? min(low, 0) : low - margin, high + margin)
    }

    /// A range that has a length even where there is one value only.
    private static func widened(_ low: Double, _ high: Double) -> ClosedRange<Double> {
        let magnitude = max(abs(low), abs(high))
        guard high - low <= magnitude * 1e-9 else { return low...high }
        let margin = magnitude > 1e-100 ? 0.1 * magnitude : 0.5
        return low - margin...high + margin
    }

    private static func logarithmicRange(_ axis: PlotAxis, _ values: some Sequence<Double>) -> ClosedRange<Double> {
        if let range = axis.range, range.lowerBound >= 1 / limit, range.upperBound <= limit,
            range.upperBound > range.lowerBound * 1.01
        {
            return range
        }
        guard let (low, high) = extent(values, where: { $0 >= 1 / limit }) else { return 0.1...1 }
        guard high > low * 1.01 else { return low / 3...high * 3 }
        let margin = pow(high / low, 0.04)
        return low / margin...high * margin
    }

    private static func probitRange(_ axis: PlotAxis, _ values: some Sequence<Double>) -> ClosedRange<Double> {
        let bounds = 1e-7...1 - 1e-7
        if let range = axis.range, bounds.contains(range.lowerBound), bounds.contains(range.upperBound),
            range.upperBound - range.lowerBound >= 1e-7
        {
            return range
        }
        guard let (low, high) = extent(values, where: { bounds.contains($0) }) else { return 1e-3...0.5 }
        let margin = 0.15
        let range =
            NormalDeviate.rate(NormalDeviate.of(low) - margin)...NormalDeviate.rate(NormalDeviate.of(high) + margin)
        return range.clamped(to: bounds)
    }
}

/// The standard normal distribution and its inverse.
enum NormalDeviate {
    /// The share of the distribution below a deviate.
    static func rate(_ deviate: Double) -> Double {
        0.5 * erfc(-deviate / 2.0.squareRoot())
    }

    /// The deviate below which a share, above 0 and below 1, of the distribution is; within ±8.
    static func of(_ rate: Double) -> Double {
        var low = -8.0, high = 8.0
        // The distribution rises everywhere: halving finds the place to more digits than a picture can show.
        for _ in 0..<30 {
            let middle = (low + high) / 2
            if self.rate(middle) < rate { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
