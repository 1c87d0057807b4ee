// SPDX-License-Identifier: Apache-2.0

import Imaging
import ProgramHarness
import Recognition
import Testing

/// What a gallery keeps of a picture.
@Suite struct SourceCropTests {
    private func region(
        _ box: Rectangle?, margin: Double = 0.75, longestSide: Int = 512, keepsColor: Bool = true
    ) -> SourceRegion {
        SourceRegion(subject: box, margin: margin, longestSide: longestSide, keepsColor: keepsColor)
    }

    /// A picture whose pixels tell where they are.
    private func picture(width: Int, height: Int) -> RGBImage {
        var pixels: [RGB] = []
        pixels.reserveCapacity(width * height)
        for y in 0..<height {
            for x in 0..<width { pixels.append(RGB(red: UInt8(x % 256), green: UInt8(y % 256), blue: 0)) }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    private func noise(width: Int, height: Int) -> RGBImage {
        var generator = SeededGenerator(seed: 11)
        var pixels: [RGB] = []
        for _ in 0..<width * height {
            let bits = generator.next()
            let red = UInt8(truncatingIfNeeded: bits), green = UInt8(truncatingIfNeeded: bits >> 8)
            pixels.append(RGB(red: red, green: green, blue: UInt8(truncatingIfNeeded: bits >> 16)))
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    @Test func `of a face the box is kept with three quarters of its longer side around it`() throws {
        let crop = try region(Rectangle(left: 100, top: 120, width: 80, height: 60)).crop(
            of: picture(width: 400, height: 300))
        #expect(crop.width == 200 && crop.height == 180)
        #expect(crop.image[0, 0] == RGB(red: 40, green: 60, blue: 0))
    }

    @Test func `a face at the edge keeps what there is, and one that is nowhere the whole picture`() throws {
        let small = picture(width: 100, height: 50)
        let edge = try region(Rectangle(left: -10, top: -10, width: 40, height: 40)).crop(of: small)
        #expect(edge.width == 60 && edge.height == 50)
        #expect(edge.image[0, 0] == RGB(red: 0, green: 0, blue: 0))
        for left in [500, -1e300, 1e300, .infinity, .nan] {
            let outside = try region(Rectangle(left: left, top: 5, width: 10, height: 10)).crop(of: small)
            #expect(outside.width == 100 && outside.height == 50)
        }
        let endless = try region(
            Rectangle(left: -1e300, top: -1e300, width: .infinity, height: .greatestFiniteMagnitude)
        )
        .crop(of: small)
        #expect(endless.width == 100 && endless.height == 50)
    }

    @Test func `what is larger is reduced, whatever its shape, and nothing is enlarged`() throws {
        let face = try region(Rectangle(left: 300, top: 300, width: 400, height: 400)).crop(
            of: picture(width: 1000, height: 1000))
        #expect(face.width == 512 && face.height == 512)
        let paper = RGBImage(width: 3000, height: 1000, repeating: RGB(red: 250, green: 250, blue: 250))
        let page = try region(Rectangle(left: 0, top: 0, width: 3000, height: 900), margin: 0.25, longestSide: 1600)
            .crop(
                of: paper)
        #expect(page.width == 1600 && page.height == 533)
        let line = try SourceRegion.whole.crop(of: picture(width: 65_535, height: 1))
        #expect(line.width == 1600 && line.height == 1)
        let small = picture(width: 30, height: 20)
        #expect(try region(nil).crop(of: small).image == small)
    }

    @Test func `colours are kept of faces and of nothing else`() throws {
        let colored = picture(width: 30, height: 20)
        #expect(try SourceRegion.whole.crop(of: colored).image == colored.grayscale().rgb())
        let gray = colored.grayscale().rgb()
        #expect(try region(nil).crop(of: gray).image == gray)
    }

    @Test func `a file up to 64 KiB is lossless, and any other is bounded`() throws {
        let small = noise(width: 140, height: 140)
        let lossless = try region(nil).crop(of: small).fileBytes()
        #expect(lossless.count <= 64 << 10)
        #expect(try RGBImage(decoding: lossless) == small)
        let scan = SignatureDrawing(scale: 4).picture().grayscale().rgb()
        let kept = try SourceRegion.whole.crop(of: scan)
        #expect(try RGBImage(decoding: kept.fileBytes()) == kept.image)

        // Noise is the most that there can be: three bytes and one byte a pixel.
        let colored = try region(nil).crop(of: noise(width: 300, height: 300)).fileBytes()
        #expect(colored.starts(with: [0xFF, 0xD8]) && colored.count < 3 * 300 * 300)
        #expect(try RGBImage(decoding: colored).width == 300)
        let gray = try SourceRegion.whole.crop(of: noise(width: 300, height: 300)).fileBytes()
        #expect(gray.starts(with: [0xFF, 0xD8]) && gray.count < 300 * 300)
        #expect(try RGBImage(decoding: gray).width == 300)
    }
}

/// Whose face a kept crop shows.
@Suite struct KeptFaceTests {
    private func face(_ left: Double, _ top: Double, _ side: Double, confidence: Double = 1) -> DetectedFace {
        DetectedFace(
            box: Rectangle(left: left, top: top, width: side, height: side), landmarks: [],
            landmarkLayout: .eyesNoseMouth,
            confidence: confidence)
    }

    @Test func `the face in the middle is taken, though a bystander's is larger or surer`() throws {
        let own = face(75, 75, 100, confidence: 0.6)
        let bystanders = [face(185, 20, 140), face(-90, 60, 130), face(200, 90, 60)]
        #expect(StoredCropFace.choose(from: bystanders + [own], width: 250, height: 250) == own)
        // A detector that draws tighter boxes.
        let tight = face(90, 95, 65)
        #expect(StoredCropFace.choose(from: bystanders + [tight], width: 250, height: 250) == tight)
    }

    @Test func `a bystander alone is not taken for the person`() throws {
        for bystander in [face(185, 20, 140), face(-90, 60, 130), face(200, 90, 60), face(90, 200, 70)] {
            #expect(StoredCropFace.choose(from: [bystander], width: 250, height: 250) == nil)
        }
        #expect(StoredCropFace.choose(from: [], width: 250, height: 250) == nil)
    }

    @Test func `a feature of the face that is taken for a face is not chosen`() throws {
        let own = face(75, 75, 100), mouth = face(110, 110, 30)
        #expect(StoredCropFace.choose(from: [mouth, own], width: 250, height: 250) == own)
        #expect(StoredCropFace.choose(from: [mouth], width: 250, height: 250) == nil)
    }

    @Test func `a face at the picture's edge or corner is found, and not its neighbour`() throws {
        // Made around boxes of 100 pixels of which the picture shows all or 70 columns and rows.
        let left = face(0, 75, 100)
        #expect(StoredCropFace.choose(from: [face(110, 60, 90), left], width: 175, height: 250) == left)
        let corner = face(-30, -30, 100)
        #expect(StoredCropFace.choose(from: [face(75, 75, 50), corner], width: 145, height: 145) == corner)
    }
}
