// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Numbers as people read them.
package enum NumberText {
    /// Two decimals, and up to six where two would make the number look like one of `others` that it is not.
    package static func decimal(_ value: Double, distinctFrom others: [Double] = []) -> String {
        guard value.isFinite else { return "\(value)" }
        var text = ""
        for digits in 2...6 {
            text = fixed(value, digits: digits)
            if others.allSatisfy({ $0 == value || fixed($0, digits: digits) != text }) { break }
        }
        return text
    }

    /// A measured value and the limit that it misses, told apart however near it comes.
    package static func missed(_ value: Double, limit: Double) -> (value: String, limit: String) {
        (apart(value, from: limit), apart(limit, from: value))
    }

    private static func apart(_ value: Double, from limit: Double, distinctFrom others: [Double] = []) -> String {
        let text = decimal(value, distinctFrom: [limit] + others)
        guard value != limit, text == decimal(limit, distinctFrom: [value] + others) else { return text }
        // Swift's own text, which no two numbers have in common.
        return "\(value)"
    }

    /// A share as a percentage: `12.5 %` for 0.125.
    package static func percent(_ share: Double) -> String { "\(decimal(share * 100)) %" }

    /// What a share is at most, as a percentage: rounded up, so that what is written holds, and chooses the same or more
    /// where it is typed as a limit.
    package static func percentAtMost(_ share: Double) -> String {
        let scaled = share * 1e4
        guard scaled.isFinite, abs(scaled) < 1e15 else { return percent(share) }
        // What arithmetic leaves behind is no reason to round up.
        let nearest = scaled.rounded()
        return percent((abs(scaled - nearest) <= 1e-7 ? nearest : scaled.rounded(.up)) / 1e4)
    }

    /// A score in [0, 1], told apart from its threshold and from certainty.
    package static func score(_ score: Double, threshold: Double) -> String {
        apart(score, from: threshold, distinctFrom: [0, 1])
    }

    package static func threshold(_ threshold: Double, score: Double) -> String {
        apart(threshold, from: score, distinctFrom: [0, 1])
    }

    /// A whole number, to the nearest: one that is too large for a count is written as it is.
    package static func whole(_ value: Double) -> String {
        let rounded = value.rounded()
        return Int(exactly: rounded).map { "\($0)" } ?? "\(rounded)"
    }

    /// A count of bytes in the unit that leaves at most four digits: `97 MiB`.
    package static func bytes(_ count: Int) -> String {
        var value = Double(max(count, 0)), unit = 0
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return "\(value < 10 && unit > 0 ? fixed(value, digits: 1) : "\(Int(value.rounded()))") \(units[unit])"
    }

    /// `3 days 4 hours`, `12 minutes`, `5 seconds`: the two largest units.
    package static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "unknown" }
        var rest = Int(seconds)
        var parts: [String] = []
        for (unit, length) in [("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)] {
            let count = rest / length
            rest %= length
            if count > 0 { parts.append("\(count) \(unit)\(count == 1 ? "" : "s")") }
            if parts.count == 2 || (parts.count == 1 && count == 0) { break }
        }
        return parts.isEmpty ? "0 seconds" : parts.joined(separator: " ")
    }

    package static func count(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(count) \(count == 1 ? singular : plural ?? singular + "s")"
    }

    /// At most so many decimals, without zeros at the end.
    static func fixed(_ value: Double, digits: Int) -> String {
        let scale = pow(10, Double(digits))
        // Beyond this every number is whole.
        guard abs(value) < 1e9 else { return "\(value)" }
        let scaled = Int64((value * scale).rounded())
        let whole = abs(scaled) / Int64(scale)
        var decimals = String(abs(scaled) % Int64(scale) + Int64(scale)).dropFirst()
        while decimals.last == "0" { decimals.removeLast() }
        return (scaled < 0 ? "-" : "") + "\(whole)" + (decimals.isEmpty ? "" : ".\(decimals)")
    }
}
