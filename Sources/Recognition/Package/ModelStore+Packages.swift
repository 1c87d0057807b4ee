// SPDX-License-Identifier: Apache-2.0

import Foundation
import Wording

extension ModelStore {
    /// What a folder of the store is, before more of its manifest is read: nil for a model.
    struct Text {
        let purpose: PackagePurpose?
        let manifest: String
    }

    /// The packages of a store by their folders' names.
    struct Packages {
        /// Those with a manifest.
        var found: [(path: String, text: Text)] = []
        /// Those that cannot be read.
        var problems: [Problem] = []
        /// Those of ``problems`` of which nobody can say that they are no face-cover network.
        var possibleCovers: [Problem] = []

        fileprivate mutating func add(_ problem: Problem, mayBeCover: Bool) {
            problems.append(problem)
            if mayBeCover { possibleCovers.append(problem) }
        }
    }

    func packages() throws(ModelPackageError) -> Packages {
        var packages = Packages()
        guard FileManager.default.fileExists(atPath: folder) else { return packages }
        do {
            try paths?.checkFolder(folder)
        } catch {
            throw ModelPackageError(error, path: folder)
        }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw .unreadable(path: folder, reason: SystemReason.of(error))
        }
        // A file system of its own has its folder lost+found.
        for name in names where !name.hasPrefix(".") && name != "lost+found" && name != Self.activeFile {
            let path = folder + "/" + name
            guard PackageFiles.isFolder(path) else {
                if let reason = Self.whyNoFolder(path, name: name) {
                    packages.add(
                        Problem(path: path, error: .unreadable(path: path, reason: reason)),
                        mayBeCover: !name.hasSuffix(".tar"))
                }
                continue
            }
            let manifest: String
            do throws(ModelPackageError) {
                manifest = try ManifestText.text(
                    of: PackageFiles.read(
                        path + "/" + PackageFileName.manifest, limit: ManifestText.maximumBytes, paths: paths))
            } catch {
                packages.add(Problem(path: path, error: error), mayBeCover: Self.mayHoldPackage(path))
                continue
            }
            do throws(ModelPackageError) {
                let purpose = try PackagePurpose(of: manifest)
                packages.found.append((path: path, text: Text(purpose: purpose, manifest: manifest)))
            } catch {
                packages.add(
                    Problem(path: path, error: error), mayBeCover: PackagePurpose.isPossible(in: manifest))
            }
        }
        return packages
    }

    /// Why what stands where a package's folder would is none; nil for a file that nobody takes for a package.
    private static func whyNoFolder(_ path: String, name: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let reason = String(cString: strerror(errno))
            return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
                ? "it is a link to what cannot be reached (\(reason))" : reason
        }
        if name.hasSuffix(".tar") {
            return "it is a file, which nothing is read from here; import it with “enroll model import package”"
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return "it is neither a file nor a folder" }
        return isFolderName(name) ? "it is a file, and should be the package's folder" : nil
    }

    /// Whether a folder whose manifest cannot be read has anything of a package in it, or does not tell.
    private static func mayHoldPackage(_ path: String) -> Bool {
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: path) else { return true }
        return files.contains { $0 == PackageFileName.manifest || $0.hasSuffix(".onnx") }
    }

    /// Whether a name is that of a package's folder as ``install(_:)-(ModelPackage)`` makes it: digits of a digest at
    /// its end.
    private static func isFolderName(_ name: String) -> Bool {
        guard let dash = name.lastIndex(of: "-") else { return false }
        let digits = name[name.index(after: dash)...]
        return digits.count == PackageFileName.folderDigits && digits.allSatisfy { $0.isASCII && $0.isHexDigit }
    }
}
