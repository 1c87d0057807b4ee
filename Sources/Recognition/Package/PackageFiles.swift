// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import Wording

/// Reading and writing the files of packages, with the limits that hold for both forms.
enum PackageFiles {
    /// The most bytes of one file, and of a package in its tar form.
    static let maximumFileBytes = 512 << 20
    static let maximumPackageBytes = 1 << 30

    /// The bytes of a regular file, read no further than one byte beyond the limit.
    ///
    /// - Parameter paths: who alone may be able to change the file; nil for anybody.
    static func read(_ path: String, limit: Int, paths: TrustedPaths? = nil) throws(ModelPackageError) -> [UInt8] {
        if let paths {
            let bytes: [UInt8]
            do {
                bytes = try paths.read(path, atMost: limit)
            } catch {
                throw ModelPackageError(error, path: path)
            }
            guard bytes.count <= limit else {
                throw .tooLarge(file: (path as NSString).lastPathComponent, limit: limit)
            }
            return bytes
        }
        do {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw ModelPackageError.unreadable(path: path, reason: "it is no regular file")
            }
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            let data = try handle.read(upToCount: limit + 1) ?? Data()
            guard data.count <= limit else {
                throw ModelPackageError.tooLarge(file: (path as NSString).lastPathComponent, limit: limit)
            }
            return Array(data)
        } catch let error as ModelPackageError {
            throw error
        } catch {
            throw .unreadable(path: path, reason: SystemReason.of(error))
        }
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Makes a folder, with those that it lies in, unless it is there.
    static func makeFolder(_ path: String) throws(ModelPackageError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path: path, reason: SystemReason.of(error))
        }
    }

    /// Writes a file whose content is on the disk, whole, before it has its name.
    static func write(_ bytes: [UInt8], to path: String) throws(ModelPackageError) {
        let temporary = path + ".partial"
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: temporary))
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary))
            try handle.synchronize()
            try handle.close()
            try rename(temporary, to: path)
        } catch let error as ModelPackageError {
            throw error
        } catch {
            throw .unwritable(path: path, reason: SystemReason.of(error))
        }
    }

    /// rename(2): replaces a file in one step; a folder only where there is none or an empty one.
    static func rename(_ source: String, to target: String) throws(ModelPackageError) {
        guard Foundation.rename(source, target) == 0 else {
            throw .unwritable(path: target, reason: String(cString: strerror(errno)))
        }
    }
}
