/// A colour of a plot, each part in 0…1.
public struct PlotColour: Sendable, Hashable {
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

    public static let blue = PlotColour(0x0072B2)
    public static let vermilion = PlotColour(0xD55E00)
    public static let green = PlotColour(0x009E73)
    public static let purple = PlotColour(0xCC79A7)
    public static let orange = PlotColour(0xE69F00)
    public static let sky = PlotColour(0x56B4E9)
    public static let black = PlotColour(0x000000)

    /// Colours that people of every colour vision tell apart (Okabe and Ito 2008), the clearest on white first.
    public static let palette: [PlotColour] = [.blue, .vermilion, .green, .purple, .orange, .sky, .black]

    static let white = PlotColour(0xFFFFFF)
    static let ink = PlotColour(0x222222)
    static let frame = PlotColour(0x666666)
    static let grid = PlotColour(0xDDDDDD)
    static let fineGrid = PlotColour(0xF0F0F0)
}
