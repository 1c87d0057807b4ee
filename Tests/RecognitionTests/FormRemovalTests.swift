// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Imaging
import ProgramHarness
import Recognition
import Testing

/// What a form printed is taken out, and the signature on it stays as it is.
@Suite struct FormRemovalTests {
    private static let preparation = SignaturePreparation(width: 160, height: 64)
    /// 680 × 340 pixels; the ink is between 20 and 250 units across and 8 to 110 down.
    private static let drawing = SignatureDrawing(scale: 2, left: 60, top: 40, width: 420, height: 240)

    private func form(_ draw: (inout FormDrawing) -> Void) -> RGBImage {
        var form = FormDrawing(on: Self.drawing.picture())
        draw(&form)
        return form.picture
    }

    private func likeness(_ a: GrayImage, _ b: GrayImage) -> Double {
        var xx = 0.0, yy = 0.0, xy = 0.0
        for (x, y) in zip(a.pixels, b.pixels) {
            xx += Double(x) * Double(x)
            yy += Double(y) * Double(y)
            xy += Double(x) * Double(y)
        }
        return xy / max(1, (xx * yy).squareRoot())
    }

    private func value(
        _ quantity: QualityMeasurement.Quantity, _ measurements: [QualityMeasurement]
    ) throws -> Double {
        try #require(measurements.first { $0.quantity == quantity }).value
    }

    /// The canvas is that of the signature without the form, and the form was measured.
    private func expectSignature(
        _ picture: RGBImage, likeness least: Double = 0.97, _ what: Comment,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let reference = try Self.preparation.prepare(Self.drawing.picture()).image
        let (canvas, measurements) = try Self.preparation.prepare(picture)
        #expect(measurements.allSatisfy { $0.isAcceptable }, "\(what): \(measurements)", sourceLocation: sourceLocation)
        let found = likeness(canvas, reference)
        #expect(found > least, "\(what): \(found)", sourceLocation: sourceLocation)
        #expect(try value(.formLines, measurements) > 0.03, what, sourceLocation: sourceLocation)
    }

    @Test(arguments: [1.5, 3, 8])
    func `a signature in a frame is the signature alone`(width: Double) throws {
        for turn in [0, 0.02, -0.05] {
            try expectSignature(
                form { $0.box(left: 130, top: 50, right: 700, bottom: 400, width: width, turn: turn) },
                "turned by \(turn)")
        }
        try expectSignature(form { $0.box(left: 20, top: 20, right: 820, bottom: 460, width: width) }, "a large frame")
        try expectSignature(
            form { $0.box(left: 140, top: 110, right: 630, bottom: 282, width: width) }, likeness: 0.9,
            "a frame that the ink crosses")
    }

    @Test func `frames that are open, double or drawn beyond the picture are taken out`() throws {
        try expectSignature(
            form {
                $0.line((120, 50), (120, 400), width: 3)
                $0.line((120, 400), (720, 400), width: 3)
            }, "two sides")
        try expectSignature(
            form {
                $0.box(left: 110, top: 40, right: 720, bottom: 420, width: 2)
                $0.box(left: 118, top: 48, right: 712, bottom: 412, width: 2)
            }, "double")
        try expectSignature(
            form { $0.box(left: 110, top: 40, right: 900, bottom: 600, width: 3) }, "beyond the picture")
    }

    @Test func `rounded frames and the cells of a table are taken out`() throws {
        try expectSignature(
            form { form in
                let (left, top, right, bottom, radius) = (110.0, 40.0, 720.0, 420.0, 24.0)
                form.line((left + radius, top), (right - radius, top), width: 3)
                form.line((left + radius, bottom), (right - radius, bottom), width: 3)
                form.line((left, top + radius), (left, bottom - radius), width: 3)
                form.line((right, top + radius), (right, bottom - radius), width: 3)
                for (x, y, start) in [(left, top, 180.0), (right, top, 270), (right, bottom, 0), (left, bottom, 90)] {
                    let middle = (x + (x == left ? radius : -radius), y + (y == top ? radius : -radius))
                    func point(_ step: Int) -> (Double, Double) {
                        let angle = (start + 10 * Double(step)) * .pi / 180
                        return (middle.0 + radius * cos(angle), middle.1 + radius * sin(angle))
                    }
                    for step in 0..<9 { form.line(point(step), point(step + 1), width: 3) }
                }
            }, "rounded")
        try expectSignature(
            form { form in
                for y in [60.0, 150, 240, 330] { form.line((60, y), (800, y), width: 2) }
                for x in [60.0, 300, 540, 800] { form.line((x, 60), (x, 330), width: 2) }
            }, "a table")
    }

    @Test func `noise, shade and two levels hide no form`() throws {
        let picture = form { $0.box(left: 110, top: 40, right: 720, bottom: 420, width: 3, turn: 0.01) }
        var generator = SeededGenerator(seed: 4)
        func changed(_ change: (Double, Int) -> Double) -> RGBImage {
            GrayImage(
                width: picture.width, height: picture.height,
                pixels: picture.pixels.enumerated().map { index, pixel in
                    UInt8(min(max(change(Double(pixel.red), index % picture.width), 0), 255))
                }
            ).rgb()
        }
        try expectSignature(
            changed { level, _ in 0.9 * level + Double.random(in: -10...10, using: &generator) }, "noise")
        try expectSignature(changed { level, x in level * (1 - Double(x) / 1700) }, "shade")
        try expectSignature(changed { level, _ in level > 128 ? 255 : 0 }, "two levels")
    }

    @Test(arguments: [1.5, 3, 5])
    func `a base line is taken out and the strokes that cross it stay whole`(width: Double) throws {
        for slope in [0, 0.03] {
            try expectSignature(form { $0.line((90, 200), (760, 200 + 670 * slope), width: width) }, "slope \(slope)")
        }
        // The last stroke ends on this one, so that some of it is lost.
        try expectSignature(form { $0.line((90, 250), (760, 250), width: width) }, likeness: 0.8, "below the loops")
    }

    @Test func `leaders of dots and of dashes are taken out`() throws {
        try expectSignature(form { $0.line((90, 200), (760, 200), width: 3, period: 9, drawn: 3) }, "dots")
        try expectSignature(form { $0.line((90, 200), (760, 206), width: 2, period: 24, drawn: 14) }, "dashes")
    }

    @Test func `a cross before the base line is taken out with it`() throws {
        try expectSignature(
            form {
                $0.line((90, 250), (760, 250), width: 3)
                $0.line((50, 215), (80, 247), width: 3)
                $0.line((80, 215), (50, 247), width: 3)
            }, likeness: 0.95, "a cross")
    }

    @Test func `a line of print below the base line is taken out with it`() throws {
        try expectSignature(
            form {
                $0.line((90, 262), (760, 262), width: 3)
                for letter in 0..<14 {
                    let x = 140 + 18 * Double(letter)
                    $0.line((x, 308), (x + 10, 324), width: 2.5)
                    if letter % 3 != 0 { $0.line((x + 10, 308), (x + 9, 324), width: 2.5) }
                }
            }, "a label")
    }

    @Test func `the circles of a stamp and the letters between them are taken out`() throws {
        let stamped = form { form in
            func point(_ step: Int, _ radius: Double) -> (Double, Double) {
                let angle = 2 * Double.pi * Double(step) / 90
                return (560 + radius * cos(angle), 210 + radius * sin(angle))
            }
            for step in 0..<90 {
                form.line(point(step, 120), point(step + 1, 120), width: 5)
                form.line(point(step, 80), point(step + 1, 80), width: 3)
                if step % 4 == 0 { form.line(point(step, 90), point(step, 110), width: 4) }
            }
        }
        // Letters that a stroke touches stay.
        try expectSignature(stamped, likeness: 0.8, "a stamp")
    }

    @Test func `the print's darkness does not decide which darkness is ink`() throws {
        var form = FormDrawing(on: Self.drawing.picture(pen: 0.6))
        form.level = 0
        form.box(left: 60, top: 30, right: 800, bottom: 460, width: 8)
        let reference = try Self.preparation.prepare(Self.drawing.picture(pen: 0.6)).image
        let found = try Self.preparation.prepare(form.picture).image
        #expect(likeness(found, reference) > 0.97)
    }

    @Test func `an empty form is no signature`() throws {
        let forms: [(Comment, (inout FormDrawing) -> Void)] = [
            ("frame", { $0.box(left: 60, top: 40, right: 740, bottom: 300, width: 3) }),
            ("thin frame, turned", { $0.box(left: 60, top: 40, right: 740, bottom: 300, width: 1.5, turn: 0.02) }),
            ("thick frame", { $0.box(left: 60, top: 40, right: 740, bottom: 300, width: 9, turn: -0.02) }),
            ("line", { $0.line((80, 200), (700, 206), width: 2) }),
            ("dots", { $0.line((80, 200), (700, 200), width: 3, period: 9, drawn: 3) }),
            (
                "cross and line",
                {
                    $0.line((90, 250), (700, 250), width: 3)
                    $0.line((50, 215), (80, 247), width: 3)
                    $0.line((80, 215), (50, 247), width: 3)
                }
            ),
        ]
        for (what, draw) in forms {
            var form = FormDrawing(width: 800, height: 340)
            draw(&form)
            let (canvas, measurements) = try Self.preparation.prepare(form.picture)
            #expect(canvas.pixels.allSatisfy { $0 == 0 }, what)
            #expect(measurements.contains { !$0.isAcceptable }, "\(what): \(measurements)")
        }
    }

    @Test func `the refusal of a form says what it is`() throws {
        let measurement = QualityMeasurement(.formLines, 0.98, maximum: QualityLimits.signature.maximumFormLines)
        let defect = try #require(QualityDefect(measurement))
        #expect(
            defect.description
                == "there is hardly anything but the lines of a form: 98 % of the ink, and at most 95 % is allowed; send the part of the picture with the signature"
        )
    }

    @Test func `without a form nothing was printed`() throws {
        for scale in [1.0, 2, 3] {
            var drawing = Self.drawing
            drawing.scale = scale
            let measurements = try Self.preparation.prepare(drawing.picture()).measurements
            #expect(try value(.formLines, measurements) == 0)
        }
    }

    /// As much work as a picture can ask for: lines, pieces and noise everywhere.
    @Test(.enabled(if: TestEnvironment.isOptimized)) func `hostile pictures take bounded time`() throws {
        let side = 1024
        var generator = SeededGenerator(seed: 5)
        let noise = (0..<side * side).map { _ in Bool.random(using: &generator) }
        let pictures: [(Comment, (Int, Int) -> Bool)] = [
            ("noise", { noise[$1 * side + $0] }),
            ("a grid", { $0 % 8 < 2 || $1 % 8 < 2 }),
            ("rows", { $1 % 3 == 0 && $0 > 0 }),
            ("dots", { $0 % 2 == 0 && $1 % 2 == 0 }),
            ("slanting rows", { (20 * $1 + $0) % 80 < 20 }),
            ("boxes", { $0 % 64 % 60 < 2 || $1 % 64 % 60 < 2 }),
        ]
        for (what, isInk) in pictures {
            let picture = RGBImage(
                width: side, height: side,
                pixels: (0..<side * side).map { index in
                    let level: UInt8 = isInk(index % side, index / side) ? 0 : 255
                    return RGB(red: level, green: level, blue: level)
                })
            let time = try ContinuousClock().measure { _ = try Self.preparation.prepare(picture) }
            #expect(time < .seconds(3), what)
        }
    }
}
