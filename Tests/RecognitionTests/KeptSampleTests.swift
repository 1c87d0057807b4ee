// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Imaging
import ProgramHarness
import Recognition
import Testing

/// Photographs composed of real faces.
private enum Photograph {
    /// A face of the AT&T set, enlarged and laid on a larger picture that is no plain grey.
    static func compose(
        _ faces: [(person: Int, image: Int, factor: Double, x: Int, y: Int)], width: Int = 640, height: Int = 480
    ) throws -> RGBImage {
        var picture = RGBImage(width: width, height: height, repeating: RGB(red: 120, green: 0, blue: 0))
        for y in 0..<height {
            for x in 0..<width {
                picture[x, y].green = UInt8(100 + x * 40 / width)
                picture[x, y].blue = UInt8(90 + y * 40 / height)
            }
        }
        for face in faces {
            let source = try TestEnvironment.face(face.person, face.image)
            let part = source.resized(
                width: Int(Double(source.width) * face.factor), height: Int(Double(source.height) * face.factor),
                method: .bilinear)
            for y in 0..<part.height {
                for x in 0..<part.width where (0..<width).contains(face.x + x) && (0..<height).contains(face.y + y) {
                    // Skin is never grey.
                    let level = Double(part[x, y].red)
                    picture[face.x + x, face.y + y] = RGB(
                        red: part[x, y].red, green: UInt8(level * 0.85), blue: UInt8(level * 0.75))
                }
            }
        }
        return picture
    }
}

/// Faces, kept and prepared again by YuNet, the alignment of ArcFace and MobileFaceNet.
@Suite(.enabled(if: TestEnvironment.faces != nil && TestEnvironment.weights != nil, "\(TestEnvironment.missing)"))
struct KeptFaceSampleTests {
    private func session() throws -> RecognizerSession {
        try Recognizer(package: ImportedModel.package(detector: "yunet_n_dynamic.onnx")).makeSession()
    }

    private func distance(_ a: PreparedSample, _ b: PreparedSample, _ session: RecognizerSession) throws -> Double {
        Double(try EmbeddingPair(session.embed(a), session.embed(b)).distance)
    }

    private func kept(_ sample: PreparedSample, of picture: RGBImage) throws -> RGBImage {
        try RGBImage(decoding: sample.source(in: picture).fileBytes())
    }

    @Test func `a small photograph is kept whole and gives the very same embedding`() throws {
        let session = try session()
        for person in [3, 17, 29] {
            let picture = try TestEnvironment.face(person, 4)
            let sample = try session.prepare(picture)
            let again = try session.prepare(kept: kept(sample, of: picture))
            #expect(again.image == sample.image)
        }
    }

    /// The same person in two photographs is 0.5 and more apart, two people 1 and more.
    @Test(arguments: [1.5, 4.0])
    func `a face in a larger photograph stays near its embedding`(factor: Double) throws {
        let session = try session()
        let picture = try Photograph.compose([(3, 4, factor, 130, 20)])
        let sample = try session.prepare(picture)
        let crop = try kept(sample, of: picture)
        #expect(max(crop.width, crop.height) <= 512)
        #expect(crop.width * crop.height < picture.width * picture.height)
        #expect(try distance(session.prepare(kept: crop), sample, session) < 0.45)
    }

    @Test(arguments: [(0, 0), (-30, 120), (640 - 184, 480 - 200)])
    func `a face at the edge of the photograph is found again`(x: Int, y: Int) throws {
        let session = try session()
        let picture = try Photograph.compose([(8, 2, 2, x, y)])
        let sample = try session.prepare(picture)
        #expect(try distance(session.prepare(kept: kept(sample, of: picture)), sample, session) < 0.45)
    }

    @Test func `a bystander in the margin neither refuses the sample nor is taken for the person`() throws {
        let session = try session()
        // The wanted face is the largest when it is enrolled; of the bystander, who is as large, half is kept.
        let picture = try Photograph.compose([(3, 4, 2.2, 60, 60), (8, 2, 2, 280, 80)])
        let sample = try session.prepare(picture, largest: true)
        #expect(sample.facesFound == 2)
        let crop = try kept(sample, of: picture)
        let again = try session.prepare(kept: crop)
        #expect(try distance(again, sample, session) < 0.45)
        let bystander = try session.prepare(TestEnvironment.face(8, 2))
        #expect(try distance(again, bystander, session) > 1)
    }

    @Test func `a crop with nobody on it is refused`() throws {
        let session = try session()
        #expect(throws: RecognitionError.noFace) {
            try session.prepare(kept: Fixtures.pattern(width: 200, height: 200))
        }
        #expect(throws: RecognitionError.imageRejected(.noPixels)) {
            try session.prepare(kept: RGBImage(width: 0, height: 0, pixels: []))
        }
    }
}

/// Signatures and glyphs, kept and prepared again.
@Suite struct KeptInkTests {
    /// The mean difference of two canvases' levels.
    private func difference(_ a: RGBImage, _ b: RGBImage) -> Double {
        var sum = 0
        for (x, y) in zip(a.pixels, b.pixels) { sum += abs(Int(x.red) - Int(y.red)) }
        return Double(sum) / Double(a.pixels.count)
    }

    private func kept(_ sample: PreparedSample, of picture: RGBImage) throws -> RGBImage {
        try RGBImage(decoding: sample.source(in: picture).fileBytes())
    }

    @Test func `of a signature on a form what is kept gives the same canvas again`() throws {
        let session = try Recognizer(package: Fixtures.signaturePackage()).makeSession()
        let drawing = SignatureDrawing(scale: 2, left: 60, top: 40, width: 420, height: 240)
        let forms: [(Comment, (inout FormDrawing) -> Void)] = [
            ("frame", { $0.box(left: 90, top: 40, right: 740, bottom: 400, width: 6, turn: 0.01) }),
            ("base line", { $0.line((40, 262), (800, 266), width: 3) }),
            ("dots", { $0.line((40, 262), (800, 262), width: 3, period: 9, drawn: 3) }),
        ]
        for (what, draw) in forms {
            var form = FormDrawing(on: drawing.picture())
            draw(&form)
            let sample = try session.prepare(form.picture)
            let again = try session.prepare(kept: kept(sample, of: form.picture))
            #expect(difference(again.image, sample.image) < 2, what)
        }
    }

    @Test func `of a page the part with the signature is kept, and any canvas made of it is as of the page`() throws {
        let session = try Recognizer(package: Fixtures.signaturePackage()).makeSession()
        var drawing = SignatureDrawing(scale: 2)
        (drawing.left, drawing.top, drawing.width, drawing.height) = (150, 200, 480, 460)
        let page = drawing.picture(paper: RGB(red: 240, green: 232, blue: 214), noise: 2)
        let sample = try session.prepare(page)
        let crop = try kept(sample, of: page)
        #expect(crop.width < page.width && crop.height < page.height * 3 / 4)
        #expect(try difference(session.prepare(kept: crop).image, sample.image) < 2)
        for (width, height) in [(96, 64), (220, 150)] {
            let canvas = SignaturePreparation(width: width, height: height)
            let whole = try canvas.prepare(page).image.rgb(), part = try canvas.prepare(crop).image.rgb()
            #expect(difference(whole, part) < 2)
        }
    }

    @Test func `a signature at the edge and a huge page are kept within the bound`() throws {
        let session = try Recognizer(package: Fixtures.signaturePackage()).makeSession()
        var drawing = SignatureDrawing(scale: 6)
        (drawing.left, drawing.top, drawing.width, drawing.height) = (2, 2, 340, 120)
        let page = drawing.picture()
        let sample = try session.prepare(page)
        let crop = try kept(sample, of: page)
        #expect(max(crop.width, crop.height) <= 1600)
        #expect(try difference(session.prepare(kept: crop).image, sample.image) < 2)
    }

    @Test func `a glyph is kept whole and gives the same network input`() throws {
        let session = try Recognizer(package: Fixtures.package()).makeSession()
        let picture = Fixtures.pattern(width: 40, height: 24)
        let sample = try session.prepare(picture)
        #expect(try session.prepare(kept: kept(sample, of: picture)).image == sample.image)
    }

    @Test(.enabled(if: TestEnvironment.shared != nil, "\(TestEnvironment.missing)"))
    func `scanned signatures stay near the embedding by the model that is shipped`() throws {
        let model = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "models/signature").path
        let session = try Recognizer(package: ModelPackage.load(from: model)).makeSession()
        for file in ["001/genuine/NFI-00101001.png", "002/genuine/NFI-00202002.png"] {
            let path = "\(TestEnvironment.shared ?? "")/data/sigcomp2009/\(file)"
            let picture = try RGBImage(decoding: Array(Data(contentsOf: URL(fileURLWithPath: path))))
            let sample = try session.prepare(picture)
            let stored = try sample.source(in: picture).fileBytes()
            #expect(stored.count < 64 << 10)
            let again = try session.prepare(kept: RGBImage(decoding: stored))
            #expect(try EmbeddingPair(session.embed(again), session.embed(sample)).distance < 0.03)
        }
    }
}
