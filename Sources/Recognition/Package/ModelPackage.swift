// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Crypto
import Files
import Foundation

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
        if PackageFiles.isFolder(folderOrTar) {
            return try load { file, limit throws(ModelPackageError) in
                let path = folderOrTar + "/" + file
                guard FileManager.default.fileExists(atPath: path) else { throw .missingFile(file: file) }
                return try PackageFiles.read(path, limit: limit, paths: paths)
            }
        }
        let archive = try PackageFiles.read(folderOrTar, limit: PackageFiles.maximumPackageBytes, paths: paths)
        let files: [String: [UInt8]]
        do {
            files = try TarArchive.files(in: archive)
        } catch {
            throw .invalidArchive(path: folderOrTar, reason: error.reason)
        }
        return try load { file, limit throws(ModelPackageError) in
            guard let bytes = files[file] else { throw .missingFile(file: file) }
            guard bytes.count <= limit else { throw .tooLarge(file: file, limit: limit) }
            return bytes
        }
    }

    private static func load(
        _ read: (_ file: String, _ limit: Int) throws(ModelPackageError) -> [UInt8]
    ) throws(ModelPackageError) -> ModelPackage {
        let text = try ManifestText(bytes: try read(PackageFileName.manifest, ManifestText.maximumBytes))
        var files: [String: [UInt8]] = [:]
        for (file, expected) in text.digests.sorted(by: { $0.key < $1.key }) {
            let bytes = try read(file, PackageFiles.maximumFileBytes)
            let found = SHA256.hash(data: bytes).hexadecimal
            guard found == expected else { throw .digestMismatch(file: file, expected: expected, found: found) }
            files[file] = bytes
        }
        return try ModelPackage(manifest: text.manifest, files: files)
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
    func folderName(digest: ModelDigest) -> String { name + "-" + digest.hexadecimal.prefix(32) }
}

extension ManifestText {
    init(bytes: [UInt8]) throws(ModelPackageError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .invalidSyntax(line: 0, reason: "it is not UTF-8 text")
        }
        try self.init(parsing: text)
    }

    /// The model's digest, by what the manifest says of the files.
    func digest() throws(ModelPackageError) -> ModelDigest {
        let hash = SHA256.hash(data: Array(determiningText.utf8))
        guard let digest = ModelDigest(bytes: Array(hash)) else {
            throw .contradiction(reason: "its digest has not 32 bytes")
        }
        return digest
    }
}

extension SHA256.Digest {
    /// 64 lower-case hexadecimal digits.
    var hexadecimal: String { ModelDigest(bytes: Array(self))?.hexadecimal ?? "" }
}
