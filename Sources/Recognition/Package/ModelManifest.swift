// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// What `model.toml` states about a model: everything that is not in the networks themselves.
public struct ModelManifest: Sendable, Hashable {
    /// The model's name, for people: 1–64 characters of a–z, A–Z, 0–9, `.`, `_` and `-`, the first a
    /// letter or digit.
    public var name: String
    /// The model's version, of the same characters.
    public var version: String
    public var modality: Modality
    /// The terms it may be used under (an SPDX expression where there is one), and where it comes from.
    public var license: String
    public var source: String
    public var input: NetworkInput
    public var network: EmbeddingNetwork
    public var alignment: SampleAlignment
    /// The face detector; a face model has one, others have none.
    public var detector: FaceDetection?
    public var quality: QualityLimits
    /// How distances count by the spread of an identity's samples; nil takes them as they are. For embeddings of length
    /// 1 alone.
    public var spread: ReferenceSpread?
    /// How distances count by the number of an identity's samples; nil takes them as they are.
    public var countScale: SampleCountScale?
    /// What turns distances into decisions; nil until the model is calibrated.
    public var calibration: Calibration?

    /// - Throws: ``ModelPackageError/contradiction(reason:)`` when the parts do not fit together.
    public init(
        name: String, version: String, modality: Modality, license: String, source: String, input: NetworkInput,
        network: EmbeddingNetwork, alignment: SampleAlignment, detector: FaceDetection? = nil,
        quality: QualityLimits = QualityLimits(), spread: ReferenceSpread? = nil,
        countScale: SampleCountScale? = nil, calibration: Calibration? = nil
    ) throws(ModelPackageError) {
        self.name = name
        self.version = version
        self.modality = modality
        self.license = license
        self.source = source
        self.input = input
        self.network = network
        self.alignment = alignment
        self.detector = detector
        self.quality = quality
        self.spread = spread
        self.countScale = countScale
        self.calibration = calibration
        try validate()
    }

    /// The files that the manifest names, without `model.toml` itself.
    public var files: [String] {
        var files = [network.file]
        if let detector {
            files.append(detector.file)
            if case .dlibMMOD(_, let landmarksFile) = detector.kind { files.append(landmarksFile) }
        }
        return files
    }

    /// How an identity's distance is taken unless the operator states another rule.
    public var defaultReferenceRule: IdentityReference.Rule {
        network.normalize
            ? IdentityReference.Rule(.normalizedMean, spread: spread, countScale: countScale)
            : IdentityReference.Rule(.mean, countScale: countScale)
    }

    private func validate() throws(ModelPackageError) {
        try Self.check(name: name, version: version, files: files)
        guard spread == nil || network.normalize else {
            throw .contradiction(
                reason: "distances are counted by spread where embeddings have length 1, and network.normalise is false"
            )
        }
        guard Set(files).count == files.count else {
            throw .contradiction(reason: "one file is named for two purposes")
        }
        try validateDetector()
    }

    /// What holds for the names in every manifest.
    static func check(name: String, version: String, files: [String]) throws(ModelPackageError) {
        for (key, text) in [("name", name), ("version", version)] where !PackageFileName.isPlain(text, atMost: 64) {
            throw .invalidValue(
                key: key, found: "the text “\(text.prefix(80))”",
                expected: "1 to 64 characters of a–z, A–Z, 0–9, “.”, “_” and “-”, the first a letter or digit")
        }
        for file in files
        where !PackageFileName.isPlain(file, atMost: PackageFileName.maximumLength) || file == PackageFileName.manifest
        {
            throw .invalidValue(
                key: "file", found: "the text “\(file.prefix(80))”",
                expected: "a file name without folders, such as “embed.onnx”")
        }
    }

    private func validateDetector() throws(ModelPackageError) {
        switch (modality, detector) {
        case (.face, nil):
            throw .contradiction(reason: "a face model needs a [detector]")
        case (.glyph, .some), (.signature, .some):
            throw .contradiction(reason: "a model of the modality “\(modality.rawValue)” has no [detector]")
        case (.glyph, nil):
            guard alignment == .none else {
                throw .contradiction(
                    reason:
                        "a glyph is taken as it is, and the alignment “\(alignment.kindName)” cuts something out; the alignment of a glyph model is “none”"
                )
            }
        case (.signature, nil):
            guard alignment.landmarkLayout == nil else {
                throw .contradiction(
                    reason:
                        "a signature has no landmarks for the alignment “\(alignment.kindName)”; a signature model's is “signature-canvas”, or “none” for the whole picture"
                )
            }
        case (.face, let detector?):
            guard alignment.landmarkLayout == detector.landmarkLayout else {
                throw .contradiction(
                    reason:
                        "the alignment “\(alignment.kindName)” does not take the landmarks “\(detector.landmarkLayout.rawValue)” that the detector delivers; “arcface” goes with “yunet”, “dlib-chip” with “dlib-mmod”"
                )
            }
            guard input.width == input.height else {
                throw .contradiction(
                    reason: "aligned faces are square, and the input is \(input.width)×\(input.height)")
            }
        }
    }
}
