// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import Plotting
import Testing

@Suite struct PlotTests {
    static let curve = (0..<200).map { PlotPoint(x: Double($0), y: exp(-Double($0) / 50)) }

    static func plot(_ series: [PlotSeries], scale: PlotAxis.Scale = .linear) -> Plot {
        Plot(
            title: "Loss", horizontal: PlotAxis("epoch", scale: scale), vertical: PlotAxis("loss", scale: scale),
            series: series)
    }

    /// The share of the pixels within a part of the picture that are nearly of a colour.
    static func share(
        of color: PlotColor, in image: RGBImage, x: Range<Double> = 0..<1, y: Range<Double> = 0..<1
    ) -> Double {
        var count = 0, all = 0
        for row in Int(y.lowerBound * Double(image.height))..<Int(y.upperBound * Double(image.height)) {
            for column in Int(x.lowerBound * Double(image.width))..<Int(x.upperBound * Double(image.width)) {
                let pixel = image[column, row]
                let isNear = zip([pixel.red, pixel.green, pixel.blue], [color.red, color.green, color.blue])
                    .allSatisfy { abs(Double($0) - 255 * $1) < 12 }
                count += isNear ? 1 : 0
                all += 1
            }
        }
        return Double(count) / Double(all)
    }

    @Test func theLineIsWhereItsValuesAre() throws {
        let plot = Self.plot([PlotSeries(name: "training", points: Self.curve)])
        let image = try RGBImage(decoding: plot.pngBytes(width: 800, height: 600))
        #expect(image.width == 800 && image.height == 600)
        // A falling exponential goes from the top left to the bottom right, and is not in the other corner.
        #expect(Self.share(of: .blue, in: image, x: 0.1..<0.3, y: 0.12..<0.6) > 0.002)
        #expect(Self.share(of: .blue, in: image, x: 0.7..<0.97, y: 0.7..<0.9) > 0.002)
        #expect(Self.share(of: .blue, in: image, x: 0.5..<0.97, y: 0.12..<0.5) == 0)
    }

    @Test func everySeriesHasItsColor() throws {
        let series = (0..<5).map { index in
            PlotSeries(name: "s\(index)", points: (0..<10).map { PlotPoint(x: Double($0), y: Double(index + 1)) })
        }
        let image = try RGBImage(decoding: Self.plot(series).pngBytes())
        for color in PlotColor.palette.prefix(5) {
            #expect(Self.share(of: color, in: image, y: 0.1..<0.95) > 0.001)
        }
        #expect(Self.share(of: PlotColor.palette[5], in: image) == 0)
    }

    @Test func titlesAndNamesStandInTheVectorFileAndItIsWellFormed() throws {
        let plot = Plot(
            title: "Ben & Jerry's <“DET”>", subtitle: "a\u{0}b\u{7}\u{FFFE}",
            horizontal: PlotAxis("FMR", scale: .probit, labels: .percent),
            vertical: PlotAxis("FNMR", scale: .probit, labels: .percent),
            series: [
                PlotSeries(name: "k = 1 & \"2\"", points: [PlotPoint(x: 0.01, y: 0.2), PlotPoint(x: 0.1, y: 0.05)])
            ],
            bands: [
                PlotBand(
                    name: "95 %", slices: [.init(x: 0.01, low: 0.1, high: 0.3), .init(x: 0.1, low: 0.02, high: 0.1)])
            ],
            markers: [PlotMarker(PlotPoint(x: 0.06, y: 0.06), label: "EER 6 %")],
            rules: [PlotRule(x: 0.05, label: "threshold")])
        let file = try plot.svgBytes(width: 640, height: 480)
        let reader = SVGReader()
        #expect(reader.read(file))
        #expect(reader.elements.first == "svg")
        #expect(reader.elements.filter { $0 == "path" }.count > 10)
        #expect(reader.title == "Ben & Jerry's <“DET”>")
        for name in ["k = 1 & \"2\"", "95 %", "EER 6 %", "threshold", "FMR", "FNMR"] {
            #expect(reader.description.contains(name))
        }
    }

    @Test(arguments: [PlotAxis.Scale.linear, .logarithmic, .probit])
    func noValuesBreakAPlot(scale: PlotAxis.Scale) throws {
        let extremes: [Double] = [
            .nan, .infinity, -.infinity, 0, -1, 1, 0.5, 1e308, -1e308, .leastNonzeroMagnitude, 1e-300,
        ]
        let all = extremes.flatMap { x in extremes.map { PlotPoint(x: x, y: $0) } }
        let sets =
            [
                [], [PlotPoint(x: 0.5, y: 0.5)], [PlotPoint(x: .nan, y: .nan)], all,
                Array(repeating: PlotPoint(x: 1, y: 1), count: 5),
            ]
            + extremes.map { [PlotPoint(x: $0, y: $0)] }
        for points in sets {
            for style in [PlotSeries.Style.line, .dashed, .step, .filledStep, .dots] {
                let plot = Plot(
                    title: "", horizontal: PlotAxis("", scale: scale), vertical: PlotAxis("", scale: scale),
                    series: [PlotSeries(name: "", points: points, style: style)],
                    bands: [PlotBand(name: "", slices: points.map { .init(x: $0.x, low: $0.y, high: -$0.y) })],
                    markers: points.map { PlotMarker($0, label: "m") },
                    rules: points.map { PlotRule(x: $0.x, label: "r") })
                let image = try RGBImage(decoding: plot.pngBytes(width: 160, height: 120))
                #expect(image.width == 160)
                if style == .filledStep { #expect(SVGReader().read(try plot.svgBytes(width: 160, height: 120))) }
            }
        }
        #expect(try !Self.plot([], scale: scale).pngBytes(width: 64, height: 64).isEmpty)
    }

    @Test(arguments: [-1e308...1e308, 0...0, -5 ... -1, 0...1, 1e-307...1e300, 3...3.000000000000001])
    func noRangeBreaksAPlot(range: ClosedRange<Double>) throws {
        for scale in [PlotAxis.Scale.linear, .logarithmic, .probit] {
            let plot = Plot(
                title: "t", horizontal: PlotAxis("x", scale: scale, range: range),
                vertical: PlotAxis("y", scale: scale, range: range),
                series: [PlotSeries(name: "s", values: [1, 2, 3])])
            #expect(try RGBImage(decoding: plot.pngBytes(width: 300, height: 200)).height == 200)
        }
    }

    @Test func aGapInterruptsTheLine() throws {
        let broken = (0..<100).map { PlotPoint(x: Double($0), y: (30..<70).contains($0) ? .nan : 1) }
        let image = try RGBImage(decoding: Self.plot([PlotSeries(name: "", points: broken)]).pngBytes())
        #expect(Self.share(of: .blue, in: image, x: 0.15..<0.3, y: 0.1..<0.9) > 0.002)
        #expect(Self.share(of: .blue, in: image, x: 0.42..<0.62, y: 0.1..<0.9) == 0)
    }

    @Test func hugeSeriesAreDrawnFastAndKeepTheirPeaks() throws {
        var points = (0..<100_000).map { PlotPoint(x: Double($0), y: Double($0 % 7) / 100) }
        points[50_003] = PlotPoint(x: 50_003, y: 10)
        let plot = Self.plot([PlotSeries(name: "", points: points)])
        #expect(try plot.svgBytes().count < 400_000)
        let image = try RGBImage(decoding: plot.pngBytes())
        #expect(Self.share(of: .blue, in: image, x: 0.4..<0.65, y: 0.2..<0.5) > 0)
    }

    @Test func sizesOutsideTheLimitsAreRefusedWithThem() {
        for (width, height) in [(0, 100), (100, -1), (63, 64), (64, 8193), (Int.max, Int.max)] {
            #expect(throws: PlottingError.size(width: width, height: height)) {
                try Self.plot([]).pngBytes(width: width, height: height)
            }
            #expect(throws: PlottingError.size(width: width, height: height)) {
                try Self.plot([]).svgBytes(width: width, height: height)
            }
        }
        #expect(PlottingError.size(width: 1, height: 2).description.contains("64 to 8192"))
    }

    @Test func theSamePlotHasTheSamePixels() throws {
        let plot = Self.plot([PlotSeries(name: "a", points: Self.curve)])
        #expect(try plot.pngBytes() == plot.pngBytes())
    }
}
