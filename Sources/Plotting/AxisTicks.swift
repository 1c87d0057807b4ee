// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where the ticks of an axis are, and what is written at them.
enum AxisTicks {
    static func of(
        _ range: ClosedRange<Double>, scale: PlotAxis.Scale, labels: PlotAxis.Labels, count: Int
    ) -> [AxisMapping.Tick] {
        switch scale {
        case .linear: linear(range, labels: labels, count: count)
        case .logarithmic: logarithmic(range, labels: labels, count: count)
        case .probit: probit(range, labels: labels, count: count)
        }
    }

    /// Multiples of 1, 2 or 5 times a power of ten.
    private static func linear(_ range: ClosedRange<Double>, labels: PlotAxis.Labels, count: Int) -> [AxisMapping.Tick]
    {
        let rough = (range.upperBound - range.lowerBound) / Double(max(count, 1))
        let power = pow(10, log10(rough).rounded(.down))
        guard power.isNormal else { return [] }
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * (1 - 1e-9) } ?? 10 * power
        let first = (range.lowerBound / step - 1e-9).rounded(.up),
            last = (range.upperBound / step + 1e-9).rounded(.down)
        guard last >= first, last - first <= 100 else { return [] }
        return (0...Int(last - first)).map { index in
            let value = (first + Double(index)) * step
            return AxisMapping.Tick(value: value, label: text(value, step: step, labels: labels))
        }
    }

    /// Powers of ten, with lines without numbers between them; over a short range also twos and fives with numbers.
    private static func logarithmic(
        _ range: ClosedRange<Double>, labels: PlotAxis.Labels, count: Int
    ) -> [AxisMapping.Tick] {
        let first = Int(log10(range.lowerBound).rounded(.down)), last = Int(log10(range.upperBound).rounded(.up))
        let decades = last - first, isShort = log10(range.upperBound) - log10(range.lowerBound) < 1.7
        let every = max(1, (decades + max(count, 1) - 1) / max(count, 1))
        return (first...max(last, first)).flatMap { exponent -> [AxisMapping.Tick] in
            (1...(every == 1 ? 9 : 1)).compactMap { digit in
                let value = Double(digit) * pow(10, Double(exponent))
                guard range.contains(value) || abs(value / range.upperBound - 1) < 1e-9 else { return nil }
                let isNumbered = digit == 1 ? exponent.isMultiple(of: every) : isShort && [2, 5].contains(digit)
                guard isNumbered || digit > 1 else { return nil }
                return AxisMapping.Tick(value: value, label: isNumbered ? text(value, step: value, labels: labels) : "")
            }
        }
    }

    /// Rates that DET plots are read at, fewer where there is less room.
    private static func probit(_ range: ClosedRange<Double>, labels: PlotAxis.Labels, count: Int) -> [AxisMapping.Tick]
    {
        let lower = [1e-6, 1e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4]
        let rates = (lower + [0.5] + lower.reversed().map { 1 - $0 }).filter(range.contains)
        let every = max(1, (rates.count + max(count, 1) - 1) / max(count, 1))
        return rates.enumerated().map { index, rate in
            AxisMapping.Tick(
                value: rate,
                label: index.isMultiple(of: every) ? text(rate, step: min(rate, 1 - rate), labels: labels) : "")
        }
    }

    /// - Parameter step: how far the next number is: as many decimals are written as tell the two apart.
    private static func text(_ value: Double, step: Double, labels: PlotAxis.Labels) -> String {
        let unit = labels == .percent ? 100.0 : 1
        let value = abs(value) < step * 1e-6 ? 0 : value * unit, step = step * unit
        let suffix = labels == .percent ? " %" : ""
        let largest = abs(value)
        guard value == 0 || (largest >= 1e-3 || step >= 1e-4) && largest < 1e6 else {
            return String(format: "%.*e", digits(step: step, of: value), value)
                .replacing(/e([+-])0*([0-9]+)/) { "e\($0.1 == "-" ? "-" : "")\($0.2)" } + suffix
        }
        let decimals = min(max(Int((-log10(step) - 1e-9).rounded(.up)), 0), 8)
        return String(format: "%.*f", decimals, value) + suffix
    }

    /// The decimals of a mantissa.
    private static func digits(step: Double, of value: Double) -> Int {
        min(max(Int(log10(abs(value)).rounded(.down) - (log10(step) + 1e-9).rounded(.down)), 0), 8)
    }
}
