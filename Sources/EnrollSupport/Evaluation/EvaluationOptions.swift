// SPDX-License-Identifier: Apache-2.0

import Recognition

/// How a model is evaluated.
public struct EvaluationOptions: Sendable {
    /// Samples of a reference; several numbers are measured one after another.
    public let references: [Int]
    public let draws: Int
    public let seed: UInt64
    public let resamples: Int
    /// Draws every signature again before the network sees it; nil takes images as they are.
    public let pureInk: PureInk?

    public init(
        references: [Int] = Calibrator.sampleCounts, draws: Int = 10, seed: UInt64 = 1, resamples: Int = 1000,
        pureInk: PureInk? = nil
    ) {
        self.references = references
        self.draws = draws
        self.seed = seed
        self.resamples = resamples
        self.pureInk = pureInk
    }

    /// `1,3,5`; nil for anything but up to ten whole numbers from 1 to 100.
    public static func references(_ text: String) -> [Int]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let counts = parts.compactMap { Int($0) }.filter { (1...100).contains($0) }
        return counts.count == parts.count && counts.count <= 10 ? Set(counts).sorted() : nil
    }

    var bootstrap: BootstrapSettings { BootstrapSettings(resamples: resamples, seed: seed) }
}
