// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Rates, such as false-match rates, by their power of ten.
extension NumberText {
    /// A measured rate to three digits: `1e-3`, `2.5e-4`, `0`.
    package static func rate(_ rate: Double) -> String {
        guard let text = scientific(rate, digits: 3, .toNearestOrAwayFromZero) else { return plain(rate) }
        return text
    }

    /// What a rate is at most: three digits, rounded up, so that what is written holds.
    package static func bound(_ rate: Double) -> String {
        guard let text = scientific(rate, digits: 3, .up) else { return plain(rate) }
        return text
    }

    /// The rate that a threshold stands for, or that somebody asks for: in the fewest digits that read back as the same
    /// number.
    package static func exactRate(_ rate: Double) -> String {
        guard rate.isFinite, rate > 0 else { return plain(rate) }
        // Swift's own text has the fewest digits, and its power of ten only where it is far from 1.
        let parts = "\(rate)".split(separator: "e")
        let places = parts[0].split(separator: ".")[0].count
        let digits = parts[0].filter { $0 != "." }
        let leading = digits.prefix { $0 == "0" }.count
        var mantissa = String(digits.dropFirst(leading))
        while mantissa.count > 1, mantissa.last == "0" { mantissa.removeLast() }
        let exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + places - leading - 1
        return written(mantissa.prefix(1) + (mantissa.count > 1 ? "." : "") + mantissa.dropFirst(), exponent)
    }

    /// Rates of which the largest that is no more than what somebody asks for is chosen, as texts to ask with: each, read
    /// back, chooses the rate that it was made of. A rate of 1 and more cannot be asked for, and of several that are one to
    /// within a millionth there is one.
    package static func ratesToAskFor(_ rates: [Double]) -> [String] {
        var texts: [String] = []
        var looser = Double.infinity
        for rate in rates.sorted(by: >) {
            let most = min(looser / (1 + 2e-6), 1.nextDown), isAsLarge = rate * (1 + 1e-6) >= looser
            looser = rate
            guard rate > 0, rate < 1, !isAsLarge else { continue }
            let rounded = (3...12).lazy.compactMap { scientific(rate, digits: $0, .up) }
            texts.append(
                rounded.first { text in Double(text).map { $0 >= rate * (1 - 1e-12) && $0 <= most } ?? false }
                    ?? exactRate(rate))
        }
        return texts
    }

    /// What a threshold lets through: `FMR 1e-3`, and of what was measured on forgeries `FMR 1e-3, and 12 % of skilled
    /// forgeries`.
    package static func falseMatch(_ falseMatchRate: Double, skilled: Double?) -> String {
        "FMR \(exactRate(falseMatchRate))" + (skilled.map { ", and \(percentAtMost($0)) of skilled forgeries" } ?? "")
    }

    /// How often a search takes a stranger for somebody: `FPIR 4.9e-2, with 95 % confidence at most 0.1, among 50
    /// references`.
    package static func falsePositiveIdentification(_ rate: Double, upperBound: Double, references: Int) -> String {
        "FPIR \(Self.rate(rate)), with 95 % confidence at most \(bound(upperBound)), among "
            + count(references, "reference")
    }

    /// Nil for what has no power of ten.
    private static func scientific(
        _ value: Double, digits: Int, _ rule: FloatingPointRoundingRule
    ) -> String? {
        guard value.isFinite, value > 0 else { return nil }
        var exponent = Int(log10(value).rounded(.down))
        let scale = pow(10, Double(digits - 1)), scaled = value / pow(10, Double(exponent)) * scale
        guard scaled.isFinite else { return exactRate(value) }
        let nearest = scaled.rounded()
        // What arithmetic leaves behind is no reason to round up.
        var factor = (abs(scaled - nearest) <= 1e-9 * scaled ? nearest : scaled.rounded(rule)) / scale
        if factor >= 10 {
            factor /= 10
            exponent += 1
        }
        return written(fixed(factor, digits: digits - 1), exponent)
    }

    private static func written(_ mantissa: String, _ exponent: Int) -> String {
        exponent == 0 ? mantissa : "\(mantissa)e\(exponent)"
    }

    private static func plain(_ rate: Double) -> String { rate == 0 ? "0" : "\(rate)" }
}
