// SPDX-License-Identifier: Apache-2.0

import Imaging
import Recognition
import Testing

@Suite struct ShapePredictorFileTests {
    static let shape: [Float] = [0.8, 0.3, 0.6, 0.3, 0.2, 0.3, 0.4, 0.3, 0.5, 0.6]

    /// Two stages of one tree each; the tree goes left where pixel 0 is brighter than pixel 1 by more than 10.
    static func predictor() throws -> ShapePredictor {
        let pixels = [
            ShapePredictor.FeaturePixel(anchor: 0, offset: SIMD2(0, 0)),
            ShapePredictor.FeaturePixel(anchor: 2, offset: SIMD2(0, 0)),
        ]
        func leaf(_ x: Float) -> [Float] { (0..<10).map { $0 % 2 == 0 ? x : 0 } }
        let tree = ShapePredictor.Tree(
            splits: [ShapePredictor.Split(first: 0, second: 1, threshold: 10)], leaves: leaf(0.1) + leaf(-0.1))
        return try ShapePredictor(
            initialShape: shape,
            stages: [
                ShapePredictor.Stage(pixels: pixels, trees: [tree]),
                ShapePredictor.Stage(pixels: pixels, trees: [tree]),
            ])
    }

    @Test func isReadAsItWasWritten() throws {
        let predictor = try Self.predictor()
        #expect(try ShapePredictor(fileBytes: predictor.fileBytes()) == predictor)
    }

    @Test func refusesEveryTruncation() throws {
        let bytes = try Self.predictor().fileBytes()
        for count in 0..<bytes.count {
            #expect(throws: ShapePredictorError.self) { try ShapePredictor(fileBytes: Array(bytes.prefix(count))) }
        }
        #expect(throws: ShapePredictorError.trailingBytes(1)) { try ShapePredictor(fileBytes: bytes + [0]) }
    }

    @Test func answersEveryChangedBitWithAPredictorOrATypedError() throws {
        let bytes = try Self.predictor().fileBytes()
        let image = RGBImage(width: 20, height: 20, repeating: RGB(red: 9, green: 9, blue: 9))
        for bit in 0..<bytes.count * 8 {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            do throws(ShapePredictorError) {
                let other = try ShapePredictor(fileBytes: changed)
                let rewritten = other.fileBytes() == changed
                #expect(rewritten)
                #expect(other.landmarks(in: image, box: DlibRectangle(left: 0, top: 0, right: 9, bottom: 9)).count == 5)
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }

    @Test func refusesForeignFilesOtherVersionsAndOtherNumbersOfLandmarks() throws {
        let bytes = try Self.predictor().fileBytes()
        #expect(throws: ShapePredictorError.foreignFile) { try ShapePredictor(fileBytes: [0x89] + bytes.dropFirst()) }
        var later = bytes
        later[4] = 2
        #expect(throws: ShapePredictorError.unknownVersion(2)) { try ShapePredictor(fileBytes: later) }
        var many = bytes
        many[6] = 68
        #expect(throws: ShapePredictorError.self) { try ShapePredictor(fileBytes: many) }
    }

    @Test func refusesIndicesThatPointNowhere() {
        let pixel = ShapePredictor.FeaturePixel(anchor: 0, offset: SIMD2(0, 0))
        let leaves = Array(repeating: Float(0), count: 20)
        func build(_ pixel: ShapePredictor.FeaturePixel, _ splits: [ShapePredictor.Split], _ leaves: [Float]) throws {
            _ = try ShapePredictor(
                initialShape: Self.shape,
                stages: [
                    ShapePredictor.Stage(pixels: [pixel], trees: [ShapePredictor.Tree(splits: splits, leaves: leaves)])
                ])
        }
        let good = ShapePredictor.Split(first: 0, second: 0, threshold: 0)
        #expect(throws: Never.self) { try build(pixel, [good], leaves) }
        #expect(throws: ShapePredictorError.self) {
            try build(pixel, [ShapePredictor.Split(first: 0, second: 1, threshold: 0)], leaves)
        }
        #expect(throws: ShapePredictorError.self) {
            try build(ShapePredictor.FeaturePixel(anchor: 5, offset: SIMD2(0, 0)), [good], leaves)
        }
        #expect(throws: ShapePredictorError.self) { try build(pixel, [good, good], leaves + leaves.prefix(10)) }
        #expect(throws: ShapePredictorError.self) { try build(pixel, [good], Array(leaves.dropLast())) }
        #expect(throws: ShapePredictorError.self) {
            try build(pixel, [ShapePredictor.Split(first: 0, second: 0, threshold: .nan)], leaves)
        }
    }

    @Test func followsTheBrighterPixel() throws {
        let predictor = try Self.predictor()
        let box = DlibRectangle(left: 10, top: 20, right: 110, bottom: 120)
        let dark = RGBImage(width: 200, height: 200, repeating: RGB(red: 0, green: 0, blue: 0))
        // Equal brightness goes right, by −0.1 of the box a stage.
        #expect(predictor.landmarks(in: dark, box: box).map(\.x) == [70, 50, 10, 30, 40])
        #expect(predictor.landmarks(in: dark, box: box).map(\.y) == [50, 50, 50, 50, 80])

        var bright = dark
        for y in 0..<200 {
            for x in 80..<200 { bright.pixels[y * 200 + x] = RGB(red: 200, green: 200, blue: 200) }
        }
        #expect(predictor.landmarks(in: bright, box: box).map(\.x) == [110, 90, 50, 70, 80])
    }
}
