// SPDX-License-Identifier: Apache-2.0

import Biometrics
import NeuralNet

/// A model ready for use: its networks and how images are prepared for them.
///
/// It holds every weight once, is cheap to copy and is shared by all workers; each of them makes a session.
public struct Recognizer: Sendable {
    public let manifest: ModelManifest
    /// The model that the embeddings carry.
    public let digest: ModelDigest
    /// What covered faces are measured by; nil where that is not done.
    public let faceCover: FaceCoverManifest?
    private let cover: FaceCoverEngine?
    private let engine: EmbeddingEngine
    private let pipeline: Pipeline

    /// From a decoded image to what the network takes.
    private enum Pipeline: Sendable {
        case face(any FaceLocator, any FaceAligner)
        case signature(SignaturePreparation)
        case plain
    }

    /// Loads the networks and checks them against the manifest.
    ///
    /// - Parameter faceCover: what a face model measures covered faces by; it means nothing for others.
    /// - Throws: ``ModelPackageError/network(file:_:)`` when the engine refuses a network;
    ///   ``ModelPackageError/invalidFile(file:reason:)`` when a file's content is not as the manifest states.
    public init(package: ModelPackage, faceCover: FaceCoverPackage? = nil) throws(ModelPackageError) {
        let input = package.manifest.input
        switch (package.manifest.modality, package.manifest.alignment) {
        case (.face, _): pipeline = .face(try package.faceLocator(), try package.faceAligner())
        case (.signature, .signatureCanvas(let ink)):
            pipeline = .signature(
                SignaturePreparation(
                    width: input.width, height: input.height, ink: ink, limits: package.manifest.quality))
        case (.signature, _), (.glyph, _): pipeline = .plain
        }
        if let faceCover, package.manifest.modality == .face {
            cover = try FaceCoverEngine(faceCover, alignment: package.manifest.alignment, chipSize: input.width)
            self.faceCover = faceCover.manifest
        } else {
            cover = nil
            self.faceCover = nil
        }
        engine = try EmbeddingEngine(package)
        manifest = package.manifest
        digest = package.digest
    }

    public var modality: Modality { manifest.modality }

    /// What turns distances into decisions; nil where the model is not calibrated.
    public var calibration: Calibration? { manifest.calibration }

    /// The calibration, for callers that cannot work without one.
    ///
    /// - Throws: ``ModelPackageError/notCalibrated(name:)``.
    public func requiredCalibration() throws(ModelPackageError) -> Calibration {
        guard let calibration else { throw .notCalibrated(name: manifest.name) }
        return calibration
    }

    /// A worker's own session, with buffers of its own.
    public func makeSession() throws(RecognitionError) -> RecognizerSession {
        let embedder = NetworkEmbedder(engine)
        let preparation: any SamplePreparation
        switch pipeline {
        case .plain:
            preparation = PlainPreparation(input: manifest.input)
        case .signature(let canvas):
            preparation = CanvasPreparation(canvas)
        case .face(let locator, let aligner):
            do {
                let orientation = FaceOrientation(
                    search: try FaceSearch(locator), aligner: aligner, embedder: embedder,
                    normalizes: manifest.network.normalize,
                    measuresMirrorDistance: manifest.network.views.mirror
                        || manifest.quality.maximumMirrorDistance != nil)
                preparation = FacePreparation(
                    orientation, limits: manifest.quality, cover: cover.map { FaceCoverMeter($0) })
            } catch {
                throw .wrapping(error)
            }
        }
        return RecognizerSession(
            embedder: embedder, preparation: preparation, network: manifest.network, model: digest)
    }
}
