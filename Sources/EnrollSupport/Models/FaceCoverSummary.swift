// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Recognition
import Wording

/// A face-cover network, as `--json` prints it: `digest`, `name`, `version`, `purpose`, `path` (null outside a store),
/// `used`, whether a daemon that is told of none takes it (null outside a store), `licence`, `source`, `input`, `files`, and its limits, null where there is none.
public struct FaceCoverSummary: Sendable, Encodable {
    public let digest: String
    public let name: String
    public let version: String
    public let path: String?
    public let used: Bool?
    public let license: String
    public let source: String
    public let input: String
    public let file: String
    public let minimumEyesVisible: Double?
    public let minimumMouthAndNoseVisible: Double?

    private enum CodingKeys: String, CodingKey {
        case digest, name, version, purpose, path, used, license = "licence", source, input, files
        case minimumEyesVisible = "minimum_eyes_visible", minimumMouthAndNoseVisible = "minimum_mouth_and_nose_visible"
    }

    public init(_ entry: ModelStore.FaceCoverEntry, isUsed: Bool) {
        self.init(entry.manifest, digest: entry.digest.hexadecimal, path: entry.path, used: isUsed)
    }

    public init(_ package: FaceCoverPackage) {
        self.init(package.manifest, digest: package.digest.hexadecimal, path: nil, used: nil)
    }

    private init(_ manifest: FaceCoverManifest, digest: String, path: String?, used: Bool?) {
        self.digest = digest
        name = manifest.name
        version = manifest.version
        self.path = path
        self.used = used
        license = manifest.license
        source = manifest.source
        input = manifest.input.text
        file = manifest.file
        minimumEyesVisible = manifest.minimumEyesVisible
        minimumMouthAndNoseVisible = manifest.minimumMouthAndNoseVisible
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(digest, forKey: .digest)
        try container.encode(name, forKey: .name)
        try container.encode(version, forKey: .version)
        try container.encode("face-cover", forKey: .purpose)
        try container.encode(path, forKey: .path)
        try container.encode(used, forKey: .used)
        try container.encode(license, forKey: .license)
        try container.encode(source, forKey: .source)
        try container.encode(input, forKey: .input)
        try container.encode([file], forKey: .files)
        try container.encode(minimumEyesVisible, forKey: .minimumEyesVisible)
        try container.encode(minimumMouthAndNoseVisible, forKey: .minimumMouthAndNoseVisible)
    }

    /// What `enroll model show` prints.
    public var text: String {
        func limit(_ value: Double?) -> String { value.map { "at least \(NumberText.decimal($0))" } ?? "no limit" }
        var fields = [
            ("purpose", "measures whether a face is covered, beside every face model"),
            ("digest", digest),
        ]
        if let used {
            fields.append(("used", used ? "yes" : "no: several are there, and models.face_cover has to name one"))
        }
        if let path { fields.append(("folder", path)) }
        fields += [
            ("files", file),
            ("input", input),
            ("eyes_visible", limit(minimumEyesVisible)),
            ("mouth_and_nose_visible", limit(minimumMouthAndNoseVisible)),
            ("licence", license),
            ("source", source),
        ]
        return PrintableText.of("\(name) \(version)") + "\n" + FieldList.text(fields)
    }

    /// What an import prints.
    public var installedText: String {
        PrintableText.of(
            "\(name) \(version) (\(IdentityText.shortDigest(digest))) measures covered faces for every face model from the daemon's next reload on"
        ) + "\n"
    }

    /// The row of `enroll model list`.
    var row: [String] { [used == true ? "*" : "", name, version, "face cover", IdentityText.shortDigest(digest), ""] }
}
