// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Imaging
import Recognition
import Service
import Synchronization

/// A model that needs no network: the grey levels of the image in 8 × 8 cells, less their mean, at length 1.
///
/// A pure red pixel stands for a face, so that a test can show one, several or none; brightness has limits. Where all
/// faces are asked for, a picture is a row of squares, each of them a face (``Pictures/group(_:)``).
struct PixelModel: Embedder {
    static let side = 8
    static let brightness = 40.0...220.0

    let model: ModelDescription
    var calibration: Calibration? = calibrated
    var meanRule = IdentityReference.Rule.normalizedMean
    let valve = Valve()
    /// Whether it makes nothing of what a gallery has kept.
    var refusesKept = false
    /// A session that cannot be made.
    var refusal: RecognitionError?

    /// Unrelated pictures are about 1.4 apart, those of one person less than 0.3.
    static let calibrated = try? Calibration(
        a: 10, d0: 0.7,
        operatingPoints: [
            OperatingPoint(falseMatchRate: 1e-2, threshold: 0.8, upperBound: 0.02),
            OperatingPoint(falseMatchRate: 1e-3, threshold: 0.6, upperBound: 0.004),
            OperatingPoint(falseMatchRate: 1e-4, threshold: 0.1, upperBound: 0.003),
        ],
        set: "made for the tests", genuineCount: 10, impostorCount: 10)

    init(modality: Modality = .face, version: UInt8 = 1) throws {
        guard let digest = ModelDigest(bytes: [UInt8](repeating: version, count: 32)) else {
            throw FixtureError("digest")
        }
        model = ModelDescription(
            digest: digest, modality: modality, name: "pixels-\(modality.rawValue)", version: "\(version)",
            embeddingSize: Self.side * Self.side)
    }

    func makeSession() throws(RecognitionError) -> any EmbedderSession {
        if let refusal { throw refusal }
        return Session(self)
    }

    /// What the model makes of an image, for a test to compare with.
    func embedding(of image: RGBImage) throws -> Embedding {
        let session = try makeSession()
        return try session.embed([session.prepare(image, largest: true)])[0]
    }

    private final class Session: EmbedderSession {
        let pixels: PixelModel

        init(_ pixels: PixelModel) {
            self.pixels = pixels
        }

        func prepare(_ picture: any PictureSource, largest: Bool) throws(RecognitionError) -> PreparedSample {
            pixels.valve.pass()
            let image: RGBImage
            do { image = try picture.pixels() } catch { throw .imageRejected(error) }
            let faces = image.pixels.count { $0 == RGB(red: 255, green: 0, blue: 0) }
            guard faces > 0 else { throw .noFace }
            guard faces == 1 || largest else { throw .severalFaces(count: faces) }
            return Self.sample(of: image, facesFound: faces, face: nil)
        }

        private static func sample(of image: RGBImage, facesFound: Int, face: DetectedFace?) -> PreparedSample {
            let gray = image.grayscale().resized(width: side, height: side, method: .area)
            let mean = gray.pixels.reduce(0) { $0 + Double($1) } / Double(gray.pixels.count)
            return PreparedSample(
                image: gray.rgb(),
                measurements: [
                    QualityMeasurement(
                        .brightness, mean, minimum: brightness.lowerBound, maximum: brightness.upperBound)
                ],
                facesFound: facesFound, face: face,
                region: SourceRegion(subject: nil, margin: 0, longestSide: 512, keepsColor: true))
        }

        func prepareAll(
            _ picture: any PictureSource, shouldStop: () -> Bool
        ) throws(RecognitionError) -> PreparedFaces {
            pixels.valve.pass()
            let image: RGBImage
            do { image = try picture.pixels() } catch { throw .imageRejected(error) }
            let red = RGB(red: 255, green: 0, blue: 0), width = image.height
            var faces: [PreparedFaces.Face] = []
            let found = (0..<image.width / width).filter { square in
                (0..<width).contains { image[square * width + $0, 0] == red }
            }
            for square in found.prefix(PreparedFaces.limit) {
                guard !shouldStop() else { throw .imageRejected(.stopped) }
                let left = square * width
                let face = DetectedFace(
                    box: Rectangle(left: Double(left), top: 0, width: Double(width), height: Double(width)),
                    landmarks: (0..<5).map { Point(x: Double(left + $0), y: 1) }, landmarkLayout: .eyesNoseMouth,
                    confidence: 1)
                var part = RGBImage(width: width, height: width, repeating: red)
                for y in 0..<width { for x in 0..<width { part[x, y] = image[left + x, y] } }
                // A blue pixel beside the red one: a face that cannot be aligned.
                faces.append(
                    part[1, 0] == RGB(red: 0, green: 0, blue: 255)
                        ? PreparedFaces.Face(face: face, sample: .failure(.landmarksUnusable("it is blue")))
                        : PreparedFaces.Face(Self.sample(of: part, facesFound: found.count, face: face)))
            }
            return PreparedFaces(faces: faces, found: found.count, counted: found.count)
        }

        func prepare(kept crop: any PictureSource) throws(RecognitionError) -> PreparedSample {
            pixels.valve.noteKept()
            guard !pixels.refusesKept else { throw .noFace }
            return try prepare(crop, largest: true)
        }

        func embed(_ samples: [PreparedSample]) throws(RecognitionError) -> [Embedding] {
            pixels.valve.noteBatch(samples.count)
            var embeddings: [Embedding] = []
            for sample in samples {
                let levels = sample.image.pixels.map { Float($0.red) }
                let mean = levels.reduce(0, +) / Float(levels.count)
                let length = levels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
                guard length > 0,
                    let embedding = Embedding(values: levels.map { ($0 - mean) / length }, model: pixels.model.digest)
                else { throw .embeddingUnusable("the picture is of one grey") }
                embeddings.append(embedding)
            }
            return embeddings
        }
    }
}

/// Holds workers up where a test says so, and counts what comes by.
final class Valve: Sendable {
    private struct State {
        var closed = false
        /// How many may pass though it is closed.
        var allowed = 0
        var prepared = 0
        var kept = 0
        var batches: [Int] = []
    }

    private let state = Mutex(State())

    func close() { state.withLock { $0.closed = true } }
    func open() { state.withLock { $0.closed = false } }
    /// Lets one pass a closed valve.
    func letOnePass() { state.withLock { $0.allowed += 1 } }

    /// How many images have come by, those that are held up among them.
    var prepared: Int { state.withLock { $0.prepared } }
    /// How many of them were what a gallery had kept.
    var kept: Int { state.withLock { $0.kept } }
    var batches: [Int] { state.withLock { $0.batches } }

    /// Blocks the worker's thread, as a long computation does.
    fileprivate func pass() {
        state.withLock { $0.prepared += 1 }
        while state.withLock({ state in
            guard state.closed else { return false }
            guard state.allowed > 0 else { return true }
            state.allowed -= 1
            return false
        }) { usleep(1000) }
    }

    fileprivate func noteKept() { state.withLock { $0.kept += 1 } }

    fileprivate func noteBatch(_ count: Int) { state.withLock { $0.batches.append(count) } }
}

struct FixtureError: Error {
    let what: String

    init(_ what: String) {
        self.what = what
    }
}
