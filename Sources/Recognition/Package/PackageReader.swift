// SPDX-License-Identifier: Apache-2.0

import Crypto
import Files
import Foundation

/// Reads what is in a package: a folder, or that folder as one uncompressed tar.
struct PackageReader {
    /// The text of `model.toml`.
    let manifest: String
    private let content: Content

    private enum Content {
        case folder(String, TrustedPaths?)
        case archive([String: [UInt8]])
    }

    /// - Parameter paths: who alone may be able to change the package; nil for anybody.
    init(_ folderOrTar: String, paths: TrustedPaths? = nil) throws(ModelPackageError) {
        if PackageFiles.isFolder(folderOrTar) {
            content = .folder(folderOrTar, paths)
        } else {
            let archive = try PackageFiles.read(folderOrTar, limit: PackageFiles.maximumPackageBytes, paths: paths)
            do {
                content = .archive(try TarArchive.files(in: archive))
            } catch {
                throw .invalidArchive(path: folderOrTar, reason: error.reason)
            }
        }
        let bytes = try Self.read(PackageFileName.manifest, of: content, limit: ManifestText.maximumBytes)
        manifest = try ManifestText.text(of: bytes)
    }

    private static func read(
        _ file: String, of content: Content, limit: Int
    ) throws(ModelPackageError) -> [UInt8] {
        switch content {
        case .folder(let folder, let paths):
            let path = folder + "/" + file
            guard FileManager.default.fileExists(atPath: path) else { throw .missingFile(file: file) }
            return try PackageFiles.read(path, limit: limit, paths: paths)
        case .archive(let files):
            guard let bytes = files[file] else { throw .missingFile(file: file) }
            guard bytes.count <= limit else { throw .tooLarge(file: file, limit: limit) }
            return bytes
        }
    }

    /// The files that a manifest names, each checked against its digest.
    ///
    /// - Parameter digests: SHA-256 in lower-case hexadecimal digits, by file name.
    func files(
        _ digests: [String: String], limit: Int = PackageFiles.maximumFileBytes
    ) throws(ModelPackageError)
        -> [String: [UInt8]]
    {
        var files: [String: [UInt8]] = [:]
        for (file, expected) in digests.sorted(by: { $0.key < $1.key }) {
            let bytes = try Self.read(file, of: content, limit: limit)
            let found = SHA256.hash(data: bytes).hexadecimal
            guard found == expected else { throw .digestMismatch(file: file, expected: expected, found: found) }
            files[file] = bytes
        }
        return files
    }
}
