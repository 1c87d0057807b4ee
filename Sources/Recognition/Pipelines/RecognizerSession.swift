// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging
import NeuralNet

/// One worker's use of a model. Not `Sendable`: use it from one thread at a time.
public final class RecognizerSession {
    private let engine: EmbeddingEngine
    private let preparation: any SamplePreparation
    private let normalizes: Bool
    private let model: ModelDigest
    /// The buffers for each batch size that was used.
    private var runs: [Int: NetworkRun] = [:]
    private var values: [Float] = []

    init(engine: EmbeddingEngine, preparation: any SamplePreparation, normalizes: Bool, model: ModelDigest) {
        self.engine = engine
        self.preparation = preparation
        self.normalizes = normalizes
        self.model = model
    }

    /// Makes a picture ready for the network: finds, aligns and measures the face, finds and places the signature's
    /// ink, or scales the glyph.
    ///
    /// - Parameter largest: takes the largest of several faces instead of refusing them.
    /// - Throws: ``RecognitionError/noFace``, ``RecognitionError/severalFaces(count:)``,
    ///   ``RecognitionError/landmarksUnusable(_:)``, or what the engine refused. A picture of poor quality is no
    ///   error: see ``PreparedSample/defects``.
    public func prepare(_ picture: any PictureSource, largest: Bool = false) throws(RecognitionError) -> PreparedSample {
        guard picture.width > 0, picture.height > 0 else { throw .imageRejected(.noPixels) }
        return try preparation.prepare(picture, largest: largest)
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
        let input = engine.inputTensor.input
        for sample in samples where sample.image.width != input.width || sample.image.height != input.height {
            throw .wrongSampleSize(
                width: sample.image.width, height: sample.image.height, expectedWidth: input.width,
                expectedHeight: input.height)
        }
        var embeddings: [Embedding] = []
        embeddings.reserveCapacity(samples.count)
        while embeddings.count < samples.count {
            let remaining = samples.count - embeddings.count
            let batch = engine.batchSizes.first { $0 <= remaining } ?? 1
            embeddings += try embedBatch(samples[embeddings.count..<embeddings.count + batch])
        }
        return embeddings
    }

    private func embedBatch(_ samples: ArraySlice<PreparedSample>) throws(RecognitionError) -> [Embedding] {
        let tensor = engine.inputTensor
        if values.count != samples.count * tensor.count {
            values = Array(repeating: 0, count: samples.count * tensor.count)
        }
        for (index, sample) in samples.enumerated() {
            tensor.write(sample.image, to: &values, at: index * tensor.count)
        }
        let output: [Float]
        do throws(NetworkError) {
            let run = try run(batch: samples.count)
            try run.setInput(engine.inputName, values)
            try run.execute()
            output = try run.output(engine.outputName).values
        } catch {
            throw .network(error)
        }
        let size = engine.embeddingSize
        guard output.count == samples.count * size else {
            throw .internalFailure(
                "the network answered with \(output.count) numbers where \(samples.count * size) belong")
        }
        var embeddings: [Embedding] = []
        for index in 0..<samples.count {
            embeddings.append(try embedding(Array(output[index * size..<(index + 1) * size])))
        }
        return embeddings
    }

    private func run(batch: Int) throws(NetworkError) -> NetworkRun {
        if let run = runs[batch] { return run }
        let run = try engine.plan(batch: batch).makeRun()
        runs[batch] = run
        return run
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
