// SPDX-License-Identifier: Apache-2.0

import Biometrics
import DlibModels
import Foundation
import Imaging
import ProgramHarness
import Recognition
import Testing

/// What one face model has kept, prepared by another: dlib's detector, landmarks and chip of 150×150, and YuNet's with
/// the alignment of ArcFace to 112×112.
@Suite(
    .enabled(
        if: TestEnvironment.dlibModels != nil && TestEnvironment.faces != nil && TestEnvironment.weights != nil,
        "LIKENESS_DLIB_MODELS or LIKENESS_SHARED names nothing that is there"))
struct KeptSampleTests {
    private func dlib() throws -> RecognizerSession {
        let folder = try #require(TestEnvironment.dlibModels)
        return try Recognizer(package: DlibImport.makePackage(modelsFolder: folder).modelPackage()).makeSession()
    }

    private func mobileFaceNet() throws -> RecognizerSession {
        func weight(_ name: String) throws -> [UInt8] {
            Array(try Data(contentsOf: URL(fileURLWithPath: "\(TestEnvironment.weights ?? "")/\(name)")))
        }
        let package = try FaceModelImport.makePackage(
            name: "mobilefacenet", license: "Apache-2.0", source: "foamliu/MobileFaceNet",
            embedding: weight("MobileFaceNet.onnx"),
            detector: weight("yunet_n_dynamic.onnx"),
            statement: FaceModelImport.Statement(
                mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
                standardDeviation: [0.229 * 255, 0.224 * 255, 0.225 * 255]))
        return try Recognizer(package: package).makeSession()
    }

    /// A face on a coloured wall: the photograph is too large for dlib's users to enlarge, and the crop is not.
    private func photograph(person: Int, x left: Int, y top: Int) throws -> RGBImage {
        let face = try RGBImage(decoding: OrlFaces.bytes(person: person, image: 4)).resized(
            width: 184, height: 224, method: .bilinear)
        var picture = RGBImage(width: 480, height: 420, repeating: RGB(red: 140, green: 120, blue: 100))
        for y in 0..<face.height {
            for x in 0..<face.width where (0..<480).contains(left + x) && (0..<420).contains(top + y) {
                let level = Double(face[x, y].red)
                picture[left + x, top + y] = RGB(
                    red: face[x, y].red, green: UInt8(level * 0.85), blue: UInt8(level * 0.75))
            }
        }
        return picture
    }

    /// How far the embedding by one model of what another has kept is from that of the photograph.
    private func drift(
        of picture: RGBImage, keptBy maker: RecognizerSession, embeddedBy user: RecognizerSession
    ) throws -> Double {
        let crop = try RGBImage(decoding: maker.prepare(picture).source(in: picture).fileBytes())
        #expect(crop.width < picture.width || crop.height < picture.height)
        let original = try user.embed(user.prepare(picture)), again = try user.embed(user.prepare(kept: crop))
        return Double(try EmbeddingPair(original, again).distance)
    }

    /// dlib's two photographs of one person are up to 0.6 apart, MobileFaceNet's 0.5 and more.
    @Test(arguments: [(3, 150, 90), (17, 0, 0)])
    func `a face that one model has kept is to another as the photograph is`(person: Int, x: Int, y: Int) throws {
        let dlib = try dlib(), mobile = try mobileFaceNet()
        let picture = try photograph(person: person, x: x, y: y)
        let pairs = try [
            drift(of: picture, keptBy: dlib, embeddedBy: dlib), drift(of: picture, keptBy: mobile, embeddedBy: dlib),
            drift(of: picture, keptBy: dlib, embeddedBy: mobile),
        ]
        #expect(pairs[0] < 0.15 && pairs[1] < 0.15)
        #expect(pairs[2] < 0.45)
    }
}
