// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Files that are to outlast a loss of power: for which both the content and the name must be brought to the disk,
/// fsync(2).
public enum DurableFile {
    /// Writes all of the values as they are in memory.
    ///
    /// - Parameter path: what the failure names.
    public static func write<Value: BitwiseCopyable>(
        _ values: [Value], to descriptor: Int32, path: String
    ) throws(FileFailure) {
        let code = values.withUnsafeBytes { bytes -> Int32? in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if count == 0 || errno != EINTR {
                    return count == 0 ? EIO : errno
                }
            }
            return nil
        }
        if let code { throw FileFailure(path: path, code: code) }
    }

    /// Waits until what was written through a descriptor is on the disk.
    public static func sync(_ descriptor: Int32, path: String) throws(FileFailure) {
        guard fsync(descriptor) == 0 else { throw FileFailure(path: path, code: errno) }
    }

    /// Waits until the content of a file is on the disk, no matter which process wrote it.
    public static func sync(_ path: String) throws(FileFailure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure(path: path, code: errno) }
        defer { close(descriptor) }
        try sync(descriptor, path: path)
    }

    /// Waits until a file's name is on the disk.
    public static func syncFolder(of path: String) throws(FileFailure) {
        let descriptor = open(FilePath.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            // One that this user may not list is left to the system.
            if errno == EACCES { return }
            throw FileFailure(path: path, code: errno)
        }
        defer { close(descriptor) }
        do {
            try sync(descriptor, path: path)
        } catch  where error.code == EINVAL || error.code == ENOTSUP {
            // Some file systems know no sync of a folder, and need none.
        }
    }
}
