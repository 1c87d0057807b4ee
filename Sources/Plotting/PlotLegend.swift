// SPDX-License-Identifier: Apache-2.0

/// The names of what is drawn, in rows above the data.
struct PlotLegend {
    private struct Entry {
        let name: String
        let color: PlotColor
        /// Nil is a band.
        let style: PlotSeries.Style?
        let x: Double
        let y: Double
    }

    private let entries: [Entry]
    private let unit: Double
    /// Where the legend ends.
    let bottom: Double

    private static let size = 12.0, rowHeight = 20.0, sampleWidth = 26.0
    /// More names than this would leave no room for the data.
    private static let most = 24

    init(_ plot: Plot, on canvas: Canvas, left: Double, right: Double, top: Double, unit: Double) {
        self.unit = unit
        let size = Self.size * unit
        var named: [(name: String, color: PlotColor, style: PlotSeries.Style?)] = plot.bands.map {
            ($0.name, $0.color, nil)
        }
        named += plot.series.enumerated().map { ($1.name, Self.color(of: $1, at: $0), $1.style) }
        var entries: [Entry] = []
        var x = left, y = top + Self.rowHeight / 2 * unit
        for item in named.filter({ !$0.name.isEmpty }).prefix(Self.most) {
            let name = canvas.fitted(item.name, width: right - left - (Self.sampleWidth + 8) * unit, size: size)
            let width = (Self.sampleWidth + 6 + 18) * unit + canvas.width(of: name, size: size)
            if x > left, x + width - 18 * unit > right {
                x = left
                y += Self.rowHeight * unit
            }
            entries.append(Entry(name: name, color: item.color, style: item.style, x: x, y: y))
            x += width
        }
        self.entries = entries
        bottom = entries.isEmpty ? top : y + Self.rowHeight / 2 * unit
    }

    static func color(of series: PlotSeries, at index: Int) -> PlotColor {
        series.color ?? PlotColor.palette[index % PlotColor.palette.count]
    }

    func draw(on canvas: Canvas) {
        for entry in entries {
            let end = entry.x + Self.sampleWidth * unit
            let box = PlotArea(left: entry.x, top: entry.y - 6 * unit, right: end, bottom: entry.y + 6 * unit)
            canvas.setLine(width: 2 * unit, dashes: entry.style == .dashed ? [7 * unit, 4 * unit] : [])
            switch entry.style {
            case nil:
                canvas.setColor(entry.color, opacity: 0.2)
                canvas.fill(box)
            case .filledStep?:
                canvas.setColor(entry.color, opacity: 0.25)
                canvas.fill(box)
                canvas.setColor(entry.color)
                canvas.stroke(box)
            case .dots?:
                canvas.setColor(entry.color)
                canvas.disc(at: PlotPoint(x: (entry.x + end) / 2, y: entry.y), radius: 3 * unit)
            case .line?, .dashed?, .step?:
                canvas.setColor(entry.color)
                canvas.stroke([PlotPoint(x: entry.x, y: entry.y), PlotPoint(x: end, y: entry.y)])
            }
            canvas.setColor(.ink)
            canvas.text(
                entry.name, at: PlotPoint(x: end + 6 * unit, y: entry.y), size: Self.size * unit, anchor: .start)
        }
    }
}
