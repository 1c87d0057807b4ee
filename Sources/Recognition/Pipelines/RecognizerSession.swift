// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging

/// One worker's use of a model. Not `Sendable`: use it from one thread at a time.
public final class RecognizerSession {
    private let embedder: NetworkEmbedder
    private let preparation: any SamplePreparation
    private let normalizes: Bool
    private let views: EmbeddingViews
    private let model: ModelDigest

    init(
        embedder: NetworkEmbedder, preparation: any SamplePreparation, network: EmbeddingNetwork, model: ModelDigest
    ) {
        self.embedder = embedder
        self.preparation = preparation
        normalizes = network.normalize
        views = network.views
        self.model = model
    }

    /// How long this session's detector of faces has looked at pictures so far, without reading and aligning them; zero for
    /// models of what is no face.
    public var detectionTime: Duration { preparation.detectionTime }

    /// Makes a picture ready for the network: finds, aligns and measures the face, finds and places the signature's
    /// ink, or scales the glyph.
    ///
    /// - Parameter largest: takes the largest of several faces instead of refusing them.
    /// - Throws: ``RecognitionError/noFace``, ``RecognitionError/severalFaces(count:)``,
    ///   ``RecognitionError/landmarksUnusable(_:)``, or what the engine refused. A picture of poor quality is no
    ///   error: see ``PreparedSample/defects``.
    public func prepare(_ picture: any PictureSource, largest: Bool = false) throws(RecognitionError) -> PreparedSample
    {
        guard picture.width > 0, picture.height > 0 else { throw .imageRejected(.noPixels) }
        return try preparation.prepare(picture, largest: largest)
    }

    /// Makes the largest faces of a picture ready, ``PreparedFaces/limit`` at most; of another modality the one sample that there is. A picture without
    /// a face has none, and is no error.
    ///
    /// ``PreparedSample/facesFound`` is how many of all that were found count (``PreparedFaces/counted``).
    /// - Parameter shouldStop: asked before each of them.
    /// - Throws: as ``prepare(_:largest:)`` does, but neither ``RecognitionError/noFace``,
    ///   ``RecognitionError/severalFaces(count:)`` nor ``RecognitionError/landmarksUnusable(_:)``, which each face has
    ///   for itself; ``RecognitionError/imageRejected(_:)`` with `stopped` where that was asked for.
    public func prepareAll(
        _ picture: any PictureSource, shouldStop: () -> Bool = { false }
    ) throws(RecognitionError) -> PreparedFaces {
        guard picture.width > 0, picture.height > 0 else { throw .imageRejected(.noPixels) }
        return try preparation.prepareAll(picture, shouldStop: shouldStop)
    }

    /// Makes what a gallery has kept of an image (``PreparedSample/source(in:)``), by this model or another, ready for
    /// the network.
    ///
    /// For a face it is the face that the crop was made around, no matter who else is in its margin. The measurements
    /// are those of the crop, which may show the face with fewer pixels than the original did.
    /// - Throws: as ``prepare(_:largest:)`` does, but never ``RecognitionError/severalFaces(count:)``;
    ///   ``RecognitionError/noFace`` also when the only faces found are those of bystanders.
    public func prepare(kept crop: any PictureSource) throws(RecognitionError) -> PreparedSample {
        guard crop.width > 0, crop.height > 0 else { throw .imageRejected(.noPixels) }
        return try preparation.prepare(kept: crop)
    }

    /// The embedding of one sample.
    ///
    /// - Throws: see ``embed(_:)-([PreparedSample])``.
    public func embed(_ sample: PreparedSample) throws(RecognitionError) -> Embedding {
        guard let embedding = try embed([sample]).first else { throw .internalFailure("one sample gave no embedding") }
        return embedding
    }

    /// The embeddings of samples, in their order; several go through the network at once where it can.
    ///
    /// - Throws: ``RecognitionError/wrongSampleSize(width:height:expectedWidth:expectedHeight:)`` for a sample
    ///   of another model, ``RecognitionError/embeddingUnusable(_:)`` when the network answers with what is no
    ///   number, or ``RecognitionError/network(_:)``. One failure fails all of them.
    public func embed(_ samples: [PreparedSample]) throws(RecognitionError) -> [Embedding] {
        let input = embedder.input
        for sample in samples where sample.image.width != input.width || sample.image.height != input.height {
            throw .wrongSampleSize(
                width: sample.image.width, height: sample.image.height, expectedWidth: input.width,
                expectedHeight: input.height)
        }
        let outputs = try embedder.outputs(of: samples.flatMap { views.images(of: $0.image) })
        var embeddings: [Embedding] = []
        embeddings.reserveCapacity(samples.count)
        for index in samples.indices {
            embeddings.append(try embedding(Self.mean(of: outputs[index * views.count..<(index + 1) * views.count])))
        }
        return embeddings
    }

    private static func mean(of rows: ArraySlice<[Float]>) -> [Float] {
        guard let first = rows.first, rows.count > 1 else { return rows.first ?? [] }
        return first.indices.map { column in
            Float(rows.reduce(0.0) { $0 + Double($1[column]) } / Double(rows.count))
        }
    }

    private func embedding(_ values: [Float]) throws(RecognitionError) -> Embedding {
        var values = values
        if normalizes {
            let length = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            guard length > 0 || length.isNaN else {
                throw .embeddingUnusable("all its numbers are 0, so that it cannot be brought to length 1")
            }
            values = values.map { Float(Double($0) / length) }
        }
        guard let embedding = Embedding(values: values, model: model) else {
            throw .embeddingUnusable("it holds a value that is not a finite number")
        }
        return embedding
    }
}

@available(*, unavailable)
extension RecognizerSession: Sendable {}
