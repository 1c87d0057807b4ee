// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Files
import Foundation
import Wording

/// A folder of model packages, one folder each, of which one of each modality is the active one.
///
/// The choices stand in the file `active`, one package's digest a line; where none is of a modality, its only package
/// is active.
public struct ModelStore: Sendable, Hashable {
    public let folder: String
    /// Who alone may be able to change what is in the folder; nil for anybody.
    public let paths: TrustedPaths?
    static let activeFile = "active"

    /// - Parameter paths: a daemon's: a package that others could change is a problem then, and so is such a folder.
    public init(folder: String, paths: TrustedPaths? = nil) {
        self.folder = folder
        self.paths = paths
    }

    /// A package as its `model.toml` describes it, without its files.
    public struct Entry: Sendable, Hashable {
        public let path: String
        public let manifest: ModelManifest
        public let digest: ModelDigest

        /// Whether a name, its folder's name or a digest's beginning means it.
        func isNamed(_ name: String) -> Bool {
            manifest.name == name || digest.isMeant(by: name) || manifest.folderName(digest: digest) == name
        }
    }

    /// A folder in the store that is no usable package.
    public struct Problem: Sendable, Equatable {
        public let path: String
        public let error: ModelPackageError

        /// Whether a name or a digest's beginning means it, by the name of its folder, which is all that is known of
        /// it.
        func isNamed(_ name: String) -> Bool {
            let folder = (path as NSString).lastPathComponent
            guard let dash = folder.lastIndex(of: "-") else { return folder == name }
            let half = name.lowercased().prefix(32)
            return folder == name || folder[..<dash] == name
                || (half.count >= 6 && folder[folder.index(after: dash)...].hasPrefix(half))
        }
    }

    /// The models by name and version, and what else looks like one. Files are checked only on loading.
    public func contents() throws(ModelPackageError) -> (entries: [Entry], problems: [Problem]) {
        let packages = try packages()
        var entries: [Entry] = []
        var problems = packages.problems
        for (path, text) in packages.found where text.purpose == nil {
            do throws(ModelPackageError) {
                let text = try ManifestText(parsing: text.manifest)
                entries.append(Entry(path: path, manifest: text.manifest, digest: try text.digest()))
            } catch {
                problems.append(Problem(path: path, error: error))
            }
        }
        problems.sort { $0.path < $1.path }
        entries.sort {
            ($0.manifest.name, $0.manifest.version, $0.path) < ($1.manifest.name, $1.manifest.version, $1.path)
        }
        return (entries, problems)
    }

    /// The package that a name, or the beginning of a digest (at least 6 digits), means.
    public func entry(named name: String) throws(ModelPackageError) -> Entry {
        let (entries, problems) = try contents()
        let found = entries.filter { $0.isNamed(name) }
        // One model in several folders is one model; a calibration tells which of them was meant to be used.
        if Set(found.map(\.digest)).count == 1,
            let usable = found.first(where: { $0.manifest.calibration != nil }) ?? found.first
        {
            return usable
        }
        guard let first = found.first else {
            if let problem = problems.first(where: { $0.isNamed(name) }) {
                throw .inPackage(path: problem.path, problem.error)
            }
            if let cover = try faceCoverEntry(named: name) { throw .faceCover(name: cover.manifest.name) }
            let known = entries.map { "“\($0.manifest.name)” (\($0.digest.short))" }.joined(separator: ", ")
            throw .noSuchModel(
                name: name, reason: known.isEmpty ? "the folder “\(folder)” holds none" : "there are \(known)")
        }
        guard found.count == 1 else {
            throw .noSuchModel(
                name: name,
                reason: "that means several, name one by its digest: "
                    + found.map(\.digest.short).joined(separator: ", "))
        }
        return first
    }

    /// The active packages, face before signature before glyph; one at least.
    public func activeEntries() throws(ModelPackageError) -> [Entry] {
        let (entries, problems) = try contents()
        guard !entries.isEmpty else {
            if let problem = problems.first { throw .inPackage(path: problem.path, problem.error) }
            throw .noActiveModel(
                reason: "the folder “\(folder)” holds no model; make one with “enroll model import”")
        }
        for digest in try chosen() where !entries.contains(where: { $0.digest.hexadecimal == digest }) {
            if let problem = problems.first(where: { $0.isNamed(digest) }) {
                throw .inPackage(path: problem.path, problem.error)
            }
            throw .noSuchModel(
                name: String(digest.prefix(12)),
                reason: "it is chosen as the active one and not in “\(folder)”; choose another with “enroll model use”")
        }
        var active: [Entry] = []
        for modality in Modality.allCases {
            guard entries.contains(where: { $0.manifest.modality == modality }) else { continue }
            active.append(try activeEntry(of: modality))
        }
        return active
    }

    /// The active package of one modality.
    public func activeEntry(of modality: Modality) throws(ModelPackageError) -> Entry {
        let entries = try contents().entries.filter { $0.manifest.modality == modality }
        let chosen = try chosen()
        if let entry = entries.first(where: { chosen.contains($0.digest.hexadecimal) }) { return entry }
        let kind = "of the modality “\(modality.rawValue)”"
        guard let only = entries.first else {
            throw .noActiveModel(
                reason: "the folder “\(folder)” holds no model \(kind); make one with “enroll model import”")
        }
        guard Set(entries.map(\.digest)).count == 1 else {
            throw .noActiveModel(
                reason:
                    "“\(folder)” holds several models \(kind) and none is chosen; choose one with “enroll model use”")
        }
        return only
    }

    /// Whether a package is one of the active ones; none is where a choice cannot be followed.
    public func isActive(_ entry: Entry) -> Bool {
        ((try? activeEntries()) ?? []).contains { $0.path == entry.path }
    }

    /// The digests in the file of choices.
    private func chosen() throws(ModelPackageError) -> [String] {
        let path = folder + "/" + Self.activeFile
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let text = String(decoding: try PackageFiles.read(path, limit: 1024, paths: paths), as: UTF8.self)
        return text.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// Chooses a package of the store: it is the active one of its modality from the next reload on.
    public func activate(_ digest: ModelDigest) throws(ModelPackageError) {
        let entries = try contents().entries
        guard let entry = entries.first(where: { $0.digest == digest }) else {
            throw .noSuchModel(name: digest.short, reason: "it is not in “\(folder)”")
        }
        let chosen = try chosen()
        try choose(
            entries.filter { other in
                other.manifest.modality == entry.manifest.modality
                    ? other.digest == digest : chosen.contains(other.digest.hexadecimal)
            })
    }

    /// Makes these the choices; without any there is no file.
    private func choose(_ entries: [Entry]) throws(ModelPackageError) {
        let path = folder + "/" + Self.activeFile
        guard entries.isEmpty else {
            return try PackageFiles.write(Array(entries.map { $0.digest.hexadecimal + "\n" }.joined().utf8), to: path)
        }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw .unwritable(path: path, reason: SystemReason.of(error))
        }
    }

    /// Takes a package that is removed out of the choices, unless it is in another folder as well.
    func forget(_ digest: ModelDigest) throws(ModelPackageError) {
        let chosen = try chosen()
        guard chosen.contains(digest.hexadecimal) else { return }
        try choose(try contents().entries.filter { chosen.contains($0.digest.hexadecimal) })
    }

    /// Adds a package in one step: it is there whole, or not at all. The first one of its modality becomes active, and
    /// what is active stays so, also where nothing but its being alone made it so.
    ///
    /// A package of the same digest that is there already takes over the manifest: calibration and limits. Under
    /// another name it is refused, since a gallery knows its models by their digests and could not tell the two apart.
    /// - Returns: the package's folder.
    /// - Throws: ``ModelPackageError/sameModel(name:present:)`` before anything is stored.
    @discardableResult
    public func install(_ package: ModelPackage) throws(ModelPackageError) -> String {
        let same = try contents().entries.filter { $0.digest == package.digest }
        let own = same.first { $0.manifest.name == package.manifest.name }
        if own == nil, let other = same.first {
            throw .sameModel(name: package.manifest.name, present: other.manifest.name)
        }
        let target = own?.path ?? folder + "/" + package.folderName
        try PackageFiles.makeFolder(folder)
        let modality = package.manifest.modality
        let hadNone = try !contents().entries.contains { $0.manifest.modality == modality }
        // None where a choice cannot be followed, which is left as it is.
        let active = try? activeEntries().first { $0.manifest.modality == modality }
        if let active, active.digest != package.digest, try !chosen().contains(active.digest.hexadecimal) {
            try activate(active.digest)
        }
        if PackageFiles.isFolder(target) {
            // Also mends a package whose files were damaged: what is right is written again.
            for (file, bytes) in package.files { try PackageFiles.write(bytes, to: target + "/" + file) }
            try package.writeManifest(inFolder: target)
        } else {
            try addFolder(target) { incoming throws(ModelPackageError) in try package.write(toFolder: incoming) }
        }
        if hadNone { try activate(package.digest) }
        return target
    }

    /// Makes a folder of the store in one step: it is there whole, or not at all.
    ///
    /// - Parameter write: makes the folder that it is given.
    func addFolder(
        _ path: String, write: (_ incoming: String) throws(ModelPackageError) -> Void
    ) throws(ModelPackageError) {
        let incoming = folder + "/.incoming-" + UUID().uuidString
        do throws(ModelPackageError) {
            try write(incoming)
            try PackageFiles.rename(incoming, to: path)
        } catch {
            try? FileManager.default.removeItem(atPath: incoming)
            throw error
        }
    }
}

extension ModelDigest {
    /// Whether a text is its beginning, of at least 6 digits.
    func isMeant(by text: String) -> Bool { text.count >= 6 && hexadecimal.hasPrefix(text.lowercased()) }
}

extension ModelPackage {
    /// Writes the package's files into a folder, which is made if need be; the manifest last.
    public func write(toFolder path: String) throws(ModelPackageError) {
        try PackageFiles.makeFolder(path)
        for (file, bytes) in files { try PackageFiles.write(bytes, to: path + "/" + file) }
        try writeManifest(inFolder: path)
    }

    /// Replaces `model.toml` alone, in one step: what a new calibration changes.
    public func writeManifest(inFolder path: String) throws(ModelPackageError) {
        try PackageFiles.write(Array(text.tomlText.utf8), to: path + "/" + PackageFileName.manifest)
    }
}
