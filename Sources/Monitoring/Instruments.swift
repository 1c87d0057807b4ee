// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import Synchronization

/// A counter's sum, which stays at the largest number where it would go beyond.
final class SummedCounter: CounterHandler, Sendable {
    private let sum = Mutex<Int64>(0)

    var value: Int64 { sum.withLock { $0 } }

    func increment(by amount: Int64) {
        sum.withLock { sum in
            let (next, isOver) = sum.addingReportingOverflow(max(0, amount))
            sum = isOver ? .max : next
        }
    }

    func reset() { sum.withLock { $0 = 0 } }
}

/// What was measured last.
final class LastValue: RecorderHandler, MeterHandler, Sendable {
    private let last = Mutex<Double>(0)

    var value: Double { last.withLock { $0 } }

    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { last.withLock { $0 = value } }
    func increment(by amount: Double) { last.withLock { $0 += amount } }
    func decrement(by amount: Double) { last.withLock { $0 -= amount } }
}

/// How often values fell below each of some bounds, with their sum.
final class Histogram: TimerHandler, RecorderHandler, Sendable {
    private struct State {
        /// By the first bound that is not below the value; the last for those above all.
        var counts: [Int64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: [Int64](repeating: 0, count: bounds.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard !value.isNaN else { return }
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[index] += 1
            state.sum += value
        }
    }

    func samples(_ labels: [MetricFamily.Label]) -> [MetricFamily.Sample] {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var total: Int64 = 0, samples: [MetricFamily.Sample] = []
        for (bound, count) in zip(bounds + [.infinity], counts) {
            total += count
            samples.append(
                MetricFamily.Sample(
                    suffix: "_bucket", labels: labels + [MetricFamily.Label("le", MetricFamily.number(bound))],
                    value: Double(total)))
        }
        samples.append(MetricFamily.Sample(suffix: "_sum", labels: labels, value: sum))
        samples.append(MetricFamily.Sample(suffix: "_count", labels: labels, value: Double(total)))
        return samples
    }
}
