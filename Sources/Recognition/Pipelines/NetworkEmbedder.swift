// SPDX-License-Identifier: Apache-2.0

import Imaging
import NeuralNet

/// One worker's use of an embedding network: images in, the network's numbers out. Not `Sendable`.
final class NetworkEmbedder {
    private let engine: EmbeddingEngine
    /// The buffers for each batch size that was used.
    private var runs: [Int: NetworkRun] = [:]
    private var values: [Float] = []
    /// What the network answered last: an image whose orientation was checked is embedded right after.
    private var latest: [(image: RGBImage, output: [Float])] = []

    /// More answers than this are not kept.
    private static let kept = 2

    init(_ engine: EmbeddingEngine) {
        self.engine = engine
    }

    var input: NetworkInput { engine.inputTensor.input }

    /// What the network answers to images of its input's size, in their order.
    ///
    /// - Throws: ``RecognitionError/network(_:)`` or ``RecognitionError/internalFailure(_:)``.
    func outputs(of images: [RGBImage]) throws(RecognitionError) -> [[Float]] {
        let known = images.map { image in latest.first { $0.image == image }?.output }
        let missing = images.indices.filter { known[$0] == nil }
        guard !missing.isEmpty else { return known.compactMap(\.self) }
        var computed: [[Float]] = []
        while computed.count < missing.count {
            let remaining = missing[computed.count...]
            let batch = engine.batchSizes.first { $0 <= remaining.count } ?? 1
            computed += try run(remaining.prefix(batch).map { images[$0] })
        }
        var answers = known
        for (index, output) in zip(missing, computed) { answers[index] = output }
        let outputs = answers.compactMap(\.self)
        if images.count <= Self.kept { latest = Array(zip(images, outputs)) }
        return outputs
    }

    private func run(_ images: [RGBImage]) throws(RecognitionError) -> [[Float]] {
        let tensor = engine.inputTensor
        if values.count != images.count * tensor.count {
            values = Array(repeating: 0, count: images.count * tensor.count)
        }
        for (index, image) in images.enumerated() {
            tensor.write(image, to: &values, at: index * tensor.count)
        }
        let output: [Float]
        do throws(NetworkError) {
            let run = try run(batch: images.count)
            try run.setInput(engine.inputName, values)
            try run.execute()
            output = try run.output(engine.outputName).values
        } catch {
            throw .network(error)
        }
        let size = engine.embeddingSize
        guard output.count == images.count * size else {
            throw .internalFailure(
                "the network answered with \(output.count) numbers where \(images.count * size) belong")
        }
        return images.indices.map { Array(output[$0 * size..<($0 + 1) * size]) }
    }

    private func run(batch: Int) throws(NetworkError) -> NetworkRun {
        if let run = runs[batch] { return run }
        let run = try engine.plan(batch: batch).makeRun()
        runs[batch] = run
        return run
    }
}
