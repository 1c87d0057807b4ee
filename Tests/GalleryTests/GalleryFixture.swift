import Biometrics
import Foundation
import Gallery

/// A gallery in a folder of its own that is gone when the value is.
final class GalleryFixture: Sendable {
    static let model = ModelDescription(
        digest: ModelDigest(bytes: [UInt8](repeating: 1, count: 32)).rightByConstruction, modality: .face, name: "first",
        version: "1", embeddingSize: 3)
    static let otherModel = ModelDescription(
        digest: ModelDigest(bytes: [UInt8](repeating: 2, count: 32)).rightByConstruction, modality: .face, name: "second",
        version: "4", embeddingSize: 3)

    let folder: String
    var path: String { folder + "/gallery.sqlite" }

    init() throws {
        folder = NSTemporaryDirectory() + "/gallery-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// An open gallery with the first model active.
    func opened(keys: WrappingKeys = .none, keepsSamples: Bool = true) async throws -> SQLGallery {
        var options = SQLGallery.Options()
        options.keys = keys
        options.keepsSamples = keepsSamples
        let gallery = try await SQLiteGallery.open(path: path, options: options)
        _ = try await gallery.activate(Self.model)
        return gallery
    }

    static func embedding(_ values: [Float] = [1, 2, 3], model: ModelDescription = model) throws -> Embedding {
        guard let embedding = Embedding(values: values, model: model.digest) else { throw FixtureError() }
        return embedding
    }

    static func sample(
        _ values: [Float] = [1, 2, 3], original: UInt8 = 9, image: [UInt8] = [0x89, 0x50], measurements: [Biometrics.Measurement] = [],
        model: ModelDescription = model
    ) throws -> NewSample {
        NewSample(
            image: image, width: 150, height: 148, original: [UInt8](repeating: original, count: 32),
            measurements: measurements, embedding: try embedding(values, model: model))
    }
}

struct FixtureError: Error {}

extension Optional {
    /// For constants that are right by construction.
    fileprivate var rightByConstruction: Wrapped {
        guard let self else { preconditionFailure("a digest has 32 bytes") }
        return self
    }
}
