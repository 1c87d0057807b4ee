// SPDX-License-Identifier: Apache-2.0

import Recognition

extension DlibModelFiles {
    /// The model's name in its manifest.
    public static let modelName = "dlib-resnet-v1"
    /// Scores of the detector below this support no decision; on the AT&T (ORL) set it gives at least 0.97.
    public static let minimumDetection = 0.5

    /// Faces that are farther from their mirror image support no decision. Of 1,548 photographs of strangers one in a
    /// thousand is, and none of the AT&T (ORL) set, which has 0.29 at most. Of genuine comparisons of those strangers at
    /// FMR 1e-3, 4 % do not match where both faces have less than 0.25, and 7 of 10 where one has more than 0.3.
    public static let maximumMirrorDistance = 0.4

    /// How distances to several samples count, so that the thresholds, which are measured between single samples, hold for
    /// them. Between strangers in the wild the threshold of FMR 1e-3 is 6 % smaller for the mean of two samples (52 people)
    /// and 4 % smaller for that of three (15 people); on the AT&T (ORL) set 3, 4 and 6 % for two, three and five.
    public static let countGain = 0.1

    private enum File {
        static let embedding = "embed.onnx"
        static let detector = "detect.onnx"
        static let landmarks = "landmarks.bin"
    }

    /// The model package: dlib's detector and chip, its network, embeddings of any length compared by their
    /// Euclidean distance.
    ///
    /// It carries ``DlibCalibration`` where all three files are the published ones and images are scaled and seen as
    /// they were for it; otherwise no calibration.
    public func modelPackage(
        name: String = modelName, version: String = "2", views: EmbeddingViews = .face,
        quality: QualityLimits = .face(
            minimumDetection: minimumDetection, maximumMirrorDistance: maximumMirrorDistance)
    ) throws(ModelPackageError) -> ModelPackage {
        let manifest = try ModelManifest(
            name: name, version: version, modality: .face, license: license, source: source,
            input: NetworkInput(
                width: chipSide, height: chipSide, layout: .nchw, channels: .rgb, mean: means.map(Double.init),
                standardDeviation: Array(repeating: Double(divisor), count: means.count)),
            network: EmbeddingNetwork(
                file: File.embedding, embeddingSize: embeddingSize, normalize: false, views: views),
            alignment: .dlibChip(padding: chipPadding),
            detector: FaceDetection(
                file: File.detector, kind: .dlibMMOD(detector, landmarksFile: File.landmarks)),
            quality: quality, countScale: SampleCountScale(gain: Self.countGain),
            calibration: views == .face ? try calibration : nil)
        return try ModelPackage(
            manifest: manifest,
            files: [File.embedding: embedONNX, File.detector: detectONNX, File.landmarks: landmarks])
    }

    private var calibration: Calibration? {
        get throws(ModelPackageError) {
            guard isPublished, detector.scaling == .default else { return nil }
            do {
                return try DlibCalibration.published()
            } catch {
                throw .contradiction(reason: error.description)
            }
        }
    }
}
