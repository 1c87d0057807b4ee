// SPDX-License-Identifier: Apache-2.0

/// How large plots may be.
public enum PlotSize {
    /// The pixels of a side.
    public static let sides = 64...8192
    /// The size of a plot whose caller has no wish.
    public static let `default` = (width: 800, height: 600)

    static func check(width: Int, height: Int) throws(PlottingError) {
        guard sides.contains(width), sides.contains(height) else { throw .size(width: width, height: height) }
    }
}

/// A rectangle in pixels from the top left.
struct PlotArea {
    let left: Double
    let top: Double
    let right: Double
    let bottom: Double

    var width: Double { right - left }
    var height: Double { bottom - top }

    func widened(by margin: Double) -> PlotArea {
        PlotArea(left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin)
    }
}
