// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// A manifest with the digests of the files it names: the whole content of `model.toml`.
struct ManifestText {
    let manifest: ModelManifest
    /// SHA-256 in lower-case hexadecimal digits, by file name.
    let digests: [String: String]

    /// The largest `model.toml` that is read.
    static let maximumBytes = 256 << 10
    /// The manifest's own format; a package of another is refused.
    static let format = 1

    init(manifest: ModelManifest, digests: [String: String]) {
        self.manifest = manifest
        self.digests = digests
    }

    /// - Throws: ``ModelPackageError`` that names the key and what was expected there.
    init(parsing text: String) throws(ModelPackageError) {
        let top = try ManifestTable.parsing(text, atMost: Self.maximumBytes)
        if top.has(PackagePurpose.key) {
            throw top.wrong(
                PackagePurpose.key, found: "the text “\(try top.string(PackagePurpose.key).prefix(80))”",
                expected: "nothing in a model; a network that goes beside models is no model itself")
        }
        try top.requireKeys([
            "format", "name", "version", "modality", "licence", "source", "input", "network", "alignment", "detector",
            "quality", "references", "calibration", "files",
        ])
        _ = try top.integer("format", in: Self.format...Self.format)
        let references =
            top.has("references")
            ? try ReferencesSection(top.table("references")) : ReferencesSection(spread: nil, countScale: nil)
        manifest = try ModelManifest(
            name: top.string("name"), version: top.string("version"),
            modality: top.choice("modality", of: Modality.self),
            license: top.string("licence"), source: top.string("source"),
            input: NetworkInput(top.table("input")), network: EmbeddingNetwork(top.table("network")),
            alignment: SampleAlignment(top.table("alignment")),
            detector: top.has("detector") ? FaceDetection(top.table("detector")) : nil,
            quality: top.has("quality") ? QualityLimits(top.table("quality")) : QualityLimits(),
            spread: references.spread, countScale: references.countScale,
            calibration: top.has("calibration") ? Calibration(top.table("calibration")) : nil)
        digests = try Self.digests(try top.table("files"), of: manifest.files)
    }

    static func digests(
        _ table: ManifestTable, of files: [String]
    ) throws(ModelPackageError) -> [String: String] {
        try table.requireKeys(files)
        var digests: [String: String] = [:]
        for file in files {
            let text = try table.string(file, expected: "the SHA-256 of the file")
            guard let digest = ModelDigest(hexadecimal: text) else {
                throw table.wrong(file, found: "the text “\(text.prefix(80))”", expected: "64 hexadecimal digits")
            }
            digests[file] = digest.hexadecimal
        }
        return digests
    }

    /// The text that determines an embedding: what must be equal for two embeddings to be comparable.
    ///
    /// The calibration, the ways to count distances to several samples and the quality limits judge embeddings and do not change them; name, version,
    /// licence and source are for people. None of these is in it.
    var determiningText: String {
        let manifest = manifest
        let sections =
            [
                ManifestSection(
                    "", ["format": .integer(Self.format), "modality": .string(manifest.modality.rawValue)]),
                manifest.input.section, manifest.network.section, manifest.alignment.section,
            ] + (manifest.detector.map { [$0.section] } ?? []) + [filesSection]
        return sections.map(\.tomlText).joined()
    }

    /// The text of `model.toml`.
    var tomlText: String {
        let head = ManifestSection(
            "",
            [
                "format": .integer(Self.format),
                "name": .string(manifest.name), "version": .string(manifest.version),
                "modality": .string(manifest.modality.rawValue),
                "licence": .string(manifest.license), "source": .string(manifest.source),
            ])
        var sections = [head, manifest.input.section, manifest.network.section, manifest.alignment.section]
        if let detector = manifest.detector { sections.append(detector.section) }
        if !manifest.quality.section.entries.isEmpty { sections.append(manifest.quality.section) }
        let references = ReferencesSection(spread: manifest.spread, countScale: manifest.countScale)
        if let section = references.section { sections.append(section) }
        sections.append(filesSection)
        return "# A Likeness model package. The digests of the files are checked whenever it is loaded.\n"
            + sections.map(\.tomlText).joined() + (manifest.calibration?.tomlText ?? "")
    }

    private var filesSection: ManifestSection {
        ManifestSection(
            "files",
            entries: digests.sorted { $0.key < $1.key }.map {
                ManifestSection.Entry(key: $0.key, value: .string($0.value))
            })
    }
}
