// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging

/// A face-cover network and where it looks in the chips of one face model; shared by all workers.
package final class FaceCoverEngine: Sendable {
    let manifest: FaceCoverManifest
    /// The part of an aligned chip that the network sees.
    package let region: PixelRegion
    let network: EmbeddingEngine

    /// - Parameters:
    ///   - alignment: how the face model's chips are cut.
    ///   - chipSize: their side in pixels.
    /// - Throws: ``ModelPackageError`` when the network is refused, is not as its manifest states, or sees more of a face
    ///   than the chips show.
    package init(
        _ package: FaceCoverPackage, alignment: SampleAlignment, chipSize: Int
    ) throws(ModelPackageError) {
        manifest = package.manifest
        guard let eyes = alignment.meanEyes(chipSize: chipSize),
            let region = manifest.view.region(eyes: eyes, chipSize: chipSize)
        else {
            throw .contradiction(
                reason:
                    "the chips of the alignment “\(alignment.kindName)” show less of a face than the face-cover network “\(manifest.name)” sees; use another one, or none"
            )
        }
        self.region = region
        network = try EmbeddingEngine(
            onnx: package.network, file: manifest.file, input: manifest.input, outputSize: 2,
            stated: "two numbers, for the eyes and for mouth and nose")
    }
}

/// One worker's use of a face-cover network. Not `Sendable`.
package final class FaceCoverMeter {
    private let engine: FaceCoverEngine
    private let network: NetworkEmbedder

    package init(_ engine: FaceCoverEngine) {
        self.engine = engine
        network = NetworkEmbedder(engine.network)
    }

    /// How surely the eyes, and mouth and nose, of the face on an aligned chip are seen, each with its limit.
    ///
    /// What the network answers that is no number counts as covered.
    /// - Throws: what the engine threw.
    package func measurements(of chip: RGBImage) throws(RecognitionError) -> [QualityMeasurement] {
        let answers = try network.outputs(of: [view(of: chip)])[0]
        func share(_ value: Float) -> Double { value.isFinite ? min(max(Double(value), 0), 1) : 0 }
        let manifest = engine.manifest
        return [
            QualityMeasurement(.eyesVisible, share(answers[0]), minimum: manifest.minimumEyesVisible),
            QualityMeasurement(
                .mouthAndNoseVisible, share(answers[1]), minimum: manifest.minimumMouthAndNoseVisible),
        ]
    }

    /// What the network sees of a chip.
    package func view(of chip: RGBImage) -> RGBImage {
        let region = engine.region, input = engine.manifest.input
        let isReduced = region.width >= input.width
        return chip.cropped(x: region.left, y: region.top, width: region.width, height: region.height)
            .resized(width: input.width, height: input.height, method: isReduced ? .area : .bilinear)
    }
}
