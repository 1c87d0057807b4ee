import Biometrics
import NeuralNet

/// A model ready for use: its networks and how images are prepared for them.
///
/// It holds every weight once, is cheap to copy and is shared by all workers; each of them makes a session.
public struct Recognizer: Sendable {
    public let manifest: ModelManifest
    /// The model that the embeddings carry.
    public let digest: ModelDigest
    private let engine: EmbeddingEngine
    private let pipeline: Pipeline

    /// From a decoded image to what the network takes.
    private enum Pipeline: Sendable {
        case face(any FaceLocator, any FaceAligner)
        case plain
    }

    /// Loads the networks and checks them against the manifest.
    ///
    /// - Throws: ``ModelPackageError/unsupportedModality(_:)`` for signatures;
    ///   ``ModelPackageError/network(file:_:)`` when the engine refuses a network;
    ///   ``ModelPackageError/invalidFile(file:reason:)`` when a file's content is not as the manifest states.
    public init(package: ModelPackage) throws(ModelPackageError) {
        switch package.manifest.modality {
        case .face: pipeline = .face(try package.faceLocator(), try package.faceAligner())
        case .glyph: pipeline = .plain
        case .signature: throw .unsupportedModality(.signature)
        }
        engine = try EmbeddingEngine(package)
        manifest = package.manifest
        digest = package.digest
    }

    public var modality: Modality { manifest.modality }

    /// What turns distances into decisions; nil where the model is not calibrated.
    public var calibration: Calibration? { manifest.calibration }

    /// The calibration, for whoever cannot work without one.
    ///
    /// - Throws: ``ModelPackageError/notCalibrated(name:)``.
    public func requiredCalibration() throws(ModelPackageError) -> Calibration {
        guard let calibration else { throw .notCalibrated(name: manifest.name) }
        return calibration
    }

    /// A worker's own session, with buffers of its own.
    public func makeSession() throws(RecognitionError) -> RecognizerSession {
        let preparation: any SamplePreparation
        switch pipeline {
        case .plain:
            preparation = PlainPreparation(input: manifest.input)
        case .face(let locator, let aligner):
            do {
                preparation = FacePreparation(
                    locator: try locator.makeSession(), aligner: aligner, limits: manifest.quality)
            } catch {
                throw .wrapping(error)
            }
        }
        return RecognizerSession(
            engine: engine, preparation: preparation, normalises: manifest.network.normalise, model: digest)
    }
}
