// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Exact confidence bounds of a rate that was measured by counting (Clopper and Pearson 1934).
public enum BinomialInterval {
    /// The largest rate at which as few as `events` in `trials` are still as likely as 1 − confidence.
    ///
    /// Without events it is 1 − (1 − confidence)^(1/trials), about 3/trials at 95 %. 1 when there are no trials.
    public static func upperBound(events: Int, trials: Int, confidence: Double = 0.95) -> Double {
        guard trials > 0, events < trials else { return 1 }
        let events = max(0, events)
        let tail = 1 - min(max(confidence, 0), 1)
        guard tail > 0 else { return 1 }
        // The chance of at most `events` falls as the rate rises.
        var low = Double(events) / Double(trials), high = 1.0
        for _ in 0..<200 {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { break }
            if chance(ofAtMost: events, in: trials, rate: middle) > tail { low = middle } else { high = middle }
        }
        return high
    }

    /// The binomial distribution function, summed in logarithms so that no term underflows on its own.
    private static func chance(ofAtMost events: Int, in trials: Int, rate: Double) -> Double {
        guard rate > 0 else { return 1 }
        guard rate < 1 else { return 0 }
        let odds = log(rate) - log1p(-rate)
        var logarithm = Double(trials) * log1p(-rate)
        var largest = logarithm
        var logarithms = [logarithm]
        logarithms.reserveCapacity(events + 1)
        for count in 0..<events {
            logarithm += log(Double(trials - count)) - log(Double(count + 1)) + odds
            largest = max(largest, logarithm)
            logarithms.append(logarithm)
        }
        return exp(largest) * logarithms.reduce(0) { $0 + exp($1 - largest) }
    }
}
