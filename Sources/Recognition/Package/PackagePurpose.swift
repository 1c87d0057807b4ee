// SPDX-License-Identifier: Apache-2.0

import StrictTOML

/// What a package is for that is no model: the key `purpose` of its `model.toml`, which a model has not.
enum PackagePurpose: String, CaseIterable {
    /// A network that tells whether a face is covered: ``FaceCoverPackage``.
    case faceCover = "face-cover"

    static let key = "purpose"

    /// Nil for a model.
    ///
    /// - Throws: ``ModelPackageError`` for what is no manifest, or has a purpose that is not known.
    init?(of manifest: String) throws(ModelPackageError) {
        let top = try ManifestTable.parsing(manifest, atMost: ManifestText.maximumBytes)
        guard top.has(Self.key) else { return nil }
        self = try top.choice(Self.key, of: Self.self)
    }

    /// Whether a line of a manifest that is not understood begins as a purpose does: then it was none of a model.
    static func isMentioned(in manifest: String) -> Bool {
        manifest.split(whereSeparator: \.isNewline).contains { line in
            guard let sign = line.firstIndex(of: "=") else { return false }
            return String(line[..<sign].filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }) == Self.key
        }
    }
}
