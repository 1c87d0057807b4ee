// SPDX-License-Identifier: Apache-2.0

/// One plot on one canvas: where everything goes, and the drawing of it.
struct PlotDrawing {
    let plot: Plot
    let canvas: Canvas
    /// What a pixel of a plot of the default size is for letters and lines on this one.
    let unit: Double
    let area: PlotArea
    let legend: PlotLegend
    let horizontal: AxisMapping
    let vertical: AxisMapping

    init(_ plot: Plot, on canvas: Canvas) {
        self.plot = plot
        self.canvas = canvas
        let ratio = min(canvas.width / Double(PlotSize.default.width), canvas.height / Double(PlotSize.default.height))
        // Letters of a small plot have to stay readable.
        let unit = ratio < 1 ? ratio.squareRoot() : ratio
        self.unit = unit
        let points = plot.series.lazy.flatMap(\.points), slices = plot.bands.lazy.flatMap(\.slices)
        horizontal = AxisMapping(
            plot.horizontal,
            values: points.map(\.x) + slices.map(\.x) + plot.markers.map(\.point.x) + plot.rules.map(\.x),
            ticks: max(3, Int(canvas.width / (90 * unit))))
        vertical = AxisMapping(
            plot.vertical,
            values: points.map(\.y) + slices.map(\.low) + slices.map(\.high) + plot.markers.map(\.point.y)
                // A filled area stands on the axis.
                + (plot.series.contains { $0.style == .filledStep } ? [0] : []),
            ticks: max(3, Int(canvas.height / (70 * unit))))
        let tickWidth = vertical.ticks.map { canvas.width(of: $0.label, size: Self.tickSize * unit) }.max() ?? 0
        let left = 46 * unit + tickWidth, right = canvas.width - 24 * unit
        var top = 16 * unit
        if !plot.title.isEmpty { top += 26 * unit }
        if !plot.subtitle.isEmpty { top += 20 * unit }
        legend = PlotLegend(plot, on: canvas, left: left, right: right, top: top, unit: unit)
        area = PlotArea(left: left, top: legend.bottom + 8 * unit, right: right, bottom: canvas.height - 58 * unit)
    }

    private static let titleSize = 17.0, textSize = 13.0, tickSize = 12.0

    func draw() {
        canvas.setColor(.white)
        canvas.fill(PlotArea(left: 0, top: 0, right: canvas.width, bottom: canvas.height))
        drawTitle()
        legend.draw(on: canvas)
        guard area.width > 4, area.height > 4 else { return }
        drawGrid()
        drawFrame()
        // A line along an edge shows its whole width.
        canvas.clipped(to: area.widened(by: unit)) {
            for band in plot.bands { draw(band) }
            for (index, series) in plot.series.enumerated() { draw(series, PlotLegend.color(of: series, at: index)) }
            for rule in plot.rules { draw(rule) }
        }
        for marker in plot.markers { draw(marker) }
    }

    private func drawTitle() {
        let room = canvas.width - 32 * unit
        canvas.setColor(.ink)
        if !plot.title.isEmpty {
            let title = canvas.fitted(plot.title, width: room, size: Self.titleSize * unit, isBold: true)
            canvas.text(
                title, at: PlotPoint(x: canvas.width / 2, y: 24 * unit), size: Self.titleSize * unit, anchor: .middle,
                isBold: true)
        }
        if !plot.subtitle.isEmpty {
            let subtitle = canvas.fitted(plot.subtitle, width: room, size: Self.tickSize * unit)
            canvas.text(
                subtitle, at: PlotPoint(x: canvas.width / 2, y: (plot.title.isEmpty ? 20 : 48) * unit),
                size: Self.tickSize * unit,
                anchor: .middle)
        }
    }

    private func drawGrid() {
        canvas.setLine(width: unit)
        // The lines with numbers go over those without.
        for isNumbered in [false, true] {
            canvas.setColor(isNumbered ? .grid : .fineGrid)
            for tick in horizontal.ticks where tick.label.isEmpty != isNumbered {
                guard let x = x(tick.value) else { continue }
                canvas.stroke([PlotPoint(x: x, y: area.top), PlotPoint(x: x, y: area.bottom)])
            }
            for tick in vertical.ticks where tick.label.isEmpty != isNumbered {
                guard let y = y(tick.value) else { continue }
                canvas.stroke([PlotPoint(x: area.left, y: y), PlotPoint(x: area.right, y: y)])
            }
        }
    }

    private func drawFrame() {
        canvas.setLine(width: unit)
        canvas.setColor(.frame)
        canvas.stroke(area)
        canvas.setColor(.ink)
        for tick in horizontal.ticks where !tick.label.isEmpty {
            guard let x = x(tick.value) else { continue }
            canvas.text(
                tick.label, at: PlotPoint(x: x, y: area.bottom + 14 * unit), size: Self.tickSize * unit, anchor: .middle
            )
        }
        for tick in vertical.ticks where !tick.label.isEmpty {
            guard let y = y(tick.value) else { continue }
            canvas.text(
                tick.label, at: PlotPoint(x: area.left - 7 * unit, y: y), size: Self.tickSize * unit, anchor: .end)
        }
        let size = Self.textSize * unit
        canvas.text(
            canvas.fitted(plot.horizontal.label, width: area.width, size: size),
            at: PlotPoint(x: (area.left + area.right) / 2, y: canvas.height - 18 * unit), size: size, anchor: .middle)
        canvas.text(
            canvas.fitted(plot.vertical.label, width: area.height, size: size),
            at: PlotPoint(x: 18 * unit, y: (area.top + area.bottom) / 2), size: size, anchor: .middle, upwards: true)
    }

    private func draw(_ series: PlotSeries, _ color: PlotColor) {
        let isStep = series.style == .step || series.style == .filledStep
        canvas.setLine(width: 2 * unit, dashes: series.style == .dashed ? [7 * unit, 4 * unit] : [])
        for run in PlotPath.runs(series.points, position: position) {
            let path = isStep ? PlotPath.steps(run) : run
            if series.style == .filledStep, let first = path.first, let last = path.last {
                canvas.setColor(color, opacity: 0.25)
                let base = y(vertical.scale == .linear ? 0 : vertical.range.lowerBound) ?? area.bottom
                canvas.fill([PlotPoint(x: first.x, y: base)] + path + [PlotPoint(x: last.x, y: base)])
            }
            canvas.setColor(color)
            if series.style == .dots || path.count == 1 {
                for point in path { canvas.disc(at: point, radius: 2.5 * unit) }
            } else {
                canvas.stroke(path)
            }
        }
    }

    private func draw(_ band: PlotBand) {
        canvas.setColor(band.color, opacity: 0.2)
        let low = PlotPath.runs(
            band.slices.map { PlotPoint(x: $0.x, y: $0.high.isFinite ? $0.low : .nan) }, position: position)
        let high = PlotPath.runs(
            band.slices.map { PlotPoint(x: $0.x, y: $0.low.isFinite ? $0.high : .nan) }, position: position)
        for (low, high) in zip(low, high) { canvas.fill(low + high.reversed()) }
    }

    private func draw(_ rule: PlotRule) {
        guard let x = x(rule.x), (area.left...area.right).contains(x) else { return }
        canvas.setColor(.ink)
        canvas.setLine(width: 1.5 * unit, dashes: [5 * unit, 4 * unit])
        canvas.stroke([PlotPoint(x: x, y: area.top), PlotPoint(x: x, y: area.bottom)])
        let isLeft = x > (area.left + area.right) / 2
        label(
            rule.label, at: PlotPoint(x: x + (isLeft ? -6 : 6) * unit, y: area.top + 12 * unit),
            anchor: isLeft ? .end : .start)
    }

    private func draw(_ marker: PlotMarker) {
        guard let point = position(marker.point), (area.left...area.right).contains(point.x),
            (area.top...area.bottom).contains(point.y)
        else { return }
        canvas.setColor(.white)
        canvas.disc(at: point, radius: 6 * unit)
        canvas.setColor(marker.color)
        canvas.disc(at: point, radius: 4.5 * unit)
        let isLeft = point.x > (area.left + area.right) / 2
        let y = max(point.y - 12 * unit, area.top + 10 * unit)
        label(marker.label, at: PlotPoint(x: point.x + (isLeft ? -9 : 9) * unit, y: y), anchor: isLeft ? .end : .start)
    }

    /// A text over the data, on a ground that keeps it readable.
    private func label(_ text: String, at point: PlotPoint, anchor: Canvas.Anchor) {
        guard !text.isEmpty else { return }
        let size = Self.tickSize * unit
        let text = canvas.fitted(text, width: area.width / 2, size: size)
        let width = canvas.width(of: text, size: size), left = point.x - anchor.rawValue * width
        canvas.setColor(.white, opacity: 0.8)
        canvas.fill(
            PlotArea(
                left: left - 3 * unit, top: point.y - 9 * unit, right: left + width + 3 * unit,
                bottom: point.y + 9 * unit))
        canvas.setColor(.ink)
        canvas.text(text, at: point, size: size, anchor: anchor)
    }

    private func x(_ value: Double) -> Double? {
        horizontal.position(of: value).map { area.left + Self.near($0) * area.width }
    }

    private func y(_ value: Double) -> Double? {
        vertical.position(of: value).map { area.bottom - Self.near($0) * area.height }
    }

    private func position(_ point: PlotPoint) -> PlotPoint? {
        guard let x = x(point.x), let y = y(point.y) else { return nil }
        return PlotPoint(x: x, y: y)
    }

    /// The library's coordinates are small whole numbers inside: what is far outside the picture is brought near.
    private static func near(_ position: Double) -> Double { min(max(position, -3), 4) }
}
