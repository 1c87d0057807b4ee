// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness

/// A network's times beside those of a peer, round by round.
struct EngineResult {
    let peer: String
    let own: Duration
    let theirs: Duration
    /// The median of the rounds' ratios, and the 95 % interval of a bootstrap.
    let ratio: Double
    let interval: ClosedRange<Double>
    /// The ratio that 5 % of the rounds exceed.
    let high: Double
    /// The largest from ONNX Runtime’s outputs, over the largest value of each where that is more than 1.
    let difference: Float

    init(peer: String, own: [Duration], theirs: [Duration], difference: Float) {
        self.peer = peer
        self.difference = difference
        self.own = Durations(own).quantile(0.5)
        self.theirs = Durations(theirs).quantile(0.5)
        let ratios = zip(own, theirs).map { $0.inSeconds / max($1.inSeconds, 1e-9) }
        ratio = Self.quantile(ratios, 0.5)
        high = Self.quantile(ratios, 0.95)
        var generator = SeededGenerator(seed: 1)
        let medians = (0..<1000).map { _ in
            Self.quantile(ratios.map { _ in ratios.randomElement(using: &generator) ?? 1 }, 0.5)
        }
        interval = Self.quantile(medians, 0.025)...Self.quantile(medians, 0.975)
    }

    private static func quantile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }

    func line(_ network: String) -> String {
        func ratio(_ value: Double) -> String { String(format: "%.2f", value) }
        func time(_ value: Duration) -> String { String(format: "%.2f ms", value.inSeconds * 1000) }
        return EngineBenchmark.line(
            network, peer, time(own), time(theirs), ratio(self.ratio),
            "\(ratio(interval.lowerBound))–\(ratio(interval.upperBound))", ratio(high),
            String(format: "%.1e", difference))
    }
}

/// The ratios that a run is held to.
struct RecordedRatios {
    /// By network and peer.
    private var ratios: [String: [String: Double]] = [:]

    init(file: String, allowsNone: Bool) throws {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            guard allowsNone else {
                throw HarnessError("there is no \(file); run it from the checkout, or with --record")
            }
            return
        }
        ratios = try JSONDecoder().decode([String: [String: Double]].self, from: bytes)
    }

    /// Whether it is slower by more than 3 % and by more than its noise.
    func isWorse(_ result: EngineResult, network: String) -> Bool {
        guard let ratio = ratios[network]?[result.peer] else { return false }
        return result.interval.lowerBound > ratio * 1.03
    }

    mutating func set(_ result: EngineResult, network: String) {
        ratios[network, default: [:]][result.peer] = (result.ratio * 1000).rounded() / 1000
    }

    func write(to file: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try (encoder.encode(ratios) + Data("\n".utf8)).write(to: URL(fileURLWithPath: file))
    }
}
