// SPDX-License-Identifier: Apache-2.0

import StrictTOML

/// What a package is for that is no model: the key `purpose` of its `model.toml`, which a model has not.
enum PackagePurpose: String, CaseIterable {
    /// A network that tells whether a face is covered: ``FaceCoverPackage``.
    case faceCover = "face-cover"

    static let key = "purpose"
    /// The key that a model has, and nothing else.
    static let modelKey = "modality"

    /// Nil for a model.
    ///
    /// - Throws: ``ModelPackageError`` for what is no manifest, has a purpose that is not known, or is neither a model's
    ///   nor has a purpose.
    init?(of manifest: String) throws(ModelPackageError) {
        let top = try ManifestTable.parsing(manifest, atMost: ManifestText.maximumBytes)
        guard top.has(Self.key) else {
            guard top.has(Self.modelKey) else {
                throw .missingKey(
                    key: Self.modelKey,
                    expected: "what a model is for, such as “face”, or there should be the key “\(Self.key)”")
            }
            return nil
        }
        self = try top.choice(Self.key, of: Self.self)
    }

    /// Whether a manifest that is not understood, or is neither a model's nor has a purpose, may be that of a package with
    /// a purpose: unless it is plainly a model's.
    static func isPossible(in manifest: String) -> Bool {
        var isModel = false, isBeforeTables = true
        for line in manifest.split(whereSeparator: \.isNewline) {
            // A purpose that was made a comment says as much as one that is damaged.
            let text = line.filter { !$0.isWhitespace && !"#\"'".contains($0) }
            if text == "[view]" || text.hasPrefix(key + "=") || text.hasPrefix(key + ".") { return true }
            if line.first(where: { !$0.isWhitespace }) == "[" { isBeforeTables = false }
            if isBeforeTables, text.hasPrefix(modelKey + "=") { isModel = true }
        }
        return !isModel
    }
}
