// SPDX-License-Identifier: Apache-2.0

/// An axis of a plot: what it shows and how.
public struct PlotAxis: Sendable {
    /// How values become places.
    public enum Scale: Sendable, Hashable {
        case linear
        /// By the logarithm; values above 0.
        case logarithmic
        /// By the normal deviate, as a DET plot has them (Martin et al. 1997); rates above 0 and below 1.
        case probit
    }

    /// How the numbers at the ticks are written.
    public enum Labels: Sendable, Hashable {
        case number
        /// A rate of 0.01 as “1 %”.
        case percent
    }

    public let label: String
    public let scale: Scale
    /// From where to where; nil is as far as the data go.
    public let range: ClosedRange<Double>?
    public let labels: Labels

    /// - Parameter range: is ignored where the scale does not have it, such as one that begins with 0 and is
    ///   logarithmic.
    public init(_ label: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil, labels: Labels = .number) {
        self.label = label
        self.scale = scale
        self.range = range
        self.labels = labels
    }
}
