// SPDX-License-Identifier: Apache-2.0

/// How distances count by the spread of an identity's own samples: who signs steadily is held to it, and who does not
/// is granted it, within bounds.
///
/// The spread σ̂² of k samples of length 1 with the mean m is k·(1 − |m|²) / (k − 1), their scatter about it. It is
/// drawn towards the usual spread σ₀², as if that had been seen in ``weight`` samples more:
///
///     σ² = (weight·σ₀² + (k − 1)·σ̂²) / (weight + k − 1)
///
/// and a Euclidean distance to the samples is multiplied by σ₀ / σ, kept within ``scales``. One sample has no spread,
/// and its distances stay as they are. (Target-centric normalisation: Fierrez-Aguilar, Ortega-Garcia and
/// Gonzalez-Rodriguez, *Target dependent score normalization techniques and their application to signature
/// verification*, 2005.)
public struct ReferenceSpread: Sendable, Hashable {
    /// σ₀, the root of the mean square; in ``range``.
    public let usual: Double
    public static let range = 1e-3...1

    /// How many samples the usual spread counts for.
    static let weight = 4.0
    /// Below 1, strangers come nearer too: this is how far samples that hardly resemble one another may open the door.
    static let scales = 0.7...1.4

    /// - Returns: nil when the number is not in ``range``.
    public init?(usual: Double) {
        guard Self.range.contains(usual) else { return nil }
        self.usual = usual
    }

    /// What distances to the samples are multiplied by.
    ///
    /// - Parameter samples: embeddings of length 1, of one size; equal ones count once.
    public func scale(of samples: [ArraySlice<Float>]) -> Double {
        // A picture that was enrolled twice shows no steady hand.
        let samples = samples.enumerated().filter { !samples[..<$0.offset].contains($0.element) }.map(\.element)
        guard samples.count > 1, let first = samples.first else { return 1 }
        let count = Double(samples.count)
        var sums = Array(repeating: 0.0, count: first.count)
        for sample in samples {
            for (index, value) in sample.enumerated() { sums[index] += Double(value) }
        }
        let square = sums.reduce(0) { $0 + $1 * $1 } / (count * count)
        let own = count * max(0, 1 - square) / (count - 1)
        let spread = (Self.weight * usual * usual + (count - 1) * own) / (Self.weight + count - 1)
        return min(max(usual / spread.squareRoot(), Self.scales.lowerBound), Self.scales.upperBound)
    }
}
