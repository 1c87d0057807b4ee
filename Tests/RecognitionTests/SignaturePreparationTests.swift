// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging
import ProgramHarness
import Recognition
import Testing

@Suite struct SignaturePreparationTests {
    private static let preparation = SignaturePreparation(width: 96, height: 64)

    private func canvas(_ picture: RGBImage, _ preparation: SignaturePreparation = preparation) throws -> GrayImage {
        let (image, measurements) = try preparation.prepare(picture)
        #expect(measurements.allSatisfy { $0.isAcceptable }, "\(measurements)")
        return image
    }

    /// How alike two canvases are: the correlation of their levels.
    private func likeness(_ a: GrayImage, _ b: GrayImage) -> Double {
        let x = a.pixels.map(Double.init), y = b.pixels.map(Double.init)
        let meanX = x.reduce(0, +) / Double(x.count), meanY = y.reduce(0, +) / Double(y.count)
        var xx = 0.0, yy = 0.0, xy = 0.0
        for (x, y) in zip(x, y) {
            xx += (x - meanX) * (x - meanX)
            yy += (y - meanY) * (y - meanY)
            xy += (x - meanX) * (y - meanY)
        }
        return xy / (xx * yy).squareRoot()
    }

    private func brightness(_ image: GrayImage) -> Double {
        image.pixels.reduce(0) { $0 + Double($1) } / Double(image.pixels.count)
    }

    /// The ink of `b` is where that of `a` is, and as bright.
    private func expectSame(
        _ a: GrayImage, _ b: GrayImage, likeness least: Double = 0.97, _ what: Comment,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(likeness(a, b) > least, what, sourceLocation: sourceLocation)
        #expect(abs(brightness(a) / brightness(b) - 1) < 0.1, what, sourceLocation: sourceLocation)
    }

    @Test func inkIsBrightOnExactlyBlackAndKeepsItsMargin() throws {
        for ink in SignaturePreparation.Ink.allCases {
            let image = try canvas(SignatureDrawing().picture(), SignaturePreparation(width: 96, height: 64, ink: ink))
            #expect(image.width == 96 && image.height == 64)
            #expect(image.pixels.count { $0 == 0 } > 96 * 64 / 2)
            #expect(image.pixels.max() == 255)
            for x in 0..<96 { #expect(image[x, 0] == 0 && image[x, 63] == 0) }
            for y in 0..<64 { #expect(image[0, y] == 0 && image[95, y] == 0) }
        }
    }

    @Test func theCenterOfMassIsTheCanvassCenter() throws {
        let image = try canvas(SignatureDrawing().picture(), SignaturePreparation(width: 96, height: 64, ink: .binary))
        var sum = 0.0, x = 0.0, y = 0.0
        for (index, level) in image.pixels.enumerated() {
            sum += Double(level)
            x += Double(level) * (Double(index % 96) + 0.5)
            y += Double(level) * (Double(index / 96) + 0.5)
        }
        #expect(abs(x / sum - 48) < 0.5 && abs(y / sum - 32) < 0.5)
    }

    @Test func theRatioOfHeightAndWidthIsKept() throws {
        let square = RGBImage(
            width: 200, height: 120,
            pixels: (0..<200 * 120).map { index in
                let isInk = (70..<110).contains(index % 200) && (40..<80).contains(index / 200)
                return RGB(red: isInk ? 0 : 255, green: isInk ? 0 : 255, blue: isInk ? 0 : 255)
            })
        let image = try canvas(square, SignaturePreparation(width: 96, height: 64, limits: QualityLimits()))
        let columns = (0..<96).count { x in (0..<64).contains { image[x, $0] > 127 } }
        let rows = (0..<64).count { y in (0..<96).contains { image[$0, y] > 127 } }
        #expect(abs(columns - rows) <= 1)
        // The shorter side decides, less the margins.
        #expect(abs(rows - 59) <= 1)
    }

    @Test func placeOnThePaperLeavesNothingBehind() throws {
        let reference = try canvas(SignatureDrawing().picture())
        for (left, top) in [(10.0, 5.0), (70, 50), (33.4, 21.7)] {
            expectSame(
                reference, try canvas(SignatureDrawing(left: left, top: top).picture()), likeness: 0.99,
                "at \(left), \(top)")
        }
        expectSame(
            reference, try canvas(SignatureDrawing(left: 150, top: 150, width: 600, height: 400).picture()),
            likeness: 0.98,
            "on a larger sheet")
    }

    @Test func resolutionLeavesNothingBehind() throws {
        let reference = try canvas(SignatureDrawing().picture())
        for scale in [0.5, 0.75, 2] {
            expectSame(
                reference, try canvas(SignatureDrawing(scale: scale).picture()), likeness: 0.95, "scale \(scale)")
        }
    }

    @Test func paperAndPenLeaveNothingBehind() throws {
        let reference = try canvas(SignatureDrawing().picture())
        let yellow = RGB(red: 240, green: 220, blue: 150), gray = RGB(red: 150, green: 150, blue: 150)
        expectSame(reference, try canvas(SignatureDrawing().picture(paper: yellow)), likeness: 0.995, "yellow paper")
        expectSame(reference, try canvas(SignatureDrawing().picture(paper: gray)), likeness: 0.995, "grey paper")
        for pen in [0.0, 0.4, 0.7] {
            expectSame(
                reference, try canvas(SignatureDrawing().picture(pen: pen)), likeness: 0.99, "a pen that leaves \(pen)")
        }
        expectSame(reference, try canvas(SignatureDrawing().picture(noise: 6)), "noise")
    }

    @Test func unevenLightLeavesNothingBehind() throws {
        let reference = try canvas(SignatureDrawing().picture())
        let lights: [(Comment, (Double, Double) -> Double)] = [
            ("from one side", { x, _ in 1 - 0.6 * x }),
            (
                "falling off to the corners",
                { x, y in
                    let across = x - 0.5, down = y - 0.5
                    return 1 - 0.9 * (across * across + down * down)
                }
            ),
            (
                "with a soft shadow",
                { x, y in
                    let depth = (x + 0.4 * y - 0.6) / 0.2
                    return 1 - 0.45 * min(max(depth, 0), 1)
                }
            ),
        ]
        for (what, light) in lights {
            expectSame(reference, try canvas(SignatureDrawing().picture(noise: 2, light: light)), what)
        }
    }

    @Test func specksRuledLinesAndTheScansEdgeAreTakenOut() throws {
        let reference = try canvas(SignatureDrawing().picture())
        var specked = SignatureDrawing().picture()
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<60 {
            specked[
                Int.random(in: 0..<specked.width, using: &generator),
                Int.random(in: 0..<specked.height, using: &generator)] = RGB(red: 0, green: 0, blue: 0)
        }
        // Dust in a corner, larger than a speck and far from everything.
        for y in 3..<7 { for x in 328..<333 { specked[x, y] = RGB(red: 0, green: 0, blue: 0) } }
        expectSame(reference, try canvas(specked), "specks")

        var ruled = SignatureDrawing().picture()
        for line in [30, 75, 120, 160] {
            for x in 0..<ruled.width {
                for y in line + x / 60..<line + x / 60 + 2 where y < ruled.height {
                    ruled[x, y] = RGB(red: 90, green: 90, blue: 140)
                }
            }
        }
        expectSame(reference, try canvas(ruled), likeness: 0.93, "ruled lines")

        var edged = SignatureDrawing().picture()
        for y in 0..<edged.height { for x in 0..<6 { edged[x, y] = RGB(red: 20, green: 20, blue: 20) } }
        expectSame(reference, try canvas(edged), "the scan's edge")
    }

    @Test func anUnderlineAndADotAreInk() throws {
        let image = try canvas(SignatureDrawing().picture())
        // The underline is the lowest ink and the dot the rightmost.
        let lowest = try #require((0..<64).last { y in (0..<96).contains { image[$0, y] > 127 } })
        #expect((0..<96).count { image[$0, lowest - 1] > 60 || image[$0, lowest] > 60 } > 5)
        let rightmost = try #require((0..<96).last { x in (0..<64).contains { image[x, $0] > 60 } })
        #expect((0..<64).first { image[rightmost, $0] > 60 }.map { $0 < 20 } == true)
    }

    @Test func blankPaperHasTooLittleInkAndSaysHowMuch() throws {
        for noise in [0.0, 4] {
            let picture =
                noise == 0
                ? RGBImage(width: 300, height: 150, repeating: RGB(red: 240, green: 240, blue: 240)) : grain(noise)
            let (image, measurements) = try Self.preparation.prepare(picture)
            #expect(image.pixels.allSatisfy { $0 == 0 })
            let ink = try #require(measurements.first { $0.quantity == .ink })
            #expect(ink.value < 0.001 && !ink.isAcceptable)
            #expect(QualityDefect(ink)?.description.contains("too little ink") == true)
        }
    }

    private func grain(_ noise: Double) -> RGBImage {
        var generator = SeededGenerator(seed: 1)
        return RGBImage(
            width: 300, height: 150,
            pixels: (0..<300 * 150).map { _ in
                var level = 220.0
                for _ in 0..<4 { level += 0.87 * noise * Double.random(in: -1...1, using: &generator) }
                return RGB(red: UInt8(level), green: UInt8(level), blue: UInt8(level))
            })
    }

    @Test func negativesAndDarkPicturesHaveTooMuchInkAndSayHowMuch() throws {
        let positive = SignatureDrawing().picture()
        func changed(_ change: (UInt8) -> UInt8) -> RGBImage {
            GrayImage(width: positive.width, height: positive.height, pixels: positive.grayscale().pixels.map(change))
                .rgb()
        }
        let pictures: [(String, RGBImage, ClosedRange<Double>)] = [
            ("negative", changed { 255 - $0 }, 0.8...1),
            ("chalk on a grey board", changed { 90 + (255 - $0) / 2 }, 0.8...1),
            ("black", RGBImage(width: 200, height: 100, repeating: RGB(red: 5, green: 5, blue: 5)), 1...1),
            (
                "mostly black",
                RGBImage(
                    width: 200, height: 100,
                    pixels: (0..<20_000).map { index in
                        let level: UInt8 = index % 200 < 60 ? 250 : 10
                        return RGB(red: level, green: level, blue: level)
                    }), 0.5...0.75
            ),
        ]
        for (what, picture, range) in pictures {
            let measurements = try Self.preparation.prepare(picture).measurements
            let ink = try #require(measurements.first { $0.quantity == .ink })
            #expect(range.contains(ink.value), "\(what): \(ink.value)")
            let defect = try #require(QualityDefect(ink), "\(what)")
            #expect(defect.description.contains("dark"), "\(what): \(defect)")
        }
    }

    @Test func aSignatureOfFewPixelsIsTooSmall() throws {
        let measurements = try Self.preparation.prepare(SignatureDrawing(scale: 0.2, stroke: 8).picture()).measurements
        let size = try #require(measurements.first { $0.quantity == .signatureSize })
        #expect(!size.isAcceptable)
        #expect(QualityDefect(size)?.description.contains("too small") == true)
    }

    @Test func theBoxIsMeasuredInPixelsOfThePictureThatWasSent() throws {
        func size(_ scale: Double) throws -> Double {
            let measurements = try Self.preparation.prepare(SignatureDrawing(scale: scale).picture()).measurements
            return try #require(measurements.first { $0.quantity == .signatureSize }).value
        }
        #expect(try abs(size(4) / size(1) - 4) < 0.1)
    }

    @Test(arguments: [(1, 1), (1, 400), (400, 1), (3, 3), (70, 20), (20, 70)])
    func picturesOfAnyShapeArePreparedOrMeasured(width: Int, height: Int) throws {
        for level: UInt8 in [0, 128, 255] {
            let picture = RGBImage(width: width, height: height, repeating: RGB(red: level, green: level, blue: level))
            #expect(try Self.preparation.prepare(picture).image.pixels.count == 96 * 64)
        }
        let (image, measurements) = try Self.preparation.prepare(Fixtures.pattern(width: width, height: height))
        #expect(image.width == 96 && image.height == 64 && !measurements.isEmpty)
        #expect(throws: RecognitionError.imageRejected(.noPixels)) {
            try Self.preparation.prepare(RGBImage(width: 0, height: height, pixels: []))
        }
    }

    @Test func theSamePictureGivesTheSameCanvas() throws {
        let picture = SignatureDrawing().picture(noise: 5)
        #expect(try Self.preparation.prepare(picture).image == Self.preparation.prepare(picture).image)
    }
}
