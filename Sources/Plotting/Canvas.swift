// SPDX-License-Identifier: Apache-2.0

import CCairo

/// What a plot is drawn on: one set of operations, whether the result is pixels or vectors.
///
/// Coordinates are pixels from the top left. After a failure cairo ignores what is drawn; the failure is thrown
/// when the file is made.
final class Canvas {
    enum Anchor: Double {
        case start = 0
        case middle = 0.5
        case end = 1
    }

    let width: Double
    let height: Double
    private let context: OpaquePointer

    private init(surface: OpaquePointer, width: Int, height: Int) {
        self.width = Double(width)
        self.height = Double(height)
        context = cairo_create(surface)
        cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL)
    }

    deinit {
        cairo_destroy(context)
    }

    /// The PNG file of what `draw` draws.
    static func png(width: Int, height: Int, _ draw: (Canvas) -> Void) throws(PlottingError) -> [UInt8] {
        guard let file = likeness_cairo_file_open() else { throw noMemory }
        defer { likeness_cairo_file_close(file) }
        guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)) else {
            throw noMemory
        }
        defer { cairo_surface_destroy(surface) }
        try Canvas(surface: surface, width: width, height: height).run(draw)
        try check(likeness_cairo_write_png(surface, file))
        return Array(UnsafeBufferPointer(start: file.pointee.bytes, count: file.pointee.count))
    }

    /// The SVG file of what `draw` draws; letters are outlines, so that it looks the same without the font.
    static func svg(width: Int, height: Int, _ draw: (Canvas) -> Void) throws(PlottingError) -> [UInt8] {
        guard let file = likeness_cairo_file_open() else { throw noMemory }
        defer { likeness_cairo_file_close(file) }
        guard let surface = likeness_cairo_svg_surface(file, Double(width), Double(height)) else { throw noMemory }
        defer { cairo_surface_destroy(surface) }
        try Canvas(surface: surface, width: width, height: height).run(draw)
        cairo_surface_finish(surface)
        try check(cairo_surface_status(surface))
        return Array(UnsafeBufferPointer(start: file.pointee.bytes, count: file.pointee.count))
    }

    private static var noMemory: PlottingError { .drawing("there is no memory") }

    private func run(_ draw: (Canvas) -> Void) throws(PlottingError) {
        draw(self)
        try Self.check(cairo_status(context))
    }

    private static func check(_ status: cairo_status_t) throws(PlottingError) {
        guard status == CAIRO_STATUS_SUCCESS else { throw .drawing(String(cString: cairo_status_to_string(status))) }
    }

    func setColor(_ color: PlotColor, opacity: Double = 1) {
        cairo_set_source_rgba(context, color.red, color.green, color.blue, opacity)
    }

    func setLine(width: Double, dashes: [Double] = []) {
        cairo_set_line_width(context, width)
        cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
        cairo_set_dash(context, dashes, Int32(dashes.count), 0)
    }

    func stroke(_ points: [PlotPoint]) {
        path(points)
        cairo_stroke(context)
    }

    func fill(_ points: [PlotPoint]) {
        path(points)
        cairo_close_path(context)
        cairo_fill(context)
    }

    func fill(_ area: PlotArea) {
        cairo_rectangle(context, area.left, area.top, area.width, area.height)
        cairo_fill(context)
    }

    func stroke(_ area: PlotArea) {
        cairo_rectangle(context, area.left, area.top, area.width, area.height)
        cairo_stroke(context)
    }

    func disc(at center: PlotPoint, radius: Double) {
        cairo_new_path(context)
        cairo_arc(context, center.x, center.y, radius, 0, 2 * Double.pi)
        cairo_fill(context)
    }

    /// Restricts what `draw` draws to an area.
    func clipped(to area: PlotArea, _ draw: () -> Void) {
        cairo_save(context)
        cairo_rectangle(context, area.left, area.top, area.width, area.height)
        cairo_clip(context)
        draw()
        cairo_restore(context)
    }

    /// - Parameters:
    ///   - point: where the text's anchor is, at half the height of its capitals.
    ///   - upwards: turns the text to be read from below to above.
    func text(
        _ text: String, at point: PlotPoint, size: Double, anchor: Anchor, isBold: Bool = false, upwards: Bool = false
    ) {
        let text = Self.drawable(text)
        selectFont(size: size, isBold: isBold)
        cairo_save(context)
        cairo_translate(context, point.x, point.y)
        if upwards { cairo_rotate(context, -Double.pi / 2) }
        // Capitals of the font are about 0.73 of its size high.
        cairo_move_to(context, -anchor.rawValue * advance(text), 0.365 * size)
        cairo_show_text(context, text)
        cairo_restore(context)
        cairo_new_path(context)
    }

    /// The width of a text.
    func width(of text: String, size: Double, isBold: Bool = false) -> Double {
        selectFont(size: size, isBold: isBold)
        return advance(Self.drawable(text))
    }

    /// The text, cut with an ellipsis where it is wider than there is room.
    func fitted(_ text: String, width room: Double, size: Double, isBold: Bool = false) -> String {
        let text = Self.drawable(text)
        guard width(of: text, size: size, isBold: isBold) > room else { return text }
        var low = 0, high = text.count
        while low < high {
            let middle = (low + high + 1) / 2
            if width(of: text.prefix(middle) + "…", size: size, isBold: isBold) <= room {
                low = middle
            } else {
                high = middle - 1
            }
        }
        return text.prefix(low) + "…"
    }

    private func path(_ points: [PlotPoint]) {
        cairo_new_path(context)
        for (index, point) in points.enumerated() {
            if index == 0 { cairo_move_to(context, point.x, point.y) } else { cairo_line_to(context, point.x, point.y) }
        }
    }

    private func selectFont(size: Double, isBold: Bool) {
        cairo_select_font_face(
            context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
        cairo_set_font_size(context, size)
    }

    private func advance(_ text: String) -> Double {
        var extents = cairo_text_extents_t()
        cairo_text_extents(context, text, &extents)
        return extents.x_advance
    }

    /// One line of bounded length, without what is no letter: a name may come from a file.
    private static func drawable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(500).map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .lineSeparator, .paragraphSeparator, .format, .unassigned: " "
                    default: scalar
                    }
                }))
    }
}
