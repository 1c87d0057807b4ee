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

    /// Whether a manifest that is not understood may be that of a package with a purpose: unless it is plainly a
    /// model's.
    static func isPossible(in manifest: String) -> Bool {
        let keys = mentionedKeys(in: manifest)
        return keys.contains(key) || !keys.contains(modelKey)
    }

    /// What stands before an equals sign in the lines before the first table.
    private static func mentionedKeys(in manifest: String) -> Set<String> {
        var keys: Set<String> = []
        for line in manifest.split(whereSeparator: \.isNewline) {
            guard line.first(where: { !$0.isWhitespace }) != "[" else { break }
            guard let sign = line.firstIndex(of: "=") else { continue }
            keys.insert(line[..<sign].filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" })
        }
        return keys
    }
}
