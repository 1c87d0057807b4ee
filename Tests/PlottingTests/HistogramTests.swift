// SPDX-License-Identifier: Apache-2.0

import Imaging
import Plotting
import Testing

@Suite struct HistogramTests {
    @Test func sharesAddUpToOneInEachGroup() {
        let histogram = Histogram(
            title: "", label: "distance",
            groups: [
                .init(name: "genuine", values: (0..<1000).map { Double($0 % 37) / 37 }),
                .init(name: "forgery", values: (0..<10).map { 1 + Double($0) }),
            ])
        for series in histogram.plot.series {
            #expect(series.style == .filledStep)
            #expect(abs(series.points.dropFirst().dropLast().reduce(0) { $0 + $1.y } - 1) < 1e-9)
        }
        let (genuine, forgery) = (histogram.plot.series[0].points, histogram.plot.series[1].points)
        #expect(genuine.map(\.x) == forgery.map(\.x))
        #expect(genuine.first { $0.x > 1.2 }?.y == 0)
    }

    @Test func valuesThatAreNotFiniteAreCountedInTheLegend() {
        let plot = Histogram(
            title: "", label: "", groups: [.init(name: "genuine", values: [1, .infinity, .nan, 2, -.infinity])]
        ).plot
        #expect(plot.series[0].name == "genuine (2, 3 more without a distance)")
    }

    @Test func noValuesBreakAHistogram() throws {
        for values in [
            [], [3], [.nan], Array(repeating: 2.5, count: 100), [1e308, -1e308, 0], [.leastNonzeroMagnitude, 0],
            [1e17, 1e17 + 32],
        ] {
            for bins in [nil, -1, 1, 100_000] {
                let histogram = Histogram(
                    title: "h", label: "d", groups: [.init(name: "a", values: values), .init(name: "b", values: [])],
                    binCount: bins)
                #expect(try RGBImage(decoding: histogram.pngBytes(width: 200, height: 150)).width == 200)
            }
        }
    }

    @Test func groupsOverlapInTheirColorsBesideTheThreshold() throws {
        let histogram = Histogram(
            title: "Scores", label: "distance",
            groups: [
                .init(name: "genuine", values: (0..<500).map { Double($0) / 500 }),
                .init(name: "random", values: (0..<500).map { 2 + Double($0) / 500 }),
            ], rules: [PlotRule(x: 1.5, label: "threshold 1.5")])
        let image = try RGBImage(decoding: histogram.pngBytes())
        let palePart = { (color: PlotColor) in
            PlotColor(
                red: 0.75 + 0.25 * color.red, green: 0.75 + 0.25 * color.green, blue: 0.75 + 0.25 * color.blue)
        }
        #expect(PlotTests.share(of: palePart(.blue), in: image, x: 0.12..<0.4, y: 0.4..<0.85) > 0.5)
        #expect(PlotTests.share(of: palePart(.vermilion), in: image, x: 0.72..<0.95, y: 0.4..<0.85) > 0.5)
        #expect(PlotTests.share(of: palePart(.blue), in: image, x: 0.72..<0.95, y: 0.4..<0.85) == 0)
    }
}
