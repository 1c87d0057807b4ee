// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging
import NeuralNet
import Recognition
import Training
import Wording

extension TrainedNetwork {
    /// The network's file in the packages made here.
    public static let networkFile = "embed.onnx"
    /// How far the packaged network's numbers may be from the trained one's, as a share of those beyond 1.
    public static let largestDifference = 1e-4

    /// A calibration measured on the held-out identities, or the held-out pairs of a list.
    ///
    /// - Throws: `CalibrationError` when there are too few, or the network does not tell them apart.
    public func heldOutCalibration() throws -> Calibration {
        if let pairs = try evaluatePairs() {
            return try Calibration.fit(
                genuine: pairs.genuine.map { Double($0.distance) },
                impostor: pairs.impostor.map { Double($0.distance) },
                set:
                    "\(sourceNames): \(NumberText.count(pairs.genuine.count + pairs.impostor.count, "pair")) of identities that the training did not see"
            )
        }
        let results = try evaluateSets(draws: 1, bootstrap: .none)
        let count = builder.measure(builder.partition.heldOut).map { Set($0.images).count } ?? 0
        return try Calibration.fit(
            results,
            set:
                "\(sourceNames): \(NumberText.count(builder.partition.heldOut.count, "identity", "identities")) that the training did not see, "
                + "\(NumberText.count(count, "image")); references of \(Self.counts(results)) samples by the rule “\(builder.rule.name)” "
                + "against the other images")
    }

    /// The numbers of samples of the references that were measured.
    static func counts(_ sets: [SetResults]) -> String {
        Set(sets.flatMap(\.results).filter { !$0.trials.genuine.isEmpty }.map(\.referenceCount)).sorted().map(
            String.init
        )
        .joined(separator: ", ")
    }

    /// The names of the evaluated sources.
    var sourceNames: String { recipe.evaluatedSources.joined(separator: ", ") }

    /// The network as a model package, and how far its embeddings are from the trained network's.
    ///
    /// - Throws: `ModelPackageError`, or ``RunError/packageDiffers(difference:limit:)`` when the package does not do
    ///   what the network does.
    public func makePackage(calibration: Calibration?) throws -> (package: ModelPackage, difference: Double) {
        let data = recipe.data, graph = try graph()
        var files = [Self.networkFile: try graph.onnxBytes()]
        var alignment = SampleAlignment.none, detector: FaceDetection?, quality = QualityLimits()
        switch data.modality {
        case .glyph: break
        case .signature:
            if let ink = data.ink.preparation { (alignment, quality) = (.signatureCanvas(ink: ink), .signature) }
        case .face:
            guard let path = data.faces else { break }
            let faces = try ModelPackage.load(from: path)
            (alignment, detector, quality) = (faces.manifest.alignment, faces.manifest.detector, faces.manifest.quality)
            for name in faces.manifest.files where name != faces.manifest.network.file {
                files[name] = faces.files[name]
            }
        }
        let manifest = try ModelManifest(
            name: recipe.package.name, version: recipe.package.version, modality: data.modality,
            license: recipe.package.license,
            source: recipe.package.source,
            input: NetworkInput(
                width: data.width, height: data.height, layout: .nchw, channels: .gray, mean: [data.mean],
                standardDeviation: [data.standardDeviation]),
            network: EmbeddingNetwork(
                file: Self.networkFile, embeddingSize: builder.dimension, normalize: graph.isNormalized),
            alignment: alignment, detector: detector, quality: quality, spread: recipe.package.spread,
            calibration: calibration)
        let package = try ModelPackage(manifest: manifest, files: files)
        let difference = try difference(of: package)
        guard difference < Self.largestDifference else {
            throw RunError.packageDiffers(difference: difference, limit: Self.largestDifference)
        }
        return (package, difference)
    }

    /// The largest difference, over some images, between what the package makes of them and what the trainer does.
    private func difference(of package: ModelPackage) throws -> Double {
        let session = try Recognizer(package: package).makeSession()
        guard let cache = builder.data.cache ?? builder.data.lists.values.first?.cache else { return 0 }
        let count = min(cache.count, 32)
        let indices = (0..<count).map { $0 * cache.count / max(count, 1) }
        let images = TrainingImages(
            cache: cache,
            scaling: PixelScaling(mean: recipe.data.mean, standardDeviation: recipe.data.standardDeviation))
        let expected = try embeddings(of: indices, in: images)
        let found = try session.embed(indices.map { PreparedSample(image: cache.tile($0).rgb(), measurements: []) })
            .flatMap(\.values)
        return zip(expected, found).reduce(0.0) { largest, pair in
            max(largest, Double(abs(pair.0 - pair.1)) / max(1, Double(abs(pair.0))))
        }
    }
}
