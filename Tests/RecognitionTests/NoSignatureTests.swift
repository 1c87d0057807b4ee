// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Imaging
import ProgramHarness
import Recognition
import Testing

/// What is no signature is refused by a measure, which says why; a page with one signature is not.
@Suite struct NoSignatureTests {
    private static let preparation = SignaturePreparation(width: 160, height: 64)

    private func defects(_ picture: RGBImage) throws -> [QualityDefect] {
        try Self.preparation.prepare(picture).measurements.compactMap(QualityDefect.init)
    }

    @Test func `a photograph of something else has half tones`() throws {
        let width = 250, height = 250
        let picture = GrayImage(
            width: width, height: height,
            pixels: (0..<width * height).map { index in
                let x = Double(index % width) / 40, y = Double(index / width) / 40
                return UInt8(150 + 50 * sin(x + 2 * sin(y)) + 45 * sin(1.7 * y + x))
            }
        ).rgb()
        let found = try defects(picture)
        #expect(found.contains { if case .tooManyHalfTones = $0 { true } else { false } }, "\(found)")
        #expect(found.contains { $0.description.contains("neither paper nor ink") })
    }

    @Test func `a page of print has too many pieces`() throws {
        var generator = SeededGenerator(seed: 2)
        var page = FormDrawing(width: 900, height: 600)
        for row in 0..<14 {
            var x = 60.0
            while x < 820 {
                let y = 60 + 36 * Double(row), width = Double.random(in: 8...14, using: &generator)
                page.line((x, y), (x + width, y + 16), width: 2.5)
                if Bool.random(using: &generator) { page.line((x, y + 16), (x + width, y + 4), width: 2.5) }
                x += width + (Int.random(in: 0..<6, using: &generator) == 0 ? 18 : 6)
            }
        }
        let found = try defects(page.picture)
        #expect(found.contains { if case .tooManyPieces = $0 { true } else { false } }, "\(found)")
        #expect(found.contains { $0.description.contains("as print does") })
    }

    @Test func `two signatures on a page are two, and the refusal says so`() throws {
        let signature = SignatureDrawing().picture()
        for (x, y) in [(860, 60), (60, 420), (860, 420)] {
            var page = FormDrawing(width: 1300, height: 700)
            page.paste(signature, x: 60, y: 60)
            page.paste(signature, x: x, y: y)
            let found = try defects(page.picture)
            #expect(found.contains { $0.description.contains("shows 2 signatures") }, "at \(x), \(y): \(found)")
        }
    }

    @Test func `one signature on a large page is found and seen as finely as alone`() throws {
        let drawing = SignatureDrawing(scale: 2.5), signature = drawing.picture()
        var page = FormDrawing(width: 4960, height: 3508)
        page.paste(signature, x: 3100, y: 2500)
        let alone = try Self.preparation.prepare(signature), found = try Self.preparation.prepare(page.picture)
        #expect(found.measurements.allSatisfy { $0.isAcceptable }, "\(found.measurements)")
        let difference = zip(alone.image.pixels, found.image.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        #expect(difference < alone.image.pixels.reduce(0) { $0 + Int($1) } / 20)
        func size(_ measurements: [QualityMeasurement]) -> Double {
            measurements.first { $0.quantity == .signatureSize }?.value ?? 0
        }
        #expect(abs(size(found.measurements) - size(alone.measurements)) <= 3)
    }

    @Test(.enabled(if: TestEnvironment.faces != nil, "LIKENESS_SHARED names nothing that is there"))
    func `photographs of faces are no signatures`() throws {
        var accepted: [String] = []
        for person in stride(from: 1, through: 40, by: 3) {
            for image in [1, 6] {
                let found = try Self.preparation.prepare(TestEnvironment.face(person, image)).measurements
                if found.allSatisfy(\.isAcceptable) { accepted.append("\(person)/\(image)") }
            }
        }
        #expect(accepted.isEmpty, "\(accepted)")
    }
}
