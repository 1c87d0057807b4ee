// SPDX-License-Identifier: Apache-2.0

/// A colour of a plot, each part in 0…1.
public struct PlotColor: Sendable, Hashable {
    public let red: Double
    public let green: Double
    public let blue: Double

    public init(red: Double, green: Double, blue: Double) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    private init(_ hexadecimal: UInt32) {
        self.init(
            red: Double(hexadecimal >> 16 & 0xFF) / 255, green: Double(hexadecimal >> 8 & 0xFF) / 255,
            blue: Double(hexadecimal & 0xFF) / 255)
    }

    public static let blue = PlotColor(0x0072B2)
    public static let vermilion = PlotColor(0xD55E00)
    public static let green = PlotColor(0x009E73)
    public static let purple = PlotColor(0xCC79A7)
    public static let orange = PlotColor(0xE69F00)
    public static let sky = PlotColor(0x56B4E9)
    public static let black = PlotColor(0x000000)

    /// Colours that people of every colour vision tell apart (Okabe and Ito 2008), the clearest on white first.
    public static let palette: [PlotColor] = [.blue, .vermilion, .green, .purple, .orange, .sky, .black]

    static let white = PlotColor(0xFFFFFF)
    static let ink = PlotColor(0x222222)
    static let frame = PlotColor(0x666666)
    static let grid = PlotColor(0xDDDDDD)
    static let fineGrid = PlotColor(0xF0F0F0)
}
