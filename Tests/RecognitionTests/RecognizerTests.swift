// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging
import NeuralNet
import Recognition
import Testing

@Suite struct RecognizerTests {
    private func session(_ package: ModelPackage) throws -> RecognizerSession {
        try Recognizer(package: package).makeSession()
    }

    /// What the network of ``Fixtures`` answers to an image of its size.
    private func expected(_ image: RGBImage) -> [Float] {
        (0..<Fixtures.embeddingSize).map { column in
            image.pixels.enumerated().reduce(0) {
                $0 + (Float($1.element.luma) - 100.5) / 50 * Fixtures.weight($1.offset, column)
            }
        }
    }

    @Test func aGlyphIsGrayAndOfTheNetworksSize() throws {
        let session = try session(Fixtures.package())
        let image = Fixtures.pattern(width: 40, height: 24)
        let sample = try session.prepare(image)
        #expect(sample.image.width == 8 && sample.image.height == 8)
        #expect(sample.image.pixels.allSatisfy { $0.red == $0.green && $0.green == $0.blue })
        #expect(sample.image == image.grayscale().resized(width: 8, height: 8, method: .area).rgb())
        #expect(sample.isAcceptable && sample.measurements.isEmpty && sample.face == nil)
        #expect(try session.prepare(Fixtures.pattern(width: 1, height: 3)).image.width == 8)
    }

    @Test func theEmbeddingIsTheNetworksAnswerToTheNormalizedLevels() throws {
        let package = try Fixtures.package(), session = try session(package)
        let sample = try session.prepare(Fixtures.pattern(width: 8, height: 8, seed: 3))
        let embedding = try session.embed(sample)
        #expect(embedding.model == package.digest)
        for (found, expected) in zip(embedding.values, expected(sample.image)) {
            #expect(abs(found - expected) < 1e-4)
        }
    }

    @Test func aNormalizedEmbeddingHasLengthOneAndTheSameDirection() throws {
        let plain = try session(Fixtures.package()), normalized = try session(Fixtures.package(normalize: true))
        let sample = try plain.prepare(Fixtures.pattern(width: 8, height: 8))
        let a = try plain.embed(sample).values, b = try normalized.embed(sample).values
        let length = a.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for (x, y) in zip(a, b) { #expect(abs(x / length - y) < 1e-6) }
    }

    @Test(arguments: [0, 1, 2, 3, 7, 8, 9, 13, 21])
    func severalSamplesEmbedAsEachAlone(count: Int) throws {
        let session = try session(Fixtures.package())
        let samples = try (0..<count).map { try session.prepare(Fixtures.pattern(width: 9, height: 9, seed: $0)) }
        let together = try session.embed(samples)
        #expect(together.count == count)
        for (sample, embedding) in zip(samples, together) {
            let alone = try session.embed(sample)
            for (a, b) in zip(alone.values, embedding.values) { #expect(abs(a - b) < 1e-5) }
        }
    }

    @Test func aNetworkOfFixedBatchTakesSamplesOneByOne() throws {
        let package = try ModelPackage(
            manifest: Fixtures.manifest(), files: ["embed.onnx": Fixtures.network(batch: .fixed(1))])
        let session = try session(package)
        let samples = try (0..<9).map { try session.prepare(Fixtures.pattern(width: 8, height: 8, seed: $0)) }
        for (sample, embedding) in zip(samples, try session.embed(samples)) {
            for (found, expected) in zip(embedding.values, expected(sample.image)) {
                #expect(abs(found - expected) < 1e-4)
            }
        }
    }

    @Test(arguments: NetworkInput.Layout.allCases, [NetworkInput.ChannelOrder.rgb, .bgr])
    func channelsStandWhereTheManifestSays(layout: NetworkInput.Layout, channels: NetworkInput.ChannelOrder) throws {
        // An average over space alone shows the channels: [1, 3, 8, 8] or [1, 8, 8, 3] → 3.
        let axes = layout == .nchw ? [2, 3] : [1, 2]
        let shape: [Dimension] =
            layout == .nchw
            ? [.symbolic("n"), .fixed(3), .fixed(8), .fixed(8)] : [.symbolic("n"), .fixed(8), .fixed(8), .fixed(3)]
        let graph = Graph(
            name: "mean",
            nodes: [
                Node(
                    name: "mean", operatorType: "ReduceMean", inputs: ["image"], outputs: ["embedding"],
                    attributes: ["axes": .ints(axes), "keepdims": .int(0)])
            ],
            inputs: [ValueInfo(name: "image", shape: shape)],
            outputs: [ValueInfo(name: "embedding", shape: [.symbolic("n"), .fixed(3)])], opsetVersion: 13)
        var manifest = try Fixtures.manifest(channels: channels, layout: layout)
        manifest.input.mean = [10, 20, 30]
        manifest.input.standardDeviation = [1, 2, 4]
        let session = try session(ModelPackage(manifest: manifest, files: ["embed.onnx": graph.onnxBytes()]))
        let sample = PreparedSample(
            image: RGBImage(width: 8, height: 8, repeating: RGB(red: 100, green: 150, blue: 200)), measurements: [])
        let expected: [Float] = channels == .rgb ? [90, 65, 42.5] : [190, 65, 17.5]
        for (a, b) in zip(try session.embed(sample).values, expected) { #expect(abs(a - b) < 1e-3) }
    }

    @Test func aSampleOfAnotherModelIsRefused() throws {
        let session = try session(Fixtures.package())
        let foreign = PreparedSample(image: Fixtures.pattern(width: 9, height: 8), measurements: [])
        #expect(throws: RecognitionError.wrongSampleSize(width: 9, height: 8, expectedWidth: 8, expectedHeight: 8)) {
            try session.embed(foreign)
        }
        #expect(throws: RecognitionError.imageRejected(.noPixels)) {
            try session.prepare(RGBImage(width: 0, height: 0, pixels: []))
        }
    }

    @Test func answersThatAreNoNumbersOrHaveNoDirectionAreRefused() throws {
        let sample = PreparedSample(image: Fixtures.pattern(width: 8, height: 8), measurements: [])
        let infinite = try session(Fixtures.package(scale: 3e38))
        #expect(throws: RecognitionError.self) { try infinite.embed(sample) }
        let zero = try session(Fixtures.package(normalize: true, scale: 0))
        #expect(throws: RecognitionError.self) { try zero.embed(sample) }
        let plainZero = try session(Fixtures.package(scale: 0))
        #expect(try plainZero.embed(sample).values == [0, 0, 0])
    }

    @Test func aSignatureIsPutOnTheNetworksCanvas() throws {
        let session = try session(Fixtures.signaturePackage())
        let picture = SignatureDrawing().picture()
        let sample = try session.prepare(picture)
        let canvas = try SignaturePreparation(width: 8, height: 8).prepare(picture)
        #expect(sample.image == canvas.image.rgb() && sample.measurements == canvas.measurements)
        #expect(sample.isAcceptable && sample.face == nil)
        let blank = try session.prepare(
            RGBImage(width: 100, height: 50, repeating: RGB(red: 250, green: 250, blue: 250)))
        #expect(blank.defects.contains { if case .tooLittleInk = $0 { true } else { false } })
    }

    @Test func aSignatureModelMayTakeTheWholePicture() throws {
        let package = try ModelPackage(
            manifest: Fixtures.manifest(modality: .signature), files: ["embed.onnx": Fixtures.network()])
        let picture = Fixtures.pattern(width: 16, height: 16)
        #expect(try session(package).prepare(picture).image == session(Fixtures.package()).prepare(picture).image)
    }

    @Test func aModelWithoutCalibrationSaysWhatToDo() throws {
        let calibrated = try Recognizer(package: Fixtures.package(calibration: Fixtures.calibration()))
        #expect(try calibrated.requiredCalibration() == Fixtures.calibration())
        #expect(throws: ModelPackageError.notCalibrated(name: "glyphs")) {
            try Recognizer(package: Fixtures.package()).requiredCalibration()
        }
    }

    /// Networks that are not what the manifest of ``Fixtures`` states, and a word that the refusal must hold.
    @Test func aNetworkThatIsNotAsStatedIsRefused() throws {
        func refusal(_ network: [UInt8], _ manifest: ModelManifest) throws -> ModelPackageError? {
            do {
                _ = try Recognizer(package: ModelPackage(manifest: manifest, files: ["embed.onnx": network]))
                return nil
            } catch { return error }
        }
        func expectInvalid(_ network: [UInt8], _ manifest: ModelManifest, _ word: String) throws {
            guard case .invalidFile("embed.onnx", let reason)? = try refusal(network, manifest) else {
                Issue.record("not refused for “\(word)”: \(String(describing: try refusal(network, manifest)))")
                return
            }
            #expect(reason.contains(word))
        }
        try expectInvalid(Fixtures.network(), Fixtures.manifest(width: 9), "[1, 1, 8, 9]")
        try expectInvalid(Fixtures.network(), Fixtures.manifest(channels: .rgb), "[1, 3, 8, 8]")
        try expectInvalid(Fixtures.network(channels: 3), Fixtures.manifest(channels: .rgb, layout: .nhwc), "NHWC")
        try expectInvalid(Fixtures.network(), Fixtures.manifest(embeddingSize: 4), "4 numbers")
        try expectInvalid(Fixtures.network(), Fixtures.manifest(outputName: "other"), "“embedding”")
        try expectInvalid(Fixtures.network(outputs: ["a", "b"]), Fixtures.manifest(), "2 outputs")
        #expect(try refusal(Fixtures.network(outputs: ["a", "b"]), Fixtures.manifest(outputName: "b")) == nil)
        guard case .network("embed.onnx", _)? = try refusal([1, 2, 3], Fixtures.manifest()) else {
            Issue.record("bytes that are no network were accepted")
            return
        }
    }
}
