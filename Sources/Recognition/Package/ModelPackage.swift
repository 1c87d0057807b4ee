// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Crypto
import Files

/// A model: its manifest and the files it names, whole and checked.
public struct ModelPackage: Sendable {
    public let manifest: ModelManifest
    /// Names what determines an embedding: the files and how images are prepared. Calibrating a model, or
    /// changing its quality limits, leaves it as it is.
    public let digest: ModelDigest
    /// The files by name, without `model.toml`.
    public let files: [String: [UInt8]]
    let text: ManifestText

    /// Makes a package of its parts.
    ///
    /// - Throws: ``ModelPackageError`` when a file that the manifest names is missing, or one is given that it
    ///   does not name.
    public init(manifest: ModelManifest, files: [String: [UInt8]]) throws(ModelPackageError) {
        for file in files.keys.sorted() where !manifest.files.contains(file) {
            throw .contradiction(reason: "the file “\(file)” is in the package and no key names it")
        }
        var digests: [String: String] = [:]
        for file in manifest.files {
            guard let bytes = files[file] else { throw .missingFile(file: file) }
            digests[file] = SHA256.hash(data: bytes).hexadecimal
        }
        self.manifest = manifest
        self.files = files
        text = ManifestText(manifest: manifest, digests: digests)
        digest = try text.digest()
    }

    /// Reads a package from a folder, or from that folder as one uncompressed tar, and checks every file's SHA-256.
    ///
    /// - Parameter paths: who alone may be able to change the package; nil for anybody.
    public static func load(
        from folderOrTar: String, paths: TrustedPaths? = nil
    ) throws(ModelPackageError) -> ModelPackage {
        let reader = try PackageReader(folderOrTar, paths: paths)
        let text = try ManifestText(parsing: reader.manifest)
        return try ModelPackage(manifest: text.manifest, files: try reader.files(text.digests))
    }

    /// The same model with another calibration, or without one; the digest stays.
    public func with(calibration: Calibration?) throws(ModelPackageError) -> ModelPackage {
        var manifest = manifest
        manifest.calibration = calibration
        return try ModelPackage(manifest: manifest, files: files)
    }

    /// The name of the package's folder: the model's name and the first half of its digest.
    public var folderName: String { manifest.folderName(digest: digest) }

    /// The package as one uncompressed tar.
    public func tarBytes() -> [UInt8] {
        var all = files
        all[PackageFileName.manifest] = Array(text.tomlText.utf8)
        return TarArchive.archive(of: all, folder: folderName)
    }
}

extension ModelManifest {
    func folderName(digest: ModelDigest) -> String { PackageFileName.folder(of: name, digest: digest) }
}

extension ManifestText {
    static func text(of bytes: [UInt8]) throws(ModelPackageError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .invalidSyntax(line: 0, reason: "it is not UTF-8 text")
        }
        return text
    }

    /// The model's digest, by what the manifest says of the files.
    func digest() throws(ModelPackageError) -> ModelDigest {
        try ModelDigest.of(text: determiningText)
    }
}

extension ModelDigest {
    static func of(text: String) throws(ModelPackageError) -> ModelDigest {
        guard let digest = ModelDigest(bytes: Array(SHA256.hash(data: Array(text.utf8)))) else {
            throw .contradiction(reason: "its digest has not 32 bytes")
        }
        return digest
    }
}

extension SHA256.Digest {
    /// 64 lower-case hexadecimal digits.
    var hexadecimal: String { ModelDigest(bytes: Array(self))?.hexadecimal ?? "" }
}
