// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// What the `model.toml` of a face-cover network states: everything that is not in the network itself.
///
/// The network takes the ``view`` of one upright face and answers with two numbers in 0…1: how surely the eyes are seen,
/// and how surely mouth and nose are.
public struct FaceCoverManifest: Sendable, Hashable {
    /// Both of the characters of a model's name and version.
    public let name: String
    public let version: String
    /// The terms it may be used under, and where it comes from.
    public let license: String
    public let source: String
    public let input: NetworkInput
    /// The ONNX file's name in the package; the network has one input and one output.
    public let file: String
    public let view: FaceCoverView
    /// What a decision needs: the ISO/IEC 29794-5 components “eyes visible” and “mouth occlusion prevention”, in 0…1. Nil
    /// measures and refuses nothing.
    public let minimumEyesVisible: Double?
    public let minimumMouthAndNoseVisible: Double?

    /// - Throws: ``ModelPackageError`` when a part is not as it has to be.
    public init(
        name: String, version: String, license: String, source: String, input: NetworkInput, file: String,
        view: FaceCoverView, minimumEyesVisible: Double?, minimumMouthAndNoseVisible: Double?
    ) throws(ModelPackageError) {
        self.name = name
        self.version = version
        self.license = license
        self.source = source
        self.input = input
        self.file = file
        self.view = view
        self.minimumEyesVisible = minimumEyesVisible
        self.minimumMouthAndNoseVisible = minimumMouthAndNoseVisible
        try ModelManifest.check(name: name, version: version, files: [file])
        guard input.width == input.height else {
            throw .contradiction(
                reason: "the part of a face is square, and the input is \(input.width)×\(input.height)")
        }
    }

    private static let limitKeys = ["minimum_eyes_visible", "minimum_mouth_and_nose_visible"]

    /// - Returns: the manifest, and the digests of its files by their names.
    /// - Throws: ``ModelPackageError`` that names the key and what was expected there.
    static func parsing(_ text: String) throws(ModelPackageError) -> (FaceCoverManifest, digests: [String: String]) {
        let top = try ManifestTable.parsing(text, atMost: ManifestText.maximumBytes)
        try top.requireKeys([
            "format", PackagePurpose.key, "name", "version", "licence", "source", "input", "network", "view", "quality",
            "files",
        ])
        _ = try top.integer("format", in: ManifestText.format...ManifestText.format)
        _ = try top.choice(PackagePurpose.key, of: PackagePurpose.self)
        let network = try top.table("network")
        try network.requireKeys(["file"])
        let view = try top.table("view")
        try view.requireKeys(["side", "centre"])
        let quality = try top.table("quality")
        try quality.requireKeys(Self.limitKeys)
        func limit(_ key: String) throws(ModelPackageError) -> Double? {
            quality.has(key) ? try quality.number(key, in: 0...1) : nil
        }
        let manifest = try FaceCoverManifest(
            name: top.string("name"), version: top.string("version"), license: top.string("licence"),
            source: top.string("source"), input: NetworkInput(top.table("input")), file: network.string("file"),
            view: FaceCoverView(
                side: view.number("side", in: 0.5...10), center: view.number("centre", in: -5...5)),
            minimumEyesVisible: limit(Self.limitKeys[0]), minimumMouthAndNoseVisible: limit(Self.limitKeys[1]))
        return (manifest, try ManifestText.digests(top.table("files"), of: [manifest.file]))
    }

    /// The text of `model.toml`.
    func tomlText(digests: [String: String]) -> String {
        let head = ManifestSection(
            "",
            [
                "format": .integer(ManifestText.format),
                PackagePurpose.key: .string(PackagePurpose.faceCover.rawValue),
                "name": .string(name), "version": .string(version),
                "licence": .string(license), "source": .string(source),
            ])
        let quality = ManifestSection(
            "quality",
            entries: zip(Self.limitKeys, [minimumEyesVisible, minimumMouthAndNoseVisible]).compactMap { key, value in
                value.map { ManifestSection.Entry(key: key, value: .number($0)) }
            })
        return
            "# A network that Likeness measures covered faces with. The digest of the file is checked whenever it is loaded.\n"
            + ([head] + determiningSections + [quality, Self.filesSection(digests)]).map(\.tomlText).joined()
    }

    /// What determines a measurement: what must be equal for two packages to measure alike.
    func determiningText(digests: [String: String]) -> String {
        let head = ManifestSection(
            "",
            [
                "format": .integer(ManifestText.format),
                PackagePurpose.key: .string(PackagePurpose.faceCover.rawValue),
            ])
        return ([head] + determiningSections + [Self.filesSection(digests)]).map(\.tomlText).joined()
    }

    private var determiningSections: [ManifestSection] {
        [
            input.section, ManifestSection("network", ["file": .string(file)]),
            ManifestSection("view", ["side": .number(view.side), "centre": .number(view.center)]),
        ]
    }

    private static func filesSection(_ digests: [String: String]) -> ManifestSection {
        ManifestSection(
            "files",
            entries: digests.sorted { $0.key < $1.key }.map {
                ManifestSection.Entry(key: $0.key, value: .string($0.value))
            })
    }
}
