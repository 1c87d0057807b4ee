// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging

/// A form that signatures are written on. Its shape, thickness and tone are drawn by chance, once: a form is printed
/// alike again and again, while no two signatures lie on it at the same place.
struct PrintedForm: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case plain
        case baseLine = "base line"
        case thinFrame = "thin frame"
        case frame
        case largeFrame = "large frame"
        case dotted
        case stamp
    }

    let kind: Kind
    /// The frame's height and the thickness of lines, as shares of the form's width.
    private let aspect: Double
    private let thickness: Double
    /// How far dots are apart, in thicknesses.
    private let spacing: Double
    private let radius: Double
    private let tone: RGB

    init(_ kind: Kind, using generator: inout some RandomNumberGenerator) {
        func random(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &generator) }
        self.kind = kind
        aspect = random(0.25...0.5)
        thickness =
            switch kind {
            case .thinFrame: random(0.0015...0.003)
            case .frame, .largeFrame: random(0.004...0.009)
            default: random(0.002...0.005)
            }
        spacing = random(2...4)
        radius = random(0.12...0.2)
        let isBlue = Bool.random(using: &generator)
        tone =
            kind == .stamp
            ? isBlue ? RGB(red: 60, green: 70, blue: 170) : RGB(red: 190, green: 50, blue: 60)
            : RGB(level: random(0...70))
    }

    /// A picture of a signature, with what is known of it.
    struct Signature: Sendable {
        let picture: RGBImage
        let ink: Rectangle
        let paper: RGB

        init(_ picture: RGBImage) {
            self.picture = picture
            paper = PrintedForm.paper(of: picture)
            ink = PrintedForm.inkBox(of: picture, paper: paper)
        }
    }

    /// The picture of a signature on this form, at the form's size for which the signature's ink fills a part of it,
    /// drawn by chance; its place and a small turn of the form are, too.
    func drawn(on signature: Signature, using generator: inout some RandomNumberGenerator) -> RGBImage {
        marked(signature.picture, signature, using: &generator)
    }

    /// The form alone, on paper of the size and tone of a picture's.
    func empty(like signature: Signature, using generator: inout some RandomNumberGenerator) -> RGBImage {
        let picture = signature.picture
        return marked(
            RGBImage(width: picture.width, height: picture.height, repeating: signature.paper), signature,
            using: &generator)
    }

    private func marked(
        _ picture: RGBImage, _ signature: Signature, using generator: inout some RandomNumberGenerator
    ) -> RGBImage {
        guard kind != .plain else { return picture }
        let ink = signature.ink
        func random(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &generator) }
        let fill = kind == .largeFrame ? random(0.25...0.5) : random(0.55...0.97)
        let isFrame = [.thinFrame, .frame, .largeFrame].contains(kind)
        let width = max(ink.width, isFrame ? ink.height / aspect : 2 * ink.height) / fill, height = aspect * width
        let turn = random(-0.02...0.02)
        /// A point of the form, turned about the ink's centre.
        func turned(_ x: Double, _ y: Double) -> Point {
            let x = x - ink.center.x, y = y - ink.center.y
            return Point(
                x: ink.center.x + x * cos(turn) - y * sin(turn), y: ink.center.y + x * sin(turn) + y * cos(turn))
        }
        let left = ink.left - random(0...1) * (width - ink.width), stroke = max(1, thickness * width)
        var marks: [Mark] = []
        switch kind {
        case .plain:
            break
        case .baseLine, .dotted:
            let y = ink.top + random(0.55...0.95) * ink.height, isDotted = kind == .dotted
            marks = [
                Mark(
                    from: turned(left, y), to: turned(left + width, y), width: isDotted ? 1.5 * stroke : stroke,
                    dots: isDotted ? max(4, 1.5 * spacing * stroke) : nil, tone: tone)
            ]
        case .thinFrame, .frame, .largeFrame:
            let top = ink.top - random(0...1) * (height - ink.height)
            let corners = [
                turned(left, top), turned(left + width, top), turned(left + width, top + height),
                turned(left, top + height),
            ]
            marks = corners.indices.map {
                Mark(from: corners[$0], to: corners[($0 + 1) % 4], width: stroke, dots: nil, tone: tone)
            }
        case .stamp:
            let center = Point(x: ink.left + random(0.1...0.9) * ink.width, y: ink.top + random(0.1...0.9) * ink.height)
            marks = Self.stamp(at: center, radius: radius * width, turn: random(-0.5...0.5), color: tone)
        }
        return Self.draw(marks, on: picture, paper: signature.paper)
    }

    /// Two rings with strokes between, as of letters, and a line in the middle.
    private static func stamp(at center: Point, radius: Double, turn: Double, color: RGB) -> [Mark] {
        func point(_ angle: Double, _ share: Double) -> Point {
            Point(x: center.x + share * radius * cos(angle + turn), y: center.y + share * radius * sin(angle + turn))
        }
        func mark(_ a: Point, _ b: Point, _ share: Double) -> Mark {
            Mark(from: a, to: b, width: max(1, share * radius), dots: nil, tone: color)
        }
        let steps = 72
        let rings = (0..<steps).flatMap { step in
            let from = 2 * Double.pi * Double(step) / Double(steps),
                to = 2 * Double.pi * Double(step + 1) / Double(steps)
            return [mark(point(from, 1), point(to, 1), 0.035), mark(point(from, 0.65), point(to, 0.65), 0.02)]
        }
        let letters = (0..<24).flatMap { letter in
            let angle = 2 * Double.pi * Double(letter) / 24
            return [
                mark(point(angle, 0.73), point(angle, 0.92), 0.03),
                mark(point(angle, 0.92), point(angle + 0.12, letter % 3 == 0 ? 0.73 : 0.9), 0.03),
            ]
        }
        return rings + letters + [mark(point(.pi, 0.5), point(0, 0.5), 0.04)]
    }

    /// A straight stroke of print, or dots along one.
    private struct Mark {
        let from: Point
        let to: Point
        let width: Double
        /// How far the middles of dots are apart; nil for a whole line.
        let dots: Double?
        let tone: RGB

        /// How much of a pixel it covers.
        func coverage(_ x: Double, _ y: Double) -> Double {
            let dx = to.x - from.x, dy = to.y - from.y, length = max(1e-9, (dx * dx + dy * dy).squareRoot())
            let along = ((x - from.x) * dx + (y - from.y) * dy) / length
            let across = abs((x - from.x) * dy - (y - from.y) * dx) / length
            if let dots {
                let nearest = min(max((along / dots).rounded(), 0), (length / dots).rounded(.down)) * dots
                let distance = ((along - nearest) * (along - nearest) + across * across).squareRoot()
                return min(max(width / 2 + 0.5 - distance, 0), 1)
            }
            let beyond = max(-along, along - length) - width / 2
            return min(max(width / 2 + 0.5 - across, 0), 1) * min(max(0.5 - beyond, 0), 1)
        }
    }

    /// The picture with marks on it, on more of its paper where they need it.
    private static func draw(_ marks: [Mark], on picture: RGBImage, paper: RGB) -> RGBImage {
        let points = marks.flatMap { [$0.from, $0.to] }
        let border = 0.02 * Double(max(picture.width, picture.height)) + 4
        func beyond(_ overhangs: [Double]) -> Int { Int(max(0, (overhangs.max() ?? -border) + border).rounded(.up)) }
        let sides = beyond(points.flatMap { [-$0.x, $0.x - Double(picture.width)] })
        let ends = beyond(points.flatMap { [-$0.y, $0.y - Double(picture.height)] })
        var page = RGBImage(width: picture.width + 2 * sides, height: picture.height + 2 * ends, repeating: paper)
        for y in 0..<picture.height {
            let start = (y + ends) * page.width + sides, row = y * picture.width
            page.pixels.replaceSubrange(start..<start + picture.width, with: picture.pixels[row..<row + picture.width])
        }
        for mark in marks {
            let reach = mark.width + 2
            // The page is large enough for all marks.
            let columns =
                max(
                    0, Int(min(mark.from.x, mark.to.x) - reach) + sides)...min(
                    page.width - 1, Int(max(mark.from.x, mark.to.x) + reach) + sides)
            let rows =
                max(
                    0, Int(min(mark.from.y, mark.to.y) - reach) + ends)...min(
                    page.height - 1, Int(max(mark.from.y, mark.to.y) + reach) + ends)
            for y in rows {
                for x in columns {
                    let share = mark.coverage(Double(x - sides) + 0.5, Double(y - ends) + 0.5)
                    if share > 0 { page[x, y] = page[x, y].printed(over: mark.tone, share) }
                }
            }
        }
        return page
    }

    private static func paper(of picture: RGBImage) -> RGB {
        var histogram = Array(repeating: 0, count: 256)
        for pixel in picture.pixels { histogram[Int(pixel.luma)] += 1 }
        let level = histogram.indices.max { histogram[$0] < histogram[$1] } ?? 255
        return RGB(level: Double(level))
    }

    /// The box of what is much darker than the paper, less a two-hundredth of it at each side: specks are no signature.
    private static func inkBox(of picture: RGBImage, paper: RGB) -> Rectangle {
        let level = Int(paper.luma) - 60
        var columns: [Int] = [], rows: [Int] = []
        for (index, pixel) in picture.pixels.enumerated() where Int(pixel.luma) < level {
            columns.append(index % picture.width)
            rows.append(index / picture.width)
        }
        guard columns.count > 200 else {
            return Rectangle(left: 0, top: 0, width: Double(picture.width), height: Double(picture.height))
        }
        columns.sort()
        let spare = columns.count / 200, last = columns.count - 1 - spare
        return Rectangle(
            left: Double(columns[spare]), top: Double(rows[spare]), width: Double(columns[last] - columns[spare] + 1),
            height: Double(rows[last] - rows[spare] + 1))
    }
}

extension RGB {
    fileprivate init(level: Double) {
        let level = UInt8(min(max(level, 0), 255))
        self.init(red: level, green: level, blue: level)
    }

    /// This paper or ink under print that covers a share of it: the darker of both in each channel.
    fileprivate func printed(over tone: RGB, _ share: Double) -> RGB {
        func mixed(_ own: UInt8, _ print: UInt8) -> UInt8 {
            let darker = Double(min(own, print))
            return UInt8(Double(own) + (darker - Double(own)) * share)
        }
        return RGB(red: mixed(red, tone.red), green: mixed(green, tone.green), blue: mixed(blue, tone.blue))
    }
}
