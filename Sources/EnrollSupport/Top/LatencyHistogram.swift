// SPDX-License-Identifier: Apache-2.0

/// How long things took, by the buckets of one of Prometheus' histograms.
struct LatencyHistogram: Sendable, Hashable {
    /// Upper bounds in seconds, rising, the last of them infinite, each with how many took no longer.
    private let buckets: [(bound: Double, count: Double)]
    let sum: Double

    /// - Parameter samples: those whose names begin with that of the histogram, of one set of labels.
    init(_ samples: [PrometheusText.Sample], name: String) {
        buckets = samples.filter { $0.name == name + "_bucket" }.compactMap { sample in
            let text = sample.labels["le"] ?? ""
            return (text == "+Inf" ? .infinity : Double(text)).map { ($0, max(0, sample.value)) }
        }.sorted { $0.bound < $1.bound }
        sum = samples.first { $0.name == name + "_sum" }?.value ?? 0
    }

    private init(buckets: [(bound: Double, count: Double)], sum: Double) {
        self.buckets = buckets
        self.sum = sum
    }

    var count: Double { buckets.last?.count ?? 0 }

    /// What came since an earlier look; all of it where the daemon has begun anew since.
    func since(_ earlier: LatencyHistogram?) -> LatencyHistogram {
        guard let earlier, earlier.buckets.map(\.bound) == buckets.map(\.bound), earlier.count <= count else {
            return self
        }
        return LatencyHistogram(
            buckets: zip(buckets, earlier.buckets).map { ($0.bound, max(0, $0.count - $1.count)) },
            sum: max(0, sum - earlier.sum))
    }

    /// The time in seconds that so large a share took no longer than, found between the bounds as Prometheus does
    /// (`histogram_quantile`); the largest finite bound where it lies above that; nil where nothing was measured.
    func quantile(_ share: Double) -> Double? {
        guard count > 0 else { return nil }
        let rank = share * count
        var below = 0.0, lower = 0.0
        for (bound, total) in buckets {
            if total >= rank {
                guard bound.isFinite else { return lower }
                guard total > below else { return bound }
                return lower + (bound - lower) * (rank - below) / (total - below)
            }
            (below, lower) = (total, bound)
        }
        return lower
    }

    static func == (a: LatencyHistogram, b: LatencyHistogram) -> Bool {
        a.sum == b.sum && a.buckets.elementsEqual(b.buckets) { $0 == $1 }
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(sum)
        hasher.combine(count)
    }
}
