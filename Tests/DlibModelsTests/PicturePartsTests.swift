// SPDX-License-Identifier: Apache-2.0

import Biometrics
import DlibModels
import Foundation
import Imaging
import ProgramHarness
import Recognition
import Testing

/// A face in a large JPEG, whose file is read as far as it is needed, against the same picture read whole.
@Suite(
    .enabled(
        if: TestEnvironment.dlibModels != nil && TestEnvironment.faces != nil && TestEnvironment.isOptimized,
        "LIKENESS_DLIB_MODELS or LIKENESS_SHARED names nothing that is there, or the tests are built without optimisation"
    ))
struct PicturePartsTests {
    /// A face on a patterned wall, in 7 megapixels.
    private func photograph(person: Int, side: Int, x left: Int, y top: Int) throws -> [UInt8] {
        let face = try RGBImage(decoding: OrlFaces.bytes(person: person, image: 1)).resized(
            width: side, height: side * 112 / 92, method: .bilinear)
        var picture = RGBImage(width: 3100, height: 2300, repeating: RGB(red: 140, green: 120, blue: 100))
        for y in 0..<picture.height {
            for x in 0..<picture.width {
                if (0..<face.width).contains(x - left), (0..<face.height).contains(y - top) {
                    picture[x, y] = face[x - left, y - top]
                } else {
                    picture[x, y].red = UInt8(120 + 40 * sin(Double(x) / 60) + 40 * cos(Double(y) / 45))
                }
            }
        }
        return try picture.jpegBytes(quality: 92)
    }

    @Test func `the face, its landmarks and its embedding are those of the whole picture`() throws {
        let package = try DlibImport.makePackage(modelsFolder: TestEnvironment.dlibModels ?? "").modelPackage()
        let session = try Recognizer(package: package).makeSession()
        for (person, side, left, top) in [(1, 900, 1100, 600), (7, 500, 100, 1500), (12, 1400, 1600, 300)] {
            let file = try photograph(person: person, side: side, x: left, y: top)
            let whole = try RGBImage(decoding: file), parts = try PictureFile(file)
            let expected = try session.prepare(whole, largest: true), sample = try session.prepare(parts, largest: true)
            let a = try #require(expected.face), b = try #require(sample.face)
            #expect(a.box.intersectionOverUnion(with: b.box) > 0.97)
            for (one, other) in zip(a.landmarks, b.landmarks) {
                #expect(abs(one.x - other.x) <= 0.02 * a.size && abs(one.y - other.y) <= 0.02 * a.size)
            }
            let distance = try EmbeddingPair(session.embed(expected), session.embed(sample)).distance
            print(
                "face of \(side) pixels: boxes share \(a.box.intersectionOverUnion(with: b.box)), distance \(distance)")
            #expect(distance < 0.06)
            // What a gallery keeps of it is the same part, as large.
            let kept = try sample.source(in: parts), keptWhole = try expected.source(in: whole)
            #expect(abs(kept.width - keptWhole.width) <= 4 && abs(kept.height - keptWhole.height) <= 4)
        }
    }
}
