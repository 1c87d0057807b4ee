// SPDX-License-Identifier: Apache-2.0

import Crypto
import Files
import Foundation

/// Files that are there whole or not at all: written beside their place, brought to the disk, and then renamed.
public enum AtomicFile {
    /// Why a file cannot be written.
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        public let path: String
        public let reason: String

        init(path: String, reason: String) {
            self.path = path
            self.reason = reason
        }

        fileprivate init(_ failure: FileFailure) {
            self.init(path: failure.path, reason: failure.reason)
        }

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
            try told { () throws(FileFailure) in try DurableFile.sync(descriptor, path: path) }
        } catch {
            unlink(partial)
            throw error
        }
        guard rename(partial, path) == 0 else {
            let error = failure(path)
            unlink(partial)
            throw error
        }
        try told { () throws(FileFailure) in try DurableFile.syncFolder(of: path) }
    }

    fileprivate static func told(_ work: () throws(FileFailure) -> Void) throws(Failure) {
        do throws(FileFailure) {
            try work()
        } catch {
            throw Failure(error)
        }
    }

    private static func failure(_ path: String) -> Failure {
        Failure(FileFailure(path: path, code: errno))
    }

    /// Writes to a file and sums up what it wrote.
    struct Writer {
        private let descriptor: Int32
        private let path: String
        private(set) var hash = SHA256()

        fileprivate init(descriptor: Int32, path: String) {
            self.descriptor = descriptor
            self.path = path
        }

        /// Writes the values as they are in memory.
        mutating func write<Value: BitwiseCopyable>(_ values: [Value]) throws(Failure) {
            values.withUnsafeBytes { hash.update(bufferPointer: $0) }
            try AtomicFile.told { () throws(FileFailure) in try DurableFile.write(values, to: descriptor, path: path) }
        }
    }
}
