// SPDX-License-Identifier: Apache-2.0

/// A plot of lines over two axes.
///
/// The defaults are meant to be readable as they are: colours that people of every colour vision tell apart, a grid
/// behind the data, the legend above them, where it hides nothing.
public struct Plot: Sendable {
    public let title: String
    /// Below the title, in small letters: what was measured on how much.
    public let subtitle: String
    public let horizontal: PlotAxis
    public let vertical: PlotAxis
    public let series: [PlotSeries]
    public let bands: [PlotBand]
    public let markers: [PlotMarker]
    public let rules: [PlotRule]

    public init(
        title: String, subtitle: String = "", horizontal: PlotAxis, vertical: PlotAxis, series: [PlotSeries],
        bands: [PlotBand] = [], markers: [PlotMarker] = [], rules: [PlotRule] = []
    ) {
        self.title = title
        self.subtitle = subtitle
        self.horizontal = horizontal
        self.vertical = vertical
        self.series = series
        self.bands = bands
        self.markers = markers
        self.rules = rules
    }

    /// The picture as a PNG file.
    ///
    /// - Parameters width, height: in pixels, each within ``PlotSize/sides``.
    public func pngBytes(
        width: Int = PlotSize.default.width, height: Int = PlotSize.default.height
    ) throws(PlottingError) -> [UInt8] {
        try PlotSize.check(width: width, height: height)
        return try Canvas.png(width: width, height: height) { PlotDrawing(self, on: $0).draw() }
    }

    /// The picture as an SVG file, with the title and what the legend says as its text for those who cannot see it.
    ///
    /// - Parameters width, height: in pixels, each within ``PlotSize/sides``.
    public func svgBytes(
        width: Int = PlotSize.default.width, height: Int = PlotSize.default.height
    ) throws(PlottingError) -> [UInt8] {
        try PlotSize.check(width: width, height: height)
        let file = try Canvas.svg(width: width, height: height) { PlotDrawing(self, on: $0).draw() }
        return SVGText.described(file, title: title, description: description)
    }

    private var description: String {
        let names = bands.map(\.name) + series.map(\.name) + markers.map(\.label) + rules.map(\.label)
        let axes = "\(vertical.label) over \(horizontal.label)"
        return ([subtitle, axes] + names).filter { !$0.isEmpty }.joined(separator: "; ")
    }
}
