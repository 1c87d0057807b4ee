// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

/// Which face-cover network is used beside the face models of a store.
public enum FaceCoverChoice: Sendable, Hashable {
    /// The one that is in the store, where there is one.
    case present
    /// None: nothing is measured.
    case none
    /// One by its name, its folder's name, or the beginning of its digest.
    case named(String)

    /// The word that stands for ``none``.
    public static let noneText = "none"

    /// - Parameter text: a name, `none`, or nothing for the one that is there.
    public init(_ text: String) {
        self = text.isEmpty ? .present : text == Self.noneText ? .none : .named(text)
    }
}

extension ModelStore {
    /// A face-cover network as its `model.toml` describes it, without its file.
    public struct FaceCoverEntry: Sendable, Hashable {
        public let path: String
        public let manifest: FaceCoverManifest
        public let digest: ModelDigest

        /// Whether a name, its folder's name or a digest's beginning means it.
        fileprivate func isNamed(_ name: String) -> Bool {
            manifest.name == name || digest.isMeant(by: name) || (path as NSString).lastPathComponent == name
        }
    }

    /// The face-cover networks by name and version, and what else looks like one.
    public func faceCovers() throws(ModelPackageError) -> (entries: [FaceCoverEntry], problems: [Problem]) {
        Self.faceCovers(in: try packages())
    }

    private static func faceCovers(in packages: Packages) -> (entries: [FaceCoverEntry], problems: [Problem]) {
        var entries: [FaceCoverEntry] = []
        var problems: [Problem] = []
        for (path, text) in packages.found where text.purpose == .faceCover {
            do throws(ModelPackageError) {
                let (manifest, digests) = try FaceCoverManifest.parsing(text.manifest)
                let digest = try FaceCoverPackage.digest(manifest, digests: digests)
                entries.append(FaceCoverEntry(path: path, manifest: manifest, digest: digest))
            } catch {
                problems.append(Problem(path: path, error: error))
            }
        }
        entries.sort {
            ($0.manifest.name, $0.manifest.version, $0.path) < ($1.manifest.name, $1.manifest.version, $1.path)
        }
        return (entries, problems)
    }

    /// The face-cover network that a name, or the beginning of a digest (at least 6 digits), means; nil where none is
    /// meant.
    ///
    /// - Throws: ``ModelPackageError/noSuchModel(name:reason:)`` when several are.
    public func faceCoverEntry(named name: String) throws(ModelPackageError) -> FaceCoverEntry? {
        try Self.faceCoverEntry(named: name, of: faceCovers().entries)
    }

    private static func faceCoverEntry(
        named name: String, of entries: [FaceCoverEntry]
    ) throws(ModelPackageError) -> FaceCoverEntry? {
        let found = entries.filter { $0.isNamed(name) }
        guard !areCopies(found) else { return found.first }
        throw .noSuchModel(
            name: name, reason: "that means several face-cover networks: \(told(found)); name one by its folder's name")
    }

    /// Whether packages are one: the same network with the same limits, whatever the folders are called.
    private static func areCopies(_ entries: [FaceCoverEntry]) -> Bool {
        entries.allSatisfy { $0.digest == entries[0].digest && $0.manifest == entries[0].manifest }
    }

    /// What tells packages apart that may be of one name: where they lie.
    private static func told(_ entries: [FaceCoverEntry]) -> String {
        entries.map { "“\($0.manifest.name)” \($0.manifest.version) (\(($0.path as NSString).lastPathComponent))" }
            .joined(separator: ", ")
    }

    /// As ``faceCoverEntry(named:)``, where a model may be meant too; nil where it is.
    ///
    /// - Throws: ``ModelPackageError/noSuchModel(name:reason:)`` when a model and a face-cover network are meant.
    public func faceCoverEntry(amongAll name: String) throws(ModelPackageError) -> FaceCoverEntry? {
        guard let cover = try faceCoverEntry(named: name) else { return nil }
        let models = try contents().entries.filter { $0.isNamed(name) }
        guard let model = models.first else { return cover }
        throw .noSuchModel(
            name: name,
            reason:
                "that means a model (\(model.digest.short)) and a face-cover network (\(cover.digest.short)); name one by its digest"
        )
    }

    /// The entry that a choice means.
    ///
    /// - Returns: nil where none is to be used, or the one that is there is chosen and there is none.
    /// - Throws: ``ModelPackageError`` where a choice cannot be followed. A package that cannot be read is no reason to
    ///   measure nothing: where no face-cover network is there that can, one that may be it is a failure too.
    public func faceCoverEntry(_ choice: FaceCoverChoice) throws(ModelPackageError) -> FaceCoverEntry? {
        switch choice {
        case .none:
            return nil
        case .named(let name):
            let packages = try packages(), (entries, problems) = Self.faceCovers(in: packages)
            if let entry = try Self.faceCoverEntry(named: name, of: entries) { return entry }
            if let problem = (problems + packages.problems).first(where: { $0.isNamed(name) }) {
                throw .inPackage(path: problem.path, problem.error)
            }
            throw .noSuchModel(
                name: name,
                reason: "the folder “\(folder)” holds "
                    + (entries.isEmpty ? "no face-cover network" : "the face-cover networks \(Self.told(entries))"))
        case .present:
            let packages = try packages(), (entries, problems) = Self.faceCovers(in: packages)
            if let problem = problems.first { throw .inPossibleFaceCover(path: problem.path, problem.error) }
            if entries.isEmpty, let problem = packages.possibleCovers.first {
                throw .inPossibleFaceCover(path: problem.path, problem.error)
            }
            guard Self.areCopies(entries) else { throw .severalFaceCovers(folder: folder, found: Self.told(entries)) }
            return entries.first
        }
    }

    /// The face-cover network that a choice means, with its file; nil where none is to be used.
    public func faceCover(_ choice: FaceCoverChoice) throws(ModelPackageError) -> FaceCoverPackage? {
        guard let entry = try faceCoverEntry(choice) else { return nil }
        return try FaceCoverPackage.load(from: entry.path, paths: paths)
    }

    /// Adds a face-cover network in one step. It takes the place of others of its name: nothing that is stored depends
    /// on them.
    ///
    /// - Returns: the package's folder.
    /// - Throws: ``ModelPackageError/otherFaceCover(name:present:)`` before anything is stored.
    @discardableResult
    public func install(_ package: FaceCoverPackage) throws(ModelPackageError) -> String {
        let present = try faceCovers().entries
        if let other = present.first(where: { $0.manifest.name != package.manifest.name }) {
            throw .otherFaceCover(name: package.manifest.name, present: other.manifest.name)
        }
        let others = present.filter { $0.digest != package.digest }
        try PackageFiles.makeFolder(folder)
        let target = folder + "/" + package.folderName
        if PackageFiles.isFolder(target) {
            try package.write(toFolder: target)
        } else {
            try addFolder(target) { incoming throws(ModelPackageError) in try package.write(toFolder: incoming) }
        }
        for entry in others { try remove(entry) }
        return target
    }

    /// Removes a face-cover network in one step.
    public func remove(_ entry: FaceCoverEntry) throws(ModelPackageError) {
        try removeFolder(entry.path) {}
    }
}
