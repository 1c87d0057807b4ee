import Crypto
import Foundation

/// Files that are there whole or not at all: written beside their place, brought to the disk, and then renamed.
public enum AtomicFile {
    /// Why a file cannot be written.
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        public let path: String
        public let reason: String

        public var description: String { "\(path): it cannot be written: \(reason)" }
    }

    /// Replaces the file, in one step, by these bytes.
    public static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        try write(to: path) { (file) throws(Failure) in try file.write(bytes) }
    }

    /// Replaces the file by what the closure writes. When this returns, a power cut leaves the new content.
    static func write(to path: String, _ content: (_ file: inout Writer) throws(Failure) -> Void) throws(Failure) {
        let partial = path + ".partial"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(path) }
        do throws(Failure) {
            defer { close(descriptor) }
            var writer = Writer(descriptor: descriptor, path: path)
            try content(&writer)
            guard fsync(descriptor) == 0 else { throw failure(path) }
        } catch {
            unlink(partial)
            throw error
        }
        guard rename(partial, path) == 0 else {
            let error = failure(path)
            unlink(partial)
            throw error
        }
        try synchronize(folder: (path as NSString).deletingLastPathComponent)
    }

    /// Brings a folder's names to the disk.
    static func synchronize(folder: String) throws(Failure) {
        let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(folder) }
    }

    private static func failure(_ path: String) -> Failure {
        Failure(path: path, reason: String(cString: strerror(errno)))
    }

    /// Writes to a file and sums up what it wrote.
    struct Writer {
        fileprivate let descriptor: Int32
        fileprivate let path: String
        private(set) var hash = SHA256()

        fileprivate init(descriptor: Int32, path: String) {
            self.descriptor = descriptor
            self.path = path
        }

        /// Writes the values as they are in memory.
        mutating func write<Value: BitwiseCopyable>(_ values: [Value]) throws(Failure) {
            guard values.withUnsafeBytes({ put($0) }) else { throw AtomicFile.failure(path) }
        }

        private mutating func put(_ bytes: UnsafeRawBufferPointer) -> Bool {
            hash.update(bufferPointer: bytes)
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if count == 0 || errno != EINTR {
                    return false
                }
            }
            return true
        }
    }
}
