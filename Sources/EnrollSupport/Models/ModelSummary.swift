// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Recognition

/// A model package of a store, as `--json` prints it: the fields of the wire's `Model`, and what only the package
/// tells. Thresholds are scores, as they are on the wire.
public struct ModelSummary: Sendable, Encodable {
    public let model: WireModel
    /// Whether a daemon that starts now takes it for its modality.
    public let active: Bool
    public let calibrated: Bool
    public let path: String
    public let license: String
    public let source: String
    public let input: String
    public let alignment: String
    public let files: [String]
    /// What the thresholds do on each of several sets that the calibration was measured on; empty for one.
    public let sets: [SetFigures]

    public init(_ entry: ModelStore.Entry, isActive: Bool) {
        let manifest = entry.manifest
        let calibration = manifest.calibration
        model = WireModel(
            digest: entry.digest.hexadecimal, name: manifest.name, version: manifest.version,
            modality: manifest.modality,
            embeddingSize: manifest.network.embeddingSize, calibrationSet: calibration?.set ?? "",
            operatingPoints: calibration.map(Self.operatingPoints) ?? [])
        active = isActive
        calibrated = calibration != nil
        path = entry.path
        license = manifest.license
        source = manifest.source
        input = manifest.input.text
        alignment = manifest.alignment.kindName
        files = manifest.files
        sets = (calibration?.sets ?? []).map(SetFigures.init)
    }

    static func operatingPoints(_ calibration: Calibration) -> [WireOperatingPoint] {
        calibration.operatingPoints.map { point in
            WireOperatingPoint(
                falseMatchRate: point.falseMatchRate, threshold: calibration.score(distance: point.threshold),
                upperBound: point.upperBound, skilledFalseMatchRate: point.skilledFalseMatchRate)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case active, calibrated, path, license = "licence", source, input, alignment, files, calibrationSets =
            "calibration_sets"
    }

    public func encode(to encoder: any Encoder) throws {
        try model.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(active, forKey: .active)
        try container.encode(calibrated, forKey: .calibrated)
        try container.encode(path, forKey: .path)
        try container.encode(license, forKey: .license)
        try container.encode(source, forKey: .source)
        try container.encode(input, forKey: .input)
        try container.encode(alignment, forKey: .alignment)
        try container.encode(files, forKey: .files)
        try container.encode(sets, forKey: .calibrationSets)
    }

    /// What `enroll model show` prints.
    public var text: String {
        let fields = [
            ("active", active ? "yes" : "no; enroll model use \(model.name) makes it so"),
            ("modality", model.modality.rawValue),
            ("digest", model.digest),
            ("folder", path),
            ("files", files.joined(separator: ", ")),
            ("input", input),
            ("alignment", alignment),
            ("embedding", "\(model.embeddingSize) numbers"),
            ("licence", license),
            ("source", source),
            (
                "calibrated on",
                calibrated ? model.calibrationSet : "nothing: enroll model calibrate has to be run before it is of use"
            ),
        ]
        return PrintableText.of("\(model.name) \(model.version)") + "\n" + FieldList.text(fields)
            + OperatingPointTable.text(model.operatingPoints) + SetFigures.text(sets)
    }
}

/// The packages of a store, as `enroll model list` prints them.
public struct ModelList: Sendable, Encodable {
    public struct Problem: Sendable, Encodable {
        public let path: String
        public let message: String
    }

    public let folder: String
    public let models: [ModelSummary]
    public let faceCovers: [FaceCoverSummary]
    public let problems: [Problem]

    private enum CodingKeys: String, CodingKey {
        case folder, models, faceCovers = "face_covers", problems
    }

    public init(_ store: ModelStore) throws(CommandFailure) {
        do throws(ModelPackageError) {
            let contents = try store.contents()
            folder = store.folder
            models = contents.entries.map { ModelSummary($0, isActive: store.isActive($0)) }
            let covers = try store.faceCovers()
            faceCovers = covers.entries.map { FaceCoverSummary($0, isUsed: store.isUsed($0)) }
            problems = (contents.problems + covers.problems).map {
                Problem(path: $0.path, message: $0.error.description)
            }
        } catch {
            throw CommandFailure(error)
        }
    }

    public var isEmpty: Bool { models.isEmpty && faceCovers.isEmpty }

    public var text: String {
        guard !isEmpty else {
            return PrintableText.of("\(folder) holds no model; make one with enroll model import") + "\n"
        }
        return TextTable(
            columns: [
                .init("ACTIVE"), .init("NAME"), .init("VERSION"), .init("MODALITY"), .init("DIGEST"),
                .init("CALIBRATED"),
            ],
            rows: models.map { summary in
                [
                    summary.active ? "*" : "", summary.model.name, summary.model.version,
                    summary.model.modality.rawValue,
                    IdentityText.shortDigest(summary.model.digest), summary.calibrated ? "yes" : "no",
                ]
            } + faceCovers.map(\.row)
        ).text
    }

    /// What is in the folder and no usable package, for standard error.
    public var complaints: String {
        problems.map { "enroll: warning: \(PrintableText.of("\($0.path): \($0.message)"))\n" }.joined()
    }
}

extension NetworkInput {
    /// `112×112 RGB NCHW`
    var text: String { "\(width)×\(height) \(channels.rawValue) \(layout.rawValue)" }
}
