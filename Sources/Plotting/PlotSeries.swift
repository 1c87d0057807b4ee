// SPDX-License-Identifier: Apache-2.0

/// A point in the units of a plot's axes.
public struct PlotPoint: Sendable, Hashable {
    public let x: Double
    public let y: Double

    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}

/// Points that belong together, under one name in the legend.
///
/// A point that is not finite interrupts the line. A value that its scale does not have, such as 0 on a
/// logarithmic one, is drawn at the edge. Any number of points may be given: what falls into one column of pixels
/// is drawn once.
public struct PlotSeries: Sendable {
    public enum Style: Sendable, Hashable {
        case line
        /// A line of dashes.
        case dashed
        /// The value holds from its point to the next.
        case step
        /// A step with the area below it shaded.
        case filledStep
        /// Points that no line joins.
        case dots
    }

    /// Stands in the legend, unless it is empty.
    public let name: String
    public let points: [PlotPoint]
    public let style: Style
    /// Nil takes the next of ``PlotColor/palette``.
    public let color: PlotColor?

    public init(name: String, points: [PlotPoint], style: Style = .line, color: PlotColor? = nil) {
        self.name = name
        self.points = points
        self.style = style
        self.color = color
    }

    /// Values one after another, such as the loss of each epoch.
    ///
    /// - Parameter start: the horizontal place of the first; each further one is 1 to the right.
    public init(name: String, values: [Double], start: Double = 1, style: Style = .line, color: PlotColor? = nil) {
        self.init(
            name: name, points: values.enumerated().map { PlotPoint(x: start + Double($0), y: $1) }, style: style,
            color: color)
    }
}

/// A shaded area between two lines, such as a confidence interval.
public struct PlotBand: Sendable {
    public struct Slice: Sendable, Hashable {
        public let x: Double
        public let low: Double
        public let high: Double

        public init(x: Double, low: Double, high: Double) {
            self.x = x
            self.low = low
            self.high = high
        }
    }

    /// Stands in the legend, unless it is empty.
    public let name: String
    /// By rising `x`; one that is not finite interrupts the band.
    public let slices: [Slice]
    public let color: PlotColor

    public init(name: String, slices: [Slice], color: PlotColor = .blue) {
        self.name = name
        self.slices = slices
        self.color = color
    }
}

/// A point that a text points out, such as an equal error rate.
public struct PlotMarker: Sendable {
    public let point: PlotPoint
    public let label: String
    public let color: PlotColor

    public init(_ point: PlotPoint, label: String, color: PlotColor = .black) {
        self.point = point
        self.label = label
        self.color = color
    }
}

/// A line across the whole plot at one place of the horizontal axis, such as a threshold.
public struct PlotRule: Sendable {
    public let x: Double
    public let label: String

    public init(x: Double, label: String) {
        self.x = x
        self.label = label
    }
}
