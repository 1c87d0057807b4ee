// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging
import ProgramHarness
import Recognition
import Testing

@Suite struct TransparentInkTests {
    private let preparation = SignaturePreparation(width: 96, height: 64)

    /// The drawn signature as a PNG file: ink of one grey level, as opaque as it covers.
    private func file(level: UInt8, opacity: Double = 1) -> [UInt8] {
        let ink = SignatureDrawing().coverage()
        var file = PNGFile(width: ink.width, height: ink.height, color: 4)
        var rows: [UInt8] = []
        for y in 0..<ink.height {
            rows.append(0)
            for x in 0..<ink.width { rows += [level, UInt8(255 * opacity * ink[x, y])] }
        }
        file.appendStored(rows)
        return file.bytes
    }

    @Test func `a signature in white ink on transparency is the signature in black ink`() throws {
        let black = try preparation.prepare(RGBImage(decoding: file(level: 0)))
        #expect(black.measurements.allSatisfy { $0.isAcceptable }, "\(black.measurements)")
        #expect(black.image.pixels.contains { $0 > 200 })
        for (level, opacity) in [(UInt8(255), 1.0), (250, 1), (255, 0.5)] {
            let white = try preparation.prepare(RGBImage(decoding: file(level: level, opacity: opacity)))
            #expect(white.measurements.allSatisfy { $0.isAcceptable }, "\(white.measurements)")
            let same = try preparation.prepare(RGBImage(decoding: file(level: 0, opacity: opacity)))
            #expect(white.image == same.image, "level \(level), opacity \(opacity)")
        }
    }

    @Test func `a picture that is transparent all over has no ink`() throws {
        let empty = try preparation.prepare(RGBImage(decoding: file(level: 255, opacity: 0)))
        #expect(empty.image.pixels.allSatisfy { $0 == 0 })
        #expect(empty.measurements.contains { !$0.isAcceptable })
    }
}
