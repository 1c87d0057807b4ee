// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Crypto
import Files
import Foundation

/// A network that tells whether a face is covered, with its manifest: whole and checked.
///
/// It is a package of its own, with terms of its own, and goes beside every face model: no embedding depends on it.
public struct FaceCoverPackage: Sendable {
    public let manifest: FaceCoverManifest
    /// Names what determines a measurement; other limits leave it as it is.
    public let digest: ModelDigest
    /// The network as ONNX.
    public let network: [UInt8]

    /// The most bytes that the network may have.
    static let maximumNetworkBytes = 16 << 20

    public init(manifest: FaceCoverManifest, network: [UInt8]) throws(ModelPackageError) {
        guard network.count <= Self.maximumNetworkBytes else {
            throw .tooLarge(file: manifest.file, limit: Self.maximumNetworkBytes)
        }
        self.manifest = manifest
        self.network = network
        digest = try Self.digest(
            manifest, digests: [manifest.file: SHA256.hash(data: network).hexadecimal])
    }

    static func digest(
        _ manifest: FaceCoverManifest, digests: [String: String]
    ) throws(ModelPackageError) -> ModelDigest {
        try ModelDigest.of(text: manifest.determiningText(digests: digests))
    }

    /// Reads a package from a folder, or from that folder as one uncompressed tar, and checks the file's SHA-256.
    ///
    /// - Parameter paths: who alone may be able to change the package; nil for anybody.
    /// - Returns: nil when the package is a model.
    public static func load(
        ifPresentIn folderOrTar: String, paths: TrustedPaths? = nil
    ) throws(ModelPackageError) -> FaceCoverPackage? {
        let reader = try PackageReader(folderOrTar, paths: paths)
        guard try PackagePurpose(of: reader.manifest) == .faceCover else { return nil }
        let (manifest, digests) = try FaceCoverManifest.parsing(reader.manifest)
        let files = try reader.files(digests, limit: maximumNetworkBytes)
        return try FaceCoverPackage(manifest: manifest, network: files[manifest.file] ?? [])
    }

    /// As ``load(ifPresentIn:paths:)`` does.
    ///
    /// - Throws: ``ModelPackageError/noFaceCover(path:)`` when the package is a model.
    public static func load(
        from folderOrTar: String, paths: TrustedPaths? = nil
    ) throws(ModelPackageError) -> FaceCoverPackage {
        guard let package = try load(ifPresentIn: folderOrTar, paths: paths) else {
            throw .noFaceCover(path: folderOrTar)
        }
        return package
    }

    /// The name of the package's folder.
    public var folderName: String { PackageFileName.folder(of: manifest.name, digest: digest) }

    private var manifestBytes: [UInt8] {
        Array(manifest.tomlText(digests: [manifest.file: SHA256.hash(data: network).hexadecimal]).utf8)
    }

    /// The package as one uncompressed tar.
    public func tarBytes() -> [UInt8] {
        TarArchive.archive(
            of: [manifest.file: network, PackageFileName.manifest: manifestBytes], folder: folderName)
    }

    /// Writes the package's files into a folder, which is made if need be; the manifest last.
    public func write(toFolder path: String) throws(ModelPackageError) {
        try PackageFiles.makeFolder(path)
        try PackageFiles.write(network, to: path + "/" + manifest.file)
        try PackageFiles.write(manifestBytes, to: path + "/" + PackageFileName.manifest)
    }
}
