// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How often values occur, group by group over the same bins, such as the distances of genuine pairs and forgeries.
///
/// Each group is drawn as its share in each bin, so that groups of very different sizes can be compared.
public struct Histogram: Sendable {
    public struct Group: Sendable {
        public let name: String
        /// Those that are not finite are not shown; the legend says how many there are.
        public let values: [Double]
        /// Nil takes the next of ``PlotColor/palette``.
        public let color: PlotColor?

        public init(name: String, values: [Double], color: PlotColor? = nil) {
            self.name = name
            self.values = values
            self.color = color
        }
    }

    public let title: String
    public let subtitle: String
    /// What the values are.
    public let label: String
    public let groups: [Group]
    public let rules: [PlotRule]
    /// The number of bins; nil chooses it by the number of values.
    public let binCount: Int?

    public init(
        title: String, subtitle: String = "", label: String, groups: [Group], rules: [PlotRule] = [],
        binCount: Int? = nil
    ) {
        self.title = title
        self.subtitle = subtitle
        self.label = label
        self.groups = groups
        self.rules = rules
        self.binCount = binCount
    }

    /// As ``Plot/pngBytes(width:height:)``.
    public func pngBytes(
        width: Int = PlotSize.default.width, height: Int = PlotSize.default.height
    ) throws(PlottingError) -> [UInt8] {
        try plot.pngBytes(width: width, height: height)
    }

    /// As ``Plot/svgBytes(width:height:)``.
    public func svgBytes(
        width: Int = PlotSize.default.width, height: Int = PlotSize.default.height
    ) throws(PlottingError) -> [UInt8] {
        try plot.svgBytes(width: width, height: height)
    }

    /// The bars as filled steps.
    package var plot: Plot {
        let shown = groups.map { group in group.values.filter { $0.isFinite && abs($0) <= AxisMapping.limit } }
        let all = shown.joined()
        let low = all.min() ?? 0, high = all.max() ?? 1
        let count = binCount.map { min(max($0, 1), 500) } ?? Self.binCount(shown.map(\.count).max() ?? 0)
        let width = high > low ? (high - low) / Double(count) : 0
        // Values that are all equal get one bin, wide enough to be seen.
        let edges =
            width > 0 && low + width > low
            ? (0...count).map { low + Double($0) * width }
            : [low - max(abs(low) * 0.05, 0.05), low + max(abs(low) * 0.05, 0.05)]
        let series = zip(groups, shown).map { group, values in
            let hidden = group.values.count - values.count
            return PlotSeries(
                name: "\(group.name) (\(values.count)" + (hidden > 0 ? ", \(hidden) more without a distance)" : ")"),
                points: Self.steps(values, edges: edges), style: .filledStep, color: group.color)
        }
        return Plot(
            title: title, subtitle: subtitle, horizontal: PlotAxis(label),
            vertical: PlotAxis("share of the group", labels: .percent), series: series, rules: rules)
    }

    private static func steps(_ values: [Double], edges: [Double]) -> [PlotPoint] {
        guard !values.isEmpty, let first = edges.first, let last = edges.last else { return [] }
        let count = edges.count - 1
        var counts = Array(repeating: 0, count: count)
        for value in values {
            counts[min(max(Int((value - first) / (last - first) * Double(count)), 0), count - 1)] += 1
        }
        let shares = counts.map { Double($0) / Double(values.count) }
        return [PlotPoint(x: first, y: 0)] + zip(edges, shares).map { PlotPoint(x: $0, y: $1) } + [
            PlotPoint(x: last, y: 0)
        ]
    }

    /// Twice the cube root, after Rice: enough to show the form, few enough not to show the noise.
    private static func binCount(_ values: Int) -> Int {
        min(max(Int((2 * cbrt(Double(values))).rounded(.up)), 10), 80)
    }
}
