// SPDX-License-Identifier: Apache-2.0

/// Why a plot has no picture.
public enum PlottingError: Error, Sendable, Equatable {
    /// A side is not of the lengths that plots have.
    case size(width: Int, height: Int)
    /// The drawing library failed; the text is its own.
    case drawing(String)
}

extension PlottingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .size(let width, let height):
            "a plot cannot have \(width) × \(height) pixels; each side has \(PlotSize.sides.lowerBound) to \(PlotSize.sides.upperBound)"
        case .drawing(let text):
            "the plot cannot be drawn: \(text)"
        }
    }
}
