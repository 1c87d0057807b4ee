import Biometrics
import Foundation

/// A folder of model packages, one folder each, of which one is the active one.
///
/// The choice stands in the file `active` as the package's digest; without it, the only package is active.
public struct ModelStore: Sendable, Hashable {
    public let folder: String
    static let activeFile = "active"

    public init(folder: String) {
        self.folder = folder
    }

    /// A package as its `model.toml` describes it, without its files.
    public struct Entry: Sendable, Hashable {
        public let path: String
        public let manifest: ModelManifest
        public let digest: ModelDigest
    }

    /// A folder in the store that is no usable package.
    public struct Problem: Sendable, Equatable {
        public let path: String
        public let error: ModelPackageError
    }

    /// The packages by name and version, and what else looks like one. Files are checked only on loading.
    public func contents() throws(ModelPackageError) -> (entries: [Entry], problems: [Problem]) {
        guard FileManager.default.fileExists(atPath: folder) else { return ([], []) }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw .unreadable(path: folder, reason: error.localizedDescription)
        }
        var entries: [Entry] = []
        var problems: [Problem] = []
        for name in names where !name.hasPrefix(".") {
            let path = folder + "/" + name
            guard PackageFiles.isFolder(path) else { continue }
            do throws(ModelPackageError) {
                let text = try ManifestText(
                    bytes: PackageFiles.read(path + "/" + PackageFileName.manifest, limit: ManifestText.maximumBytes))
                entries.append(Entry(path: path, manifest: text.manifest, digest: try text.digest()))
            } catch {
                problems.append(Problem(path: path, error: error))
            }
        }
        entries.sort { ($0.manifest.name, $0.manifest.version, $0.path) < ($1.manifest.name, $1.manifest.version, $1.path) }
        return (entries, problems)
    }

    /// The package that a name, or the beginning of a digest (at least 6 digits), means.
    public func entry(named name: String) throws(ModelPackageError) -> Entry {
        let entries = try contents().entries
        let found = entries.filter { entry in
            entry.manifest.name == name || (name.count >= 6 && entry.digest.hexadecimal.hasPrefix(name.lowercased()))
                || entry.manifest.folderName(digest: entry.digest) == name
        }
        guard let first = found.first else {
            let known = entries.map { "“\($0.manifest.name)” (\($0.digest.short))" }.joined(separator: ", ")
            throw .noSuchModel(name: name, reason: known.isEmpty ? "the folder “\(folder)” holds none" : "there are \(known)")
        }
        guard found.count == 1 else {
            throw .noSuchModel(
                name: name,
                reason: "that means several, name one by its digest: " + found.map(\.digest.short).joined(separator: ", "))
        }
        return first
    }

    /// The active package.
    public func activeEntry() throws(ModelPackageError) -> Entry {
        let entries = try contents().entries
        let path = folder + "/" + Self.activeFile
        if FileManager.default.fileExists(atPath: path) {
            let bytes = try PackageFiles.read(path, limit: 1024)
            let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard let entry = entries.first(where: { $0.digest.hexadecimal == text }) else {
                throw .noSuchModel(name: String(text.prefix(12)), reason: "it is chosen as the active one and not in “\(folder)”; choose another with “enroll model use”")
            }
            return entry
        }
        guard let only = entries.first else {
            throw .noSuchModel(name: "active", reason: "the folder “\(folder)” holds no model; make one with “enroll model import”")
        }
        guard entries.count == 1 else {
            throw .noSuchModel(name: "active", reason: "“\(folder)” holds several models and none is chosen; choose one with “enroll model use”")
        }
        return only
    }

    /// Loads the active package, checking every file.
    public func loadActive() throws(ModelPackageError) -> ModelPackage {
        try ModelPackage.load(from: try activeEntry().path)
    }

    /// Chooses the package that is active from the next start on.
    public func activate(_ digest: ModelDigest) throws(ModelPackageError) {
        try PackageFiles.write(Array((digest.hexadecimal + "\n").utf8), to: folder + "/" + Self.activeFile)
    }

    /// Adds a package in one step: it is there whole, or not at all. The first one becomes active.
    ///
    /// A package of the same digest that is there already takes over the manifest: calibration and limits.
    /// - Returns: the package's folder.
    @discardableResult
    public func install(_ package: ModelPackage) throws(ModelPackageError) -> String {
        let target = folder + "/" + package.folderName
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path: folder, reason: error.localizedDescription)
        }
        let hadNone = try contents().entries.isEmpty
        if PackageFiles.isFolder(target) {
            // Also mends a package whose files were damaged: what is right is written again.
            for (file, bytes) in package.files { try PackageFiles.write(bytes, to: target + "/" + file) }
            try package.writeManifest(inFolder: target)
        } else {
            let incoming = folder + "/.incoming-" + UUID().uuidString
            do throws(ModelPackageError) {
                try package.write(toFolder: incoming)
                try PackageFiles.rename(incoming, to: target)
            } catch {
                try? FileManager.default.removeItem(atPath: incoming)
                throw error
            }
        }
        if hadNone { try activate(package.digest) }
        return target
    }
}

extension ModelPackage {
    /// Writes the package's files into a folder, which is made if need be; the manifest last.
    public func write(toFolder path: String) throws(ModelPackageError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path: path, reason: error.localizedDescription)
        }
        for (file, bytes) in files { try PackageFiles.write(bytes, to: path + "/" + file) }
        try writeManifest(inFolder: path)
    }

    /// Replaces `model.toml` alone, in one step: what a new calibration changes.
    public func writeManifest(inFolder path: String) throws(ModelPackageError) {
        try PackageFiles.write(Array(text.tomlText.utf8), to: path + "/" + PackageFileName.manifest)
    }
}
