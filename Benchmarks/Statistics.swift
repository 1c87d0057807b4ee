// SPDX-License-Identifier: Apache-2.0

/// Order statistics of durations.
struct Durations: Sendable {
    private let sorted: [Duration]

    init(_ durations: [Duration]) {
        sorted = durations.sorted()
    }

    var count: Int { sorted.count }

    /// The smallest duration that `share` of all do not exceed; zero when there are none.
    func quantile(_ share: Double) -> Duration {
        guard !sorted.isEmpty else { return .zero }
        let rank = Int((share * Double(sorted.count)).rounded(.up))
        return sorted[min(max(rank - 1, 0), sorted.count - 1)]
    }
}

extension Duration {
    /// In milliseconds, with one decimal.
    var milliseconds: String {
        let microseconds = components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
        let tenths = (Double(microseconds) / 100).rounded() / 10
        return "\(tenths) ms"
    }

    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
