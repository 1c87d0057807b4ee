// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import Synchronization

/// Keeps what is measured by swift-metrics' types in memory, to be read as Prometheus reads it.
///
/// A counter keeps its sum, a timer a histogram in seconds, a recorder a histogram or, where it does not aggregate, its
/// last value. What was once measured is kept for as long as the registry: labels are to have few values.
public final class MetricsRegistry: MetricsFactory, Sendable {
    /// What a family of measurements is, which its name does not say.
    public struct Description: Sendable, Hashable {
        public let help: String
        /// The upper bounds of a histogram's buckets, rising.
        public let buckets: [Double]

        /// From a millisecond to half a minute, where a decision in a tenth of a second is in the middle.
        public static let seconds = [
            0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
        ]

        public init(help: String, buckets: [Double] = Self.seconds) {
            self.help = help
            self.buckets = buckets
        }
    }

    private struct Key: Hashable {
        let name: String
        let labels: [MetricFamily.Label]
    }

    private enum Instrument {
        case counter(SummedCounter)
        case gauge(LastValue)
        case histogram(Histogram)

        var kind: MetricFamily.Kind {
            switch self {
            case .counter: .counter
            case .gauge: .gauge
            case .histogram: .histogram
            }
        }

        func samples(_ labels: [MetricFamily.Label]) -> [MetricFamily.Sample] {
            switch self {
            case .counter(let counter): [MetricFamily.Sample(labels: labels, value: Double(counter.value))]
            case .gauge(let gauge): [MetricFamily.Sample(labels: labels, value: gauge.value)]
            case .histogram(let histogram): histogram.samples(labels)
            }
        }
    }

    private let descriptions: [String: Description]
    private let instruments = Mutex<[Key: Instrument]>([:])

    /// - Parameter descriptions: by the labels of swift-metrics, which become the families' names.
    public init(_ descriptions: [String: Description] = [:]) {
        self.descriptions = descriptions
    }

    /// What was measured until now, by name.
    public func families() -> [MetricFamily] {
        let known = instruments.withLock { $0 }
        let names = Dictionary(grouping: known.keys, by: \.name)
        return names.sorted { $0.key < $1.key }.map { name, keys in
            let sorted = keys.sorted { $0.labels.map(\.value).lexicographicallyPrecedes($1.labels.map(\.value)) }
            let kind = sorted.first.flatMap { known[$0]?.kind } ?? .gauge
            return MetricFamily(
                name, help: descriptions[name]?.help ?? name, kind: kind,
                samples: sorted.flatMap { key in known[key].map { $0.samples(key.labels) } ?? [] })
        }
    }

    // MARK: MetricsFactory

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        let made = instrument(label, dimensions) { .counter(SummedCounter()) }
        if case .counter(let counter) = made { return counter }
        return SummedCounter()
    }

    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return gauge(label, dimensions) }
        return histogram(label, dimensions)
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions)
    }

    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> LastValue {
        let made = instrument(label, dimensions) { .gauge(LastValue()) }
        if case .gauge(let gauge) = made { return gauge }
        return LastValue()
    }

    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> Histogram {
        let buckets = descriptions[label]?.buckets ?? Description.seconds
        let made = instrument(label, dimensions) { .histogram(Histogram(bounds: buckets)) }
        if case .histogram(let histogram) = made { return histogram }
        return Histogram(bounds: buckets)
    }

    /// The instrument of a name and its labels, which is made where there is none. One of another kind is left as it is,
    /// and what is measured beside it is not kept.
    private func instrument(
        _ label: String, _ dimensions: [(String, String)], make: () -> Instrument
    ) -> Instrument {
        let key = Key(name: label, labels: dimensions.map { MetricFamily.Label($0.0, $0.1) })
        return instruments.withLock { instruments in
            if let known = instruments[key] { return known }
            let made = make()
            instruments[key] = made
            return made
        }
    }
}
