// SPDX-License-Identifier: Apache-2.0

/// How distances to the mean of several samples count, so that one threshold stands for the same false-match rate
/// whatever the number of samples is.
///
/// The mean of k samples is nearer to everybody than one sample is: of the samples' own scatter σ² about the person a
/// part of 1/k is left in it. A Euclidean distance to the mean is multiplied by 1 + ``gain``·(1 − 1/k).
public struct SampleCountScale: Sendable, Hashable {
    /// By what share distances to very many samples grow; in ``range``.
    public let gain: Double
    public static let range = 0.0...1

    /// - Returns: nil when the number is not in ``range``.
    public init?(gain: Double) {
        guard Self.range.contains(gain) else { return nil }
        self.gain = gain
    }

    /// What distances to the samples are multiplied by.
    ///
    /// - Parameter samples: embeddings of one size; equal ones count once.
    public func scale(of samples: [ArraySlice<Float>]) -> Double {
        let count = samples.enumerated().count { !samples[..<$0.offset].contains($0.element) }
        return count > 1 ? 1 + gain * (1 - 1 / Double(count)) : 1
    }
}
